"""The paper of a certificate: border, medallion, plates and watermark, and the emblem of other papers.

Everything comes from the society's register number and colour, so each society has its own paper, always the same.
Lengths are millimetres from the top left corner of A4 lying on its side.
"""

from __future__ import annotations

import functools
from math import cos, pi, radians, sin

from common.rosette import lines_of
from compliance.engraving import (
    Drawn,
    Paper,
    circle,
    from_top_left,
    paler,
    rectangle,
    rosette,
    stamp_rosette,
    ticket,
    wave,
)

WIDTH, HEIGHT = 297.0, 210.0

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
EMBLEM = (180.0, 28.0, 13.0)


def _bead(paper: Paper, length: float) -> None:
    """One period of the border, 9 mm high: a rope of eight strands that swells and thins, and a fine one inside."""
    outer = [wave(length, lambda x: 3.0 + 1.1 * cos(2 * pi * x / length), k * pi / 6, 1, 8) for k in range(12)]
    inner = [wave(length, lambda x: 1.5 - 0.8 * cos(2 * pi * x / length), k * pi / 3, 3, 12) for k in range(6)]
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
    paper.add(rectangle(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE))
    far = BAND_FAR + 0.6
    paper.add(rectangle(far, far, WIDTH - 2 * far, HEIGHT - 2 * far), "f*")
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
        paper.add(rectangle(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset), "S")
    _corners(paper, number, accent, deep, tint)


def _corners(paper: Paper, number: str, accent: str, deep: str, tint: str) -> None:
    kept = rosette(paper, "corner", lines_of(number, 72))
    half = (BAND_FAR + 1.7 - EDGE) / 2
    for x in (EDGE + half, WIDTH - EDGE - half):
        for y in (EDGE + half, HEIGHT - EDGE - half):
            paper.ink("#ffffff")
            paper.pen(deep, 0.8)
            side = half + 0.9
            paper.add(rectangle(x - side, y - side, 2 * side, 2 * side), "B")
            paper.ink(tint)
            paper.pen(MARIGOLD, 0.3)
            paper.add(rectangle(x - side + 0.9, y - side + 0.9, 2 * side - 1.8, 2 * side - 1.8), "B")
            stamp_rosette(paper, kept, at=(x, y), radius=half - 0.2, colour=accent, width=0.13)


def _medallion(paper: Paper, kept, accent: str, deep: str, tint: str) -> None:
    x, y, radius = MEDALLION
    paper.ink("#ffffff")
    paper.pen(deep, 0.6)
    paper.add(circle(x, y, radius + 1.7), "B")
    paper.ink(tint)
    paper.pen(MARIGOLD, 0.35)
    paper.add(circle(x, y, radius + 0.8), "B")
    stamp_rosette(paper, kept, at=(x, y), radius=radius, colour=accent, width=0.12)


def _plates(paper: Paper, accent: str, deep: str, tint: str) -> None:
    width, height = PLATE
    for x, y in PLATES:
        paper.ink(tint)
        paper.pen(deep, 0.55)
        paper.add(ticket(x, y, width, height, 3.2), "B")
        paper.pen(MARIGOLD, 0.3)
        paper.add(ticket(x, y, width - 2.2, height - 2.2, 3.0), "S")


@functools.lru_cache(maxsize=64)
def paper_of(register_number: str, accent: str) -> Drawn:
    """A society's paper for its certificates. About 20 ms the first time."""
    number = register_number.strip().upper()
    colour, deep, tint = ACCENTS.get(accent, ACCENTS["tide"])
    paper = Paper()
    from_top_left(paper, HEIGHT)
    kept = rosette(paper, "rosette", lines_of(number, 400))
    x, y, radius = WATERMARK
    stamp_rosette(paper, kept, at=(x, y), radius=radius, colour=paler(colour, 0.13), width=0.22)
    _border(paper, number, colour, deep, tint)
    _medallion(paper, kept, colour, deep, tint)
    _plates(paper, colour, deep, tint)
    return paper.drawn()


@functools.lru_cache(maxsize=64)
def emblem_of(register_number: str, accent: str) -> Drawn:
    """The society's rosette at the head of an upright A4 page."""
    paper = Paper()
    from_top_left(paper, WIDTH)
    kept = rosette(paper, "rosette", lines_of(register_number.strip().upper(), 200))
    stamp_rosette(
        paper, kept, at=EMBLEM[:2], radius=EMBLEM[2], colour=ACCENTS.get(accent, ACCENTS["tide"])[0], width=0.1
    )
    return paper.drawn()
