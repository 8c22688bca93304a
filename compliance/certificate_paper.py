"""The engraved paper of a certificate: border, medallion and watermark, as PDF drawing operators.

Everything comes from the society's register number and colour, so each society has its own paper, always the same.
It is put under WeasyPrint's page as one artifact, which screen readers pass by: an SVG of the same lines would be
parsed anew for every certificate. Lengths are millimetres from the top left corner of A4 lying on its side; operators
are those of PDF 1.7 (ISO 32000-1, 8.5).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from math import cos, pi, radians, sin

from common.rosette import Line, lines_of

WIDTH, HEIGHT = 297.0, 210.0
MM = 72 / 25.4
ROUND = 0.5523  # of a radius: the handle of a quarter circle as one curve

# Of each accent a society may choose: its colour, a deeper one, a tint for paper. The same as in toadlane.css.
ACCENTS = {
    "tide": ("#0b5563", "#083f4a", "#eaf3f4"),
    "plum": ("#6b2a5b", "#4c1c40", "#f7eef4"),
    "fern": ("#1b6335", "#124726", "#edf6ef"),
    "slate": ("#2f4858", "#203340", "#eef2f4"),
    "brick": ("#8f2f1c", "#692012", "#fbf0ed"),
    "indigo": ("#3b3a8c", "#2a2967", "#f0f0f9"),
    "bronze": ("#6a4a0b", "#4d3506", "#f7f2e6"),
    "ink": ("#10222e", "#10222e", "#eef2f4"),
}
MARIGOLD = "#d99a12"  # the marigold of the screen, a shade deeper so that a fine line shows on paper
EDGE, BAND_NEAR, BAND_FAR, CORNER = 6.5, 9.0, 18.0, 19.0
MEDALLION = (WIDTH / 2, 23.5, 17.0)  # x, y, radius
PLATES = ((55.0, 34.0), (WIDTH - 55.0, 34.0))  # middles of the plates for number and shares
PLATE = (52.0, 19.0)
WATERMARK = (WIDTH / 2, 101.0, 60.0)


@dataclass
class Paper:
    """A page being engraved: its operators, and the shapes that are drawn more than once, each kept once."""

    ops: list[str] = field(default_factory=list)
    shapes: dict[str, str] = field(default_factory=dict)

    def add(self, *operators: str) -> None:
        self.ops.extend(operators)

    def shape(self, name: str, path: str) -> None:
        self.shapes[name] = path

    def stamp(self, name: str, *, at: tuple[float, float], scale=(1.0, 1.0), turn: float = 0.0) -> None:
        """Draw a kept shape at a place, scaled, turned by degrees."""
        c, s = cos(radians(turn)), sin(radians(turn))
        matrix = (c * scale[0], s * scale[0], -s * scale[1], c * scale[1], *at)
        self.add(f"q {' '.join(_short(number, 5) for number in matrix)} cm /{name} Do Q")

    def pen(self, colour: str, width: float) -> None:
        """Stroke colour, and width in the units of what is drawn next."""
        self.add(f"{_rgb(colour)} RG {_short(width, 3)} w")

    def ink(self, colour: str) -> None:
        self.add(f"{_rgb(colour)} rg")

    def frame(self, inset: float) -> None:
        """A rule round the page, `inset` from its edges."""
        self.add(_rectangle(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset), "S")


def _short(number: float, places: int) -> str:
    text = f"{number:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _rgb(colour: str) -> str:
    return " ".join(_short(int(colour[at : at + 2], 16) / 255, 3) for at in (1, 3, 5))


def paler(colour: str, part: float) -> str:
    """The colour thinned with white: `part` of it is left, from 0 to 1."""
    mixed = (255 - (255 - int(colour[at : at + 2], 16)) * part for at in (1, 3, 5))
    return "#" + "".join(f"{round(value):02x}" for value in mixed)


def _rectangle(x: float, y: float, width: float, height: float) -> str:
    return " ".join(_short(number, 2) for number in (x, y, width, height)) + " re"


def _curve(points) -> str:
    return " ".join(_short(number, 2) for point in points for number in point) + " c"


def _circle(x: float, y: float, radius: float) -> str:
    k = radius * ROUND
    parts = [f"{_short(x + radius, 2)} {_short(y, 2)} m"]
    around = [(radius, 0, 0, radius), (0, radius, -radius, 0), (-radius, 0, 0, -radius), (0, -radius, radius, 0)]
    for ax, ay, bx, by in around:
        one = (x + ax + (bx and k * bx / radius), y + ay + (by and k * by / radius))
        two = (x + bx + (ax and k * ax / radius), y + by + (ay and k * ay / radius))
        parts.append(_curve([one, two, (x + bx, y + by)]))
    return " ".join(parts) + " h"


def _ticket(x: float, y: float, width: float, height: float, bite: float) -> str:
    """A plate with its four corners bitten out in quarter circles; x, y is its middle."""
    left, right, top, foot = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    k = bite * (1 - ROUND)
    return " ".join(
        [
            f"{_short(left + bite, 2)} {_short(top, 2)} m {_short(right - bite, 2)} {_short(top, 2)} l",
            _curve([(right - bite, top + bite - k), (right - bite + k, top + bite), (right, top + bite)]),
            f"{_short(right, 2)} {_short(foot - bite, 2)} l",
            _curve([(right - bite + k, foot - bite), (right - bite, foot - bite + k), (right - bite, foot)]),
            f"{_short(left + bite, 2)} {_short(foot, 2)} l",
            _curve([(left + bite, foot - bite + k), (left + bite - k, foot - bite), (left, foot - bite)]),
            f"{_short(left, 2)} {_short(top + bite, 2)} l",
            _curve([(left + bite - k, top + bite), (left + bite, top + bite - k), (left + bite, top)]),
            "h",
        ]
    )


def _closed(line: Line) -> str:
    """A line of a rosette, in its own units (about 500 to a radius), as smooth cubic curves."""
    steps = line.lobes * (4 if line.lobes < 20 * line.turns else 3)
    stride = 2 * pi * line.turns / steps
    x, y, vx, vy = line.at(0)
    parts = [f"{x:.0f} {y:.0f} m"]
    for step in range(1, steps + 1):
        nx, ny, nvx, nvy = line.at(step * stride)
        h = stride / 3
        curve = (x + vx * h, y + vy * h, nx - nvx * h, ny - nvy * h, nx, ny)
        parts.append(" ".join(f"{number:.0f}" for number in curve) + " c")
        x, y, vx, vy = nx, ny, nvx, nvy
    return " ".join(parts) + " s"


def _rosette(paper: Paper, name: str, lines: list[Line]) -> list[tuple[str, Line]]:
    kept = [(f"{name}{place}", line) for place, line in enumerate(lines)]
    for shape, line in kept:
        paper.shape(shape, _closed(line))
    return kept


def _stamp_rosette(paper: Paper, kept, *, at, radius: float, colour: str, width: float) -> None:
    """A rosette at a place; `radius` and `width` in millimetres."""
    scale = radius / 500
    paper.pen(colour, width / scale)
    for shape, line in kept:
        for copy in range(line.copies):
            paper.stamp(shape, at=at, scale=(scale, scale), turn=360 / line.lobes / line.copies * copy)


def _wave(length: float, height, phase: float, waves: int, steps: int) -> str:
    """One line of the border over one bead: y = height(x) · sin(…), as smooth curves."""

    def at(x):
        return height(x) * sin(2 * pi * waves * x / length + phase)

    def slope(x, d=1e-4):
        return (at(x + d) - at(x - d)) / (2 * d)

    stride = length / steps
    parts = [f"0 {_short(at(0), 3)} m"]
    for step in range(steps):
        x, nx = step * stride, (step + 1) * stride
        one, two = (x + stride / 3, at(x) + slope(x) * stride / 3), (nx - stride / 3, at(nx) - slope(nx) * stride / 3)
        parts.append(" ".join(_short(number, 3) for point in (one, two, (nx, at(nx))) for number in point) + " c")
    return " ".join(parts) + " S"


def _bead(paper: Paper, length: float) -> None:
    """One period of the border, 9 mm high: a rope of eight strands that swells and thins, and a fine one inside."""
    outer = [_wave(length, lambda x: 3.0 + 1.1 * cos(2 * pi * x / length), k * pi / 6, 1, 8) for k in range(12)]
    inner = [_wave(length, lambda x: 1.5 - 0.8 * cos(2 * pi * x / length), k * pi / 3, 3, 12) for k in range(6)]
    paper.shape("bead", " ".join(outer))
    paper.shape("thread", " ".join(inner))


def _band(paper: Paper, *, at, length: float, turn: float, accent: str, deep: str) -> None:
    """A side of the border, from `at` along `turn`."""
    beads = round(length / 13)
    size = length / beads
    c, s = cos(radians(turn)), sin(radians(turn))
    for shape, colour, width in (("bead", accent, 0.16), ("thread", deep, 0.14)):
        paper.pen(colour, width)
        for bead in range(beads):
            paper.stamp(shape, at=(at[0] + c * bead * size, at[1] + s * bead * size), scale=(size / 13, 1), turn=turn)


def _border(paper: Paper, number: str, accent: str, deep: str, tint: str) -> None:
    middle = (BAND_NEAR + BAND_FAR) / 2
    paper.ink(tint)
    paper.add(_rectangle(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE))
    far = BAND_FAR + 0.6
    paper.add(_rectangle(far, far, WIDTH - 2 * far, HEIGHT - 2 * far), "f*")
    _bead(paper, 13)
    along, down = WIDTH - 2 * (EDGE + CORNER) + 8, HEIGHT - 2 * (EDGE + CORNER) + 8
    start = EDGE + CORNER - 4
    for x, y, length, turn in [
        (start, middle, along, 0),
        (WIDTH - middle, start, down, 90),
        (start, HEIGHT - middle, along, 0),
        (middle, start, down, 90),
    ]:
        _band(paper, at=(x, y), length=length, turn=turn, accent=accent, deep=deep)
    for inset, width, colour in [
        (EDGE, 1.1, deep),
        (EDGE + 1.25, 0.25, deep),
        (BAND_NEAR - 0.55, 0.15, accent),
        (BAND_FAR + 0.1, 0.15, accent),
        (BAND_FAR + 0.6, 0.55, deep),
        (BAND_FAR + 1.7, 0.3, MARIGOLD),
    ]:
        paper.pen(colour, width)
        paper.frame(inset)
    _corners(paper, number, accent, deep, tint)


def _corners(paper: Paper, number: str, accent: str, deep: str, tint: str) -> None:
    kept = _rosette(paper, "corner", lines_of(number, 72))
    half = (BAND_FAR + 1.7 - EDGE) / 2
    for x in (EDGE + half, WIDTH - EDGE - half):
        for y in (EDGE + half, HEIGHT - EDGE - half):
            paper.ink("#ffffff")
            paper.pen(deep, 0.8)
            side = half + 0.9
            paper.add(_rectangle(x - side, y - side, 2 * side, 2 * side), "B")
            paper.ink(tint)
            paper.pen(MARIGOLD, 0.3)
            paper.add(_rectangle(x - side + 0.9, y - side + 0.9, 2 * side - 1.8, 2 * side - 1.8), "B")
            _stamp_rosette(paper, kept, at=(x, y), radius=half - 0.2, colour=accent, width=0.13)


def _medallion(paper: Paper, kept, accent: str, deep: str, tint: str) -> None:
    x, y, radius = MEDALLION
    paper.ink("#ffffff")
    paper.pen(deep, 0.6)
    paper.add(_circle(x, y, radius + 1.7), "B")
    paper.ink(tint)
    paper.pen(MARIGOLD, 0.35)
    paper.add(_circle(x, y, radius + 0.8), "B")
    _stamp_rosette(paper, kept, at=(x, y), radius=radius, colour=accent, width=0.12)


def _plates(paper: Paper, accent: str, deep: str, tint: str) -> None:
    width, height = PLATE
    for x, y in PLATES:
        paper.ink(tint)
        paper.pen(deep, 0.55)
        paper.add(_ticket(x, y, width, height, 3.2), "B")
        paper.pen(MARIGOLD, 0.3)
        paper.add(_ticket(x, y, width - 2.2, height - 2.2, 3.0), "S")


@functools.lru_cache(maxsize=64)
def paper_of(register_number: str, accent: str) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    """A society's paper: the page's operators, and the shapes they stamp, by name. About 20 ms the first time."""
    number = register_number.strip().upper()
    colour, deep, tint = ACCENTS.get(accent, ACCENTS["tide"])
    paper = Paper()
    paper.add(f"{_short(MM, 6)} 0 0 {_short(-MM, 6)} 0 {_short(HEIGHT * MM, 4)} cm 1 j")
    kept = _rosette(paper, "rosette", lines_of(number, 400))
    x, y, radius = WATERMARK
    _stamp_rosette(paper, kept, at=(x, y), radius=radius, colour=paler(colour, 0.13), width=0.22)
    _border(paper, number, colour, deep, tint)
    _medallion(paper, kept, colour, deep, tint)
    _plates(paper, colour, deep, tint)
    return "\n".join(paper.ops).encode(), tuple((name, path.encode()) for name, path in paper.shapes.items())


def put_under(pdf, register_number: str, accent: str) -> None:
    """Lay the society's paper under the first page of a pydyf.PDF that WeasyPrint has made, as an artifact."""
    import pydyf

    ops, shapes = paper_of(register_number, accent)
    stamps = pydyf.Dictionary()
    for name, path in shapes:
        form = _form(path, box=(-5000, -5000, 5000, 5000))
        pdf.add_object(form)
        stamps[name] = form.reference
    sheet = _form(ops, box=(0, 0, WIDTH * MM, HEIGHT * MM))
    sheet.extra["Resources"] = pydyf.Dictionary({"XObject": stamps})
    pdf.add_object(sheet)
    under = pydyf.Stream([b"/Artifact BMC q /paper Do Q EMC"])
    pdf.add_object(under)
    page = pdf.objects[pdf.pages["Kids"][0]]
    page["Contents"] = pydyf.Array([under.reference, page["Contents"]])
    resources = pdf.objects[int(page["Resources"].split()[0])]
    resources["XObject"]["paper"] = sheet.reference


def _form(operators: bytes, *, box):
    import pydyf

    extra = {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array([round(side, 2) for side in box])}
    return pydyf.Stream([operators], extra, compress=True)
