"""One of our fonts as a PDF wants it: glyph numbers, widths, and at the end the glyphs that were used."""

from __future__ import annotations

import functools
import io
import unicodedata
from pathlib import Path

from common.pdf import FONTS

REGULAR, BOLD = "atkinson-hyperlegible-next-400.ttf", "atkinson-hyperlegible-next-700.ttf"


class Typeface:
    """Glyphs and widths of the characters that may simply be put side by side.

    Signs that combine, or are written from the right, need a shaping engine: for these, as for what the font has not,
    `fits` is false.
    """

    def __init__(self, file: str):
        from fontTools.ttLib import TTFont

        font = TTFont(FONTS / file, recalcTimestamp=False)
        self.path: Path = FONTS / file
        self.per_em = font["head"].unitsPerEm
        self.name = font["name"].getDebugName(6)
        self.box = [font["head"].xMin, font["head"].yMin, font["head"].xMax, font["head"].yMax]
        self.ascent, self.descent = font["hhea"].ascent, font["hhea"].descent
        places = font.getReverseGlyphMap()
        self.glyphs = {code: places[name] for code, name in font.getBestCmap().items() if _stands_alone(code)}
        metrics, by_code = font["hmtx"].metrics, font.getBestCmap()
        self.advance = {chr(code): metrics[by_code[code]][0] for code in self.glyphs}
        self.codes = {code: f"{glyph:04x}" for code, glyph in self.glyphs.items()}

    def width(self, text: str) -> int:
        """In units of the font; KeyError for what it cannot set."""
        return sum(map(self.advance.__getitem__, text))

    def encoded(self, text: str) -> str:
        """Glyph numbers in hexadecimal."""
        return text.translate(self.codes)

    def subset(self, characters: set[str]) -> bytes:
        """The font file with the glyphs of these characters, each at its own number."""
        from fontTools import subset
        from fontTools.ttLib import TTFont

        options = subset.Options(retain_gids=True, layout_features=[], hinting=False, notdef_outline=True)
        options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "DSIG"]
        font = TTFont(self.path, recalcTimestamp=False)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[ord(character) for character in characters])
        cutter.subset(font)
        made = io.BytesIO()
        font.save(made, reorderTables=None)
        return made.getvalue()


def _stands_alone(code: int) -> bool:
    sign = chr(code)
    return unicodedata.category(sign)[0] not in "MC" and unicodedata.bidirectional(sign) not in ("R", "AL", "AN")


@functools.cache
def typeface(file: str) -> Typeface:
    """A face, read once in a process."""
    return Typeface(file)
