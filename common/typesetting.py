"""Text set exactly as WeasyPrint sets it, without asking Pango for a line that holds no new pair of letters.

In our fonts a letter's place depends on the letter after it and on nothing else once ligatures are off: how far the pen
moves on after "A" before "V" is the same in every word. So a pair is learnt once, from Pango, at the size it is used
in, and a line is put together from pairs. Whatever breaks that rule is refused, and the caller sets it the slow way.
"""

from __future__ import annotations

import atexit
import functools
import unicodedata
from dataclasses import dataclass, field

from common import pdf

END = "\n"  # stands for the end of a line in the key of a pair


class CannotSet(Exception):
    """This text is not a plain row of our letters, or too long for its place."""


@functools.cache
def letters_of(family: str, weight: int) -> dict[str, tuple[int, int]]:
    """By letter: its glyph in the file and that glyph's advance in thousandths of an em. One letter for each glyph."""
    from fontTools.ttLib import TTFont

    file = next(file for name, heavy, file in pdf.FACES if (name, heavy) == (family, weight))
    with TTFont(pdf.FONTS / file) as font:
        order, advances, em = font.getReverseGlyphMap(), font["hmtx"].metrics, font["head"].unitsPerEm
        found: dict[int, str] = {}
        for code, name in sorted(font.getBestCmap().items()):
            if chr(code).isprintable():
                found.setdefault(order[name], chr(code))
        names = {order[name]: name for name in order}
        return {letter: (glyph, round(advances[names[glyph]][0] * 1000 / em)) for glyph, letter in found.items()}


@functools.cache
def ours() -> frozenset[str]:
    """All letters that our fonts have."""
    return frozenset(letter for family, weight, _file in pdf.FACES for letter in letters_of(family, weight))


@dataclass
class Setting:
    """One style of text in a document that has been laid out: a face at a size."""

    style: object  # WeasyPrint's computed style of the text
    size: float  # pixels, as Pango has it
    letters: dict[str, tuple[int, int]]
    pairs: dict[str, tuple[str, int]] = field(default_factory=dict)

    def line(self, text: str) -> tuple[bytes, float]:
        """The operand of TJ for a line of text, and the line's width in pixels. Raises CannotSet."""
        pairs = self.pairs
        keys = [first + second for first, second in zip(text, text[1:] + END, strict=True)]
        try:
            parts = [pairs[key] for key in keys]
        except KeyError:
            self._learn(text)
            parts = [pairs[key] for key in keys]
        drawn = "<" + "".join([part for part, _units in parts])
        drawn = drawn.removesuffix("<") if drawn.endswith("<") else drawn + ">"
        return drawn.encode(), sum([units for _part, units in parts]) / 1024

    def _learn(self, text: str) -> None:
        if not text or text != " ".join(text.split(" ")) or "  " in text or text != text.strip():
            raise CannotSet("no text, or blanks that a page would swallow")
        if unicodedata.normalize("NFC", text) != text or not all(letter in self.letters for letter in text):
            raise CannotSet("letters that our fonts do not have")
        with pdf.one_at_a_time():
            seen = list(_glyphs(text, self.style))
        if len(seen) != len(text):
            raise CannotSet("letters that are drawn together")
        for letter, after, (glyph, units) in zip(text, text[1:] + END, seen, strict=True):
            known, advance = self.letters[letter]
            if glyph != known:
                raise CannotSet("a letter in another shape")
            learnt = (_piece(glyph, advance - units * 1000 / 1024 / self.size), units)
            if self.pairs.setdefault(letter + after, learnt) != learnt:
                raise CannotSet("letters that move with more than the next one")


_kept: dict[tuple, Setting] = {}
ASKED = ("font_kerning", "font_variant_ligatures", "font_feature_settings", "letter_spacing", "lang", "overflow_wrap")


def setting_of(style, *, family: str, weight: int, size: float) -> Setting:
    """The setting of a style, with what was learnt of it in this process."""
    key = (family, weight, size, *(str(style[name]) for name in ASKED))
    if key not in _kept:
        atexit.register(_kept.clear)  # Pango's fonts must go before the interpreter does
        _kept[key] = Setting(style, size, letters_of(family, weight))
    return _kept[key]


def _piece(glyph: int, kerning: float) -> str:
    """A glyph as WeasyPrint writes it within TJ: its number, and by how much the pen goes back after it."""
    return f"{glyph:04x}" + (f">{int(kerning)}<" if kerning else "")


def _glyphs(text: str, style):
    """What Pango makes of a line: for each glyph its number and its advance in 1024ths of a pixel."""
    from weasyprint.text.ffi import ffi
    from weasyprint.text.line_break import create_layout

    layout = create_layout(text, style, None, None, 0)
    line, rest = layout.get_first_line()
    run = line.runs[0]
    if rest is not None or run == ffi.NULL or run.next != ffi.NULL:
        raise CannotSet("text in more than one run")
    glyphs = run.data.glyphs
    for place in range(glyphs.num_glyphs):
        info = glyphs.glyphs[place]
        if info.geometry.x_offset or info.geometry.y_offset:
            raise CannotSet("a letter moved from its place")
        yield info.glyph, info.geometry.width
