"""The checklist of an offer document: 50 items as dated data, each with its source and how sure we are of it.

Where each is answered for an offer, and by whom, is kept in `offers/checklist/`. Here stand the items, and the two
questions that publication asks of them (OFF-4).
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from compliance.answers import OFFER, PRACTICE, Answer
from compliance.checklist import words
from compliance.questions import question
from compliance.rulesets import UNCONFIRMED

FILE = Path(__file__).resolve().parent / "offer.toml"
MUST, ADVISED = "must", "advised"
DATA, WRITTEN = "data", "written"
HANDBOOK = "Community Shares Handbook 4.2"


class NotConfirmed(ValueError):
    """The file calls something a must that nobody has confirmed."""


@dataclass(frozen=True)
class Item:
    """One thing that an offer says. `by`: from the offer's data, or written by officers; `shown`, `change`: where."""

    number: int
    part: str
    level: str
    by: tuple[str, ...]
    kinds: tuple[str, ...]  # of offers that are asked; none for all
    shown: str
    change: str
    source: str
    confidence: str
    valid_from_on: date
    valid_to_on: date

    @property
    def title(self) -> str:
        return str(words.ITEMS[self.number][0])

    @property
    def asks(self) -> str:
        return str(words.ITEMS[self.number][1])

    @property
    def is_must(self) -> bool:
        return self.level == MUST

    @property
    def is_suggestion(self) -> bool:
        """Nobody has confirmed it, so no source may be shown beside it."""
        return self.confidence == UNCONFIRMED

    @property
    def is_written(self) -> bool:
        return WRITTEN in self.by


def _read(row: dict) -> Item:
    if row["confidence"] == UNCONFIRMED and row["level"] == MUST:
        raise NotConfirmed(f"Item {row['number']} is unconfirmed, so it may not be a must.")
    return Item(
        number=row["number"],
        part=row["part"],
        level=row["level"],
        by=tuple(row["by"]),
        kinds=tuple(row.get("kinds", ())),
        shown=row.get("shown", ""),
        change=row.get("change", ""),
        source=row["source"],
        confidence=row["confidence"],
        valid_from_on=row["valid_from"],
        valid_to_on=row.get("valid_to", date.max),
    )


@functools.cache
def _file(path: Path) -> tuple[tuple[Item, ...], str]:
    raw = path.read_bytes()
    rows = tomllib.loads(raw.decode())["item"]
    return tuple(_read(row) for row in rows), f"OFFER-{hashlib.sha256(raw).hexdigest()[:12]}"


def items(*, on: date, kind: str) -> list[Item]:
    """What an offer of a kind is asked on a day, in order."""
    found, _version = _file(FILE)
    return [
        item
        for item in found
        if item.valid_from_on <= on <= item.valid_to_on and (not item.kinds or kind in item.kinds)
    ]


def version() -> str:
    """The version of the list, such as OFFER-0123456789ab."""
    return _file(FILE)[1]


def _named(numbers: Sequence[int]) -> str:
    """Items by number and title; a number that this version does not know stands alone."""
    return "; ".join(f"{n} {words.ITEMS[n][0]}" if n in words.ITEMS else str(n) for n in numbers)


@question("OFF-4", OFFER)
def says_what_it_must(*, missing: Sequence[int], asked: int, checklist: str) -> Answer:
    """OFF-4: nobody can be held to have read what the offer did not say, so no hard item may be open.

    missing: numbers of the hard items that are open; asked: how many there are; checklist: the list's version.
    """
    message = (
        _("The offer does not yet say what it must: %(items)s. See the checklist.") % {"items": _named(missing)}
        if missing
        else ""
    )
    arithmetic = _("%(n)s of %(all)s things that an offer must say are open") % {"n": len(missing), "all": asked}
    return Answer("OFF-4", OFFER, not missing, message, arithmetic, HANDBOOK)


@question("OFF-4", PRACTICE)
def says_what_is_advised(*, missing: Sequence[int], asked: int, checklist: str) -> Answer:
    """OFF-4: what good offers say besides. An item that is left open takes a reason.

    missing: numbers of the advised items that are open; asked: how many there are; checklist: the list's version.
    """
    message = (
        _("Good offers say this too, and this one does not: %(items)s.") % {"items": _named(missing)} if missing else ""
    )
    arithmetic = _("%(n)s of %(all)s things that good offers say are open") % {"n": len(missing), "all": asked}
    return Answer("OFF-4", PRACTICE, not missing, message, arithmetic, HANDBOOK)
