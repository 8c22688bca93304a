"""Days and sums as banks write them in CSV: "01/03/26", "1 Mar 2026", "£1,000.00", "(3.50)", "3.50 DR"."""

from __future__ import annotations

import re
from datetime import date

from common.dates import month_number
from common.money import MOST_PENCE

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
_TIME = re.compile(r"[ T,]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[AP]M)?(Z|[+-][0-9:]{2,5})?", re.ASCII | re.I)
_NUMBERS = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2}|[0-9]{4})", re.ASCII)
_NAMED = re.compile(r"([0-9]{1,2})[-/. ]?([A-Za-z]{3,9})\.?[-/. ,]*([0-9]{2}|[0-9]{4})", re.ASCII)
_PLAIN = re.compile(r"[0-9]{8}", re.ASCII)
_SUM = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})?(?:\.([0-9]{1,2}))?", re.ASCII)
MINUS = "-−–"
YEARS = range(1990, 2100)


def day(text: str, order: str = DAY_FIRST) -> date | None:
    """The day that a cell names, a time after it left aside; None where it names none. `order` is of bare numbers."""
    text = " ".join(text.split())
    if match := _TIME.search(text):
        text = text[: match.start()]
    if _PLAIN.fullmatch(text):
        return _date(text[:4], text[4:6], text[6:])
    if match := _NUMBERS.fullmatch(text):
        one, two, three = match.groups()
        if len(one) == 4:
            return _date(one, two, three) if len(three) == 2 else None
        if len(one) > 2:
            return None
        return _date(three, *((two, one) if order == DAY_FIRST else (one, two)))
    if match := _NAMED.fullmatch(text):
        return _date(match[3], str(month_number(match[2]) or 0), match[1])
    return None


def _date(year: str, month: str, of_month: str) -> date | None:
    number = int(year) + (2000 if len(year) == 2 else 0)
    try:
        return date(number, int(month), int(of_month)) if number in YEARS else None
    except ValueError:
        return None


def pence(text: str) -> int | None:
    """The signed sum of a cell in pence; None where it is none. Less than nought: "-3", "3-", "(3)", "3 DR", "3 OD"."""
    text = text.replace("\xa0", " ").strip()
    less = False
    if text.startswith("(") and text.endswith(")"):
        less, text = True, text[1:-1].strip()
    upper = text.upper()
    for word, is_less in (("CR", False), ("DR", True), ("OD", True)):
        if upper.endswith(word):
            less, text = less or is_less, text[:-2].strip()
            break
    text = text.replace("GBP", "").strip()
    for _side in range(2):  # the sign may stand before or after the £
        if text[:1] and text[0] in MINUS:
            less, text = not less, text[1:].strip()
        elif text[:1] in ("+", "£"):
            text = text[1:].strip()
    if text[-1:] and text[-1] in MINUS:
        less, text = not less, text[:-1].strip()
    match = _SUM.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    amount = int((match[1] or "0").replace(",", "")) * 100 + int((match[2] or "").ljust(2, "0"))
    if amount > MOST_PENCE:
        return None
    return -amount if less else amount
