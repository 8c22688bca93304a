"""Reading one value of a scenario: each reader returns it or raises ValueError("what is wrong", "what is right")."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from difflib import get_close_matches

Reader = Callable


def text(value) -> str:
    """Any text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is no text", 'write it between quotes, such as "Marlpit"')
    return value.strip()


def pounds(value) -> int:
    """ "1000.00" → 100000 pence; at least a penny."""
    match = re.fullmatch(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?", value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is no sum of pounds", 'write pounds and pence between quotes, such as "1000.00"')
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


def positive_pounds(value) -> int:
    """A sum above nought, in pence."""
    amount_pence = pounds(value)
    if not amount_pence:
        raise ValueError(f"{value!r} is nought", "write a sum above 0.00")
    return amount_pence


def day(value) -> date:
    """A TOML date, without a time."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"{value!r} is no day", "write it without quotes, such as 2026-07-27")
    return value


def whole(least: int, most: int) -> Reader:
    """A reader of whole numbers from `least` to `most`."""

    def read(value) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"{value!r} is no number from {least} to {most}", f"write a whole number, such as {least}")
        return value

    return read


def one_of(words: Collection[str]) -> Reader:
    """A reader of one of these words; a near miss is named."""

    def read(value) -> str:
        if value not in words:
            near = get_close_matches(str(value), words, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"write one of {', '.join(sorted(words))}"
            raise ValueError(f"{value!r} is not known here", hint)
        return value

    return read


def some_of(words: Collection[str]) -> Reader:
    """A reader of a list of these words."""

    def read(value) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError(f"{value!r} is no list", f"write a list of {', '.join(sorted(words))}")
        return tuple(one_of(words)(item) for item in value)

    return read


def texts(value) -> tuple[str, ...]:
    """A list of texts that is not empty."""
    if not isinstance(value, list) or not value:
        raise ValueError(f"{value!r} is no list of texts", 'write a list such as ["PA20"]')
    return tuple(text(item) for item in value)


def year_end(value) -> tuple[int, int]:
    """Month and day, such as "03-31"."""
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", value) if isinstance(value, str) else None
    try:
        found = date(2024, int(match[1]), int(match[2]))
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is no day of the year", 'write month and day, such as "03-31"') from None
    return found.month, found.day
