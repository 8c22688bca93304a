"""Whether the name at the bank may be the applicant's: "SMITH J A", "MR J SMITH", "Jane Smith & Tom Smith"."""

from __future__ import annotations

import functools
import re
import unicodedata

TITLES = {"mr", "mrs", "miss", "ms", "mx", "dr", "prof", "rev", "revd", "sir", "dame", "lady", "lord", "mess", "messrs"}
SMALL = {"and", "or", "the", "of", "for", "y", "ltd", "limited", "cic", "plc", "llp", "co"}
IDLE = TITLES | SMALL
WHOLE, CLOSE, NONE = 2, 1, 0


@functools.lru_cache(maxsize=10_000)
def words(name: str) -> tuple[str, ...]:
    """The telling words of a name: no case, accents, titles or forms of company; "O'Brien-Jones" is "obrien jones"."""
    plain = "".join(s for s in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(s))
    plain = re.sub(r"['’`.]", "", plain)
    return tuple(word for word in re.findall(r"[a-z0-9]+", plain) if word not in IDLE)


def alike(at_bank: str, applicant: str) -> int:
    """WHOLE where every word of the applicant's name stands at the bank; CLOSE for a surname with a fitting initial.

    The surname is the applicant's last word, and banks put it first or last, cut it after 18 signs, and shorten
    first names to initials.
    """
    bank, own = words(at_bank), words(applicant)
    if not bank or not own:
        return NONE
    if len(own) > 1 and set(own) <= set(bank):
        return WHOLE
    surname, given = own[-1], own[:-1]
    if len(own) == 1:
        return WHOLE if surname in bank and len(surname) > 3 else NONE
    if surname not in bank:
        return NONE
    rest = [word for word in bank if word != surname]
    if any(_fits(word, first) for word in rest for first in given):
        return CLOSE
    return NONE


def _fits(word: str, given: str) -> bool:
    """Whether a word at the bank stands for a first name: the name, its beginning, its initial, several initials."""
    if word == given or (len(word) >= 3 and given.startswith(word)):
        return True
    return len(word) <= 3 and word[0] == given[0]
