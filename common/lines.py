"""Text as one visible line: what names, references and the words of a bank are kept as."""

from __future__ import annotations

import unicodedata

HIDDEN = ("Cc", "Cf", "Cn", "Co", "Cs")  # categories of Unicode: control, format, unassigned, private, surrogate
JOINERS = "\u200c\u200d"  # which scripts and emoji need between their letters


def one_line(text: str) -> str:
    """Text as one visible line: composed (NFC), blanks and new lines single, and no sign that nobody can see.

    Signs that turn the direction of writing, have no width or ring a bell would let two names look the same, or a
    name look like something else, on papers and in mail.
    """
    line = " ".join(unicodedata.normalize("NFC", text).split())
    seen = (sign for sign in line if sign in JOINERS or unicodedata.category(sign) not in HIDDEN)
    return " ".join("".join(seen).strip(JOINERS).split())
