"""QR codes of addresses that differ only at their end, each from a few exclusive-ors.

With version, level and mask fixed, every module of a code (ISO/IEC 18004) is an exclusive-or of bits of the message:
Reed-Solomon's check words are linear and the mask is a constant. So the code of a new ending is the code of an ending
of zeros, changed by one kept number for each character. The kept numbers come from segno.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

LEVEL, MASK = "m", 3
RUN = re.compile("1+")


@dataclass(frozen=True)
class Code:
    """A code without margin: `side` modules a side; `rows` of them as text, "1" for dark."""

    side: int
    rows: tuple[str, ...]

    def runs(self):
        """The dark runs: column, row, length."""
        for y, row in enumerate(self.rows):
            for run in RUN.finditer(row):
                x, end = run.span()
                yield x, y, end - x


class Family:
    """The codes of all texts that begin with `start` and go on for `length` characters. ASCII only."""

    def __init__(self, start: str, length: int):
        import segno

        text = start + "0" * length
        self.start, self.length = start, length
        self.version = segno.make(text.encode("ascii"), error=LEVEL, micro=False, mode="byte").version
        self.zero = self._drawn("\0" * length)
        self.changes = [self._changes_at(place) for place in range(length)]

    def _drawn(self, end: str) -> int:
        """All modules of one code as one number, the first module its highest bit."""
        import segno

        code = segno.make(
            (self.start + end).encode("ascii"),
            error=LEVEL,
            mask=MASK,
            mode="byte",
            version=self.version,
            micro=False,
            boost_error=False,
        )
        self.side = len(code.matrix)
        return int("".join(str(int(bool(module))) for row in code.matrix for module in row), 2)

    def _changes_at(self, place: int) -> list[int]:
        """By character: what it changes in the code where it stands at `place` of the ending."""
        before, after = "\0" * place, "\0" * (self.length - place - 1)
        of_bits = [self._drawn(before + chr(1 << bit) + after) ^ self.zero for bit in range(7)]
        changes = [0] * 128
        for character in range(1, 128):
            lowest = character & -character
            changes[character] = changes[character ^ lowest] ^ of_bits[lowest.bit_length() - 1]
        return changes

    def code(self, end: str) -> Code:
        """The code of `start` + `end`."""
        modules = self.zero
        for changes, character in zip(self.changes, end.encode("ascii"), strict=True):
            modules ^= changes[character]
        side = self.side
        bits = f"{modules:0{side * side}b}"
        return Code(side, tuple(bits[at : at + side] for at in range(0, side * side, side)))


@functools.lru_cache(maxsize=8)
def family(start: str, length: int) -> Family:
    """Kept: making one takes a sixth of a second."""
    return Family(start, length)


def code_of(start: str, end: str) -> Code:
    """The code of an address. `end` is the part that differs from one address to the next."""
    return family(start, len(end)).code(end)
