"""A CSV file as rows of text: its alphabet, its separator, and limits on everything."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from payments.statements.facts import MOST_LINES, refused

MOST_COLUMNS, MOST_CELL = 60, 2_000
SEPARATORS = ",;\t|"


def decoded(data: bytes) -> str:
    """The file's text: UTF-8 with or without its mark, UTF-16 with it, or else Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strictly(data, encoding)
    try:
        return _strictly(data, "utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "cp1252")


def _strictly(data: bytes, encoding: str) -> str:
    text = data.decode(encoding)
    if "\x00" in text:
        raise refused(_("This is not a CSV file: it has signs that no text has."))
    return text


def rows(data: bytes) -> list[list[str]]:
    """Every row of the file, each cell without blanks around it; refused where it is no text or too large."""
    try:
        text = decoded(data)
    except UnicodeDecodeError as error:
        raise refused(_("This is not a CSV file: it has signs that no text has.")) from error
    found = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)):
            found.append([cell.strip() for cell in row])
            if len(found) > MOST_LINES + 100:
                words = _("This file has more than %(most)s lines. Download a shorter time from the bank.")
                raise refused(words % {"most": f"{MOST_LINES:,}"})
            if len(row) > MOST_COLUMNS or any(len(cell) > MOST_CELL for cell in row):
                raise refused(_("Line %(n)s has too many columns or too long a text.") % {"n": len(found)})
    except csv.Error as error:
        raise refused(_("Line %(n)s of the file cannot be read as CSV.") % {"n": len(found) + 1}) from error
    return found


def _separator(text: str) -> str:
    """The sign that stands in most of the first lines equally often; a comma where none does."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()]
    counts = {sign: [line.count(sign) for line in lines] for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda sign: (sum(bool(n) for n in counts[sign]), min(sum(counts[sign]), 10_000)))
