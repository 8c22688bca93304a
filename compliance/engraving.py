"""Engraving for PDF: lines, rosettes and plates as drawing operators, put under a page that WeasyPrint has made.

An SVG of the same lines would be parsed and drawn anew for every certificate; these operators are made once for each
society. Lengths are millimetres from the top left corner; operators are those of PDF 1.7 (ISO 32000-1, 8.5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, pi, radians, sin

from common.rosette import Line

MM = 72 / 25.4
A4 = (210.0, 297.0)
ROUND = 0.5523  # of a radius: the handle of a quarter circle as one curve
Drawn = tuple[bytes, tuple[tuple[str, bytes], ...]]  # the page's operators, and the shapes they stamp, by name


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

    def drawn(self) -> Drawn:
        return "\n".join(self.ops).encode(), tuple((name, path.encode()) for name, path in self.shapes.items())


def _short(number: float, places: int) -> str:
    text = f"{number:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _rgb(colour: str) -> str:
    return " ".join(_short(int(colour[at : at + 2], 16) / 255, 3) for at in (1, 3, 5))


def paler(colour: str, part: float) -> str:
    """The colour thinned with white: `part` of it is left, from 0 to 1."""
    mixed = (255 - (255 - int(colour[at : at + 2], 16)) * part for at in (1, 3, 5))
    return "#" + "".join(f"{round(value):02x}" for value in mixed)


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """A path; x, y is its top left corner."""
    return " ".join(_short(number, 2) for number in (x, y, width, height)) + " re"


def _curve(points) -> str:
    return " ".join(_short(number, 2) for point in points for number in point) + " c"


def circle(x: float, y: float, radius: float) -> str:
    """A closed path of four curves."""
    k = radius * ROUND
    parts = [f"{_short(x + radius, 2)} {_short(y, 2)} m"]
    around = [(radius, 0, 0, radius), (0, radius, -radius, 0), (-radius, 0, 0, -radius), (0, -radius, radius, 0)]
    for ax, ay, bx, by in around:
        one = (x + ax + (bx and k * bx / radius), y + ay + (by and k * by / radius))
        two = (x + bx + (ax and k * ax / radius), y + by + (ay and k * ay / radius))
        parts.append(_curve([one, two, (x + bx, y + by)]))
    return " ".join(parts) + " h"


def ticket(x: float, y: float, width: float, height: float, bite: float) -> str:
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


def from_top_left(paper: Paper, height: float) -> None:
    """Count from the top left corner of a page `height` high, downwards, as CSS does; lines meet in round joins."""
    paper.add(f"{_short(MM, 6)} 0 0 {_short(-MM, 6)} 0 {_short(height * MM, 4)} cm 1 j")


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


def rosette(paper: Paper, name: str, lines: list[Line]) -> list[tuple[str, Line]]:
    """Keep the lines of a rosette as shapes; give them back with their names, for `stamp_rosette`."""
    kept = [(f"{name}{place}", line) for place, line in enumerate(lines)]
    for shape, line in kept:
        paper.shape(shape, _closed(line))
    return kept


def stamp_rosette(paper: Paper, kept, *, at, radius: float, colour: str, width: float) -> None:
    """A rosette at a place; `radius` and `width` in millimetres."""
    scale = radius / 500
    paper.pen(colour, width / scale)
    for shape, line in kept:
        for copy in range(line.copies):
            paper.stamp(shape, at=at, scale=(scale, scale), turn=360 / line.lobes / line.copies * copy)


def wave(length: float, height, phase: float, waves: int, steps: int) -> str:
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


def put_under(pdf, drawn: Drawn) -> None:
    """Lay what was engraved under the first page of a pydyf.PDF that WeasyPrint has made, as an artifact."""
    import pydyf

    ops, shapes = drawn
    stamps = pydyf.Dictionary()
    for name, path in shapes:
        form = _form(path, box=(-5000, -5000, 5000, 5000))
        pdf.add_object(form)
        stamps[name] = form.reference
    sheet = _form(ops, box=(0, 0, A4[1] * MM, A4[1] * MM))  # room for A4, upright or not
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
