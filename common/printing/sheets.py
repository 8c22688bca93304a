"""A table over as many sheets as it needs: head, rows, what is carried forward, and room to sign at the end.

A page is a list of texts at their places. Where our fonts can set all of it, the texts become operators at once; the
rare page that needs shaping or another font (漢, right-to-left) is drawn by WeasyPrint from the same list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import IO

from common import pdf
from common.printing.typeface import BOLD, REGULAR, typeface
from common.printing.writer import Writer

WIDE, HIGH = 841.89, 595.28  # A4 on its side, in points
EDGE, TOP, FOOT = 34.0, 78.0, 46.0
SIZE, LINE, GAP = 7.2, 8.6, 3.4  # of the rows: type, line, space between two rows
INSIDE = 8.0  # free between one column's text and the next


@dataclass(frozen=True)
class Heading:
    """A column on paper: its words, its part of the width, whether it is set to the right and carried forward."""

    words: str
    part: int
    right: bool = False
    sum: bool = False
    money: bool = False


@dataclass(frozen=True)
class Paper:
    """What stands around the table. `said`: a line under the title.

    `closing`: lines before the signatures, in which %(rows)s and %(pages)s are told.
    """

    owner: str
    title: str
    said: str
    headings: Sequence[Heading]
    closing: Sequence[str] = ()
    signed_by: Sequence[str] = ()
    words: dict[str, str] = field(default_factory=dict)  # "page", "carried", "total", "date"


@dataclass
class Page:
    """Texts as (x, baseline from the top, face 0 or 1, size, text), and lines as (x, y, x, y, width)."""

    texts: list[tuple] = field(default_factory=list)
    lines: list[tuple] = field(default_factory=list)


class Sheets:
    """Puts rows on pages and pages into a file."""

    def __init__(self, paper: Paper, target: IO[bytes]):
        self.paper = paper
        self.faces = [typeface(REGULAR), typeface(BOLD)]
        self.writer = Writer(target, size=(WIDE, HIGH), faces=self.faces, title=f"{paper.title}, {paper.owner}")
        whole = sum(heading.part for heading in paper.headings)
        widths = [(WIDE - 2 * EDGE) * heading.part / whole for heading in paper.headings]
        self.lefts = [EDGE + sum(widths[:place]) for place in range(len(widths))]
        self.rights = [left + width - INSIDE for left, width in zip(self.lefts, widths, strict=True)]
        self.room = [(width - INSIDE) * self.faces[0].per_em / SIZE for width in widths]  # in units of the font
        self.sums = [0] * len(widths)
        self.numbers = self.rows = 0
        self._begin()

    def row(self, cells: Sequence[str | None], added: Iterable[tuple[int, int]] = ()) -> None:
        """One row; `added`: (column, whole units) for what is carried forward."""
        wrapped = [self._wrapped(cell, room) if cell else () for cell, room in zip(cells, self.room, strict=True)]
        height = max((len(lines) for lines in wrapped), default=1) * LINE + GAP
        if self.y + height > HIGH - FOOT - LINE:
            self._end(carried=True)
            self._begin()
        for place, lines in enumerate(wrapped):
            for number, text in enumerate(lines):
                self._cell(place, self.y + LINE * (number + 1) - 0.6, text)
        self.y += height
        self.rows += 1
        self.page.lines.append((EDGE, self.y, WIDE - EDGE, self.y, 0.2))
        for place, units in added:
            self.sums[place] += units

    def close(self) -> None:
        """Totals, closing words and room to sign, together on one page."""
        needed = LINE * (len(self.paper.closing) + 3) + (44 if self.paper.signed_by else 0)
        if self.y + needed > HIGH - FOOT:
            self._end(carried=True)
            self._begin()
        self._carried(self.y + LINE + 1, self.paper.words["total"])
        self.y += 2 * LINE + 6
        for words in self.paper.closing:
            told = {"rows": f"{self.rows:,}", "pages": f"{self.numbers:,}"}
            self._text(EDGE, self.y + LINE, 0, 8.5, words % told)
            self.y += LINE + 3
        each = (WIDE - 2 * EDGE) / max(1, len(self.paper.signed_by))
        for place, words in enumerate(self.paper.signed_by):
            left = EDGE + place * each
            self.page.lines.append((left, self.y + 34, left + each - 40, self.y + 34, 0.5))
            self._text(left, self.y + 44, 0, 7.5, words)
        self._end(carried=False)
        self.writer.close()

    def _wrapped(self, text: str, room: float) -> list[str]:
        """The text in lines no wider than the column; a word that is wider is cut."""
        width = self._width
        if width(text) <= room:
            return [text]
        lines, line = [], ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if width(longer) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            while width(word) > room:
                cut = next(cut for cut in range(len(word) - 1, 0, -1) if cut == 1 or width(word[:cut]) <= room)
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        return [*lines, line] if line else lines

    def _width(self, text: str) -> float:
        try:
            return self.faces[0].width(text)
        except KeyError:  # another font will set it: a full em for each sign is room enough
            return len(text) * self.faces[0].per_em

    def _cell(self, place: int, y: float, text: str, face: int = 0) -> None:
        if self.paper.headings[place].right:
            try:
                width = self.faces[face].width(text) * SIZE / self.faces[face].per_em
            except KeyError:
                width = 0
            self._text(self.rights[place] - width, y, face, SIZE, text)
        else:
            self._text(self.lefts[place], y, face, SIZE, text)

    def _text(self, x: float, y: float, face: int, size: float, text: str) -> None:
        self.page.texts.append((x, y, face, size, text))

    def _begin(self) -> None:
        self.page, self.numbers = Page(), self.numbers + 1
        self._text(EDGE, 34, 1, 13, self.paper.title)
        self._text(EDGE, 48, 0, 8.5, f"{self.paper.owner} · {self.paper.said}")
        heads = [self._heading(place, heading) for place, heading in enumerate(self.paper.headings)]
        self.y = TOP + (max(heads) - 1) * LINE
        self.page.lines.append((EDGE, self.y - 8, WIDE - EDGE, self.y - 8, 0.8))
        self.y -= 6

    def _heading(self, place: int, heading: Heading) -> int:
        """How many lines the heading took."""
        lines = self._wrapped(heading.words, self.room[place] * 0.93)  # bold is a little wider
        for number, text in enumerate(lines):
            self._cell(place, 66 + number * LINE, text, face=1)
        return len(lines)

    def _carried(self, y: float, words: str) -> None:
        if not any(heading.sum for heading in self.paper.headings):
            return
        self._text(EDGE, y, 1, SIZE, words)
        for place, heading in enumerate(self.paper.headings):
            if heading.sum:
                units = self.sums[place]
                self._cell(place, y, f"{units / 100:,.2f}" if heading.money else f"{units:,}", face=1)

    def _end(self, *, carried: bool) -> None:
        if carried:
            self._carried(HIGH - FOOT + 2, self.paper.words["carried"])
        self._text(EDGE, HIGH - 24, 0, 7.5, f"{self.paper.words['page']} {self.numbers}")
        content = self._content()
        if content is None:
            self.writer.foreign_page(_drawn(self.page))
        else:
            self.writer.page(content)

    def _content(self) -> str | None:
        """The page as operators; None where a text needs more than our fonts."""
        parts = [
            f"{0.7 if width < 0.5 else 0} G {width} w {a:.2f} {HIGH - b:.2f} m {c:.2f} {HIGH - d:.2f} l S"
            for a, b, c, d, width in self.page.lines
        ]
        parts.append("BT")
        state = None
        for x, y, face, size, text in self.page.texts:
            codes = self.faces[face].encoded(text)
            if len(codes) != 4 * len(text):
                return None
            if state != (face, size):
                parts.append(f"/F{face} {size} Tf")
                state = (face, size)
            parts.append(f"1 0 0 1 {x:.2f} {HIGH - y:.2f} Tm<{codes}>Tj")
            self.writer.used[face].update(text)
        return "\n".join([*parts, "ET"])


def _drawn(page: Page) -> list[bytes]:
    """The page by WeasyPrint, as the objects of a PDF without its catalogue and its list of pages."""
    spans = "".join(
        f'<p style="left:{x:.2f}pt;top:{y - size:.2f}pt;font-size:{size}pt;font-weight:{700 if face else 400}">'
        f"<bdi>{escape(text)}</bdi></p>"
        for x, y, face, size, text in page.texts
    )
    lines = "".join(
        f'<i style="left:{a:.2f}pt;top:{b:.2f}pt;width:{c - a:.2f}pt;border-top-width:{width}pt"></i>'
        for a, b, c, _d, width in page.lines
    )
    return pdf.page_objects(f'<html lang="en"><title>-</title>{spans}{lines}</html>', style="sheet")


def print_table(paper: Paper, rows: Iterable[Sequence[str | None]], target: IO[bytes]) -> None:
    """Write the table to a file. Each row: the cells as they are printed, then a whole number for each sum."""
    sheets = Sheets(paper, target)
    columns = len(paper.headings)
    summed = [place for place, heading in enumerate(paper.headings) if heading.sum]
    for row in rows:
        sheets.row(
            row[:columns], [(place, int(units or 0)) for place, units in zip(summed, row[columns:], strict=True)]
        )
    sheets.close()
