"""Money is whole pence in an int whose name ends in `_pence`. No float, no Decimal, one currency."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_PENCE = 999_999_999_999  # ten thousand million pounds: more than any society, less than 2 ** 53
_AMOUNT = re.compile(r"[£]?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")


def pence(pounds: str) -> int:
    """Whole pence of an amount as people write it: "250", "£1,000", "12.50", " 12.5 ".

    Raises ValidationError, with words for the person who typed it, for anything else.
    """
    match = _AMOUNT.fullmatch(pounds.strip())
    if match is None or (not pounds.isascii() and not pounds.replace("£", "").isascii()):
        raise ValidationError(_("Enter an amount in pounds, such as 250 or 12.50."), code="amount")
    amount = int(match[1].replace(",", "")) * 100 + int((match[2] or "0").ljust(2, "0"))
    if amount > MOST_PENCE:
        raise ValidationError(_("That amount is too large."), code="amount")
    return amount


def as_pounds(amount_pence: int) -> str:
    """For people: "£1,000", "£12.50", "−£3"; pence only where there are any."""
    sign = "−" if amount_pence < 0 else ""
    pounds, rest = divmod(abs(amount_pence), 100)
    return f"{sign}£{pounds:,}.{rest:02}" if rest else f"{sign}£{pounds:,}"


def as_decimal(amount_pence: int) -> str:
    """For files: "1000.00", always two places and a point, no thousands, "-" for less than nothing."""
    sign = "-" if amount_pence < 0 else ""
    pounds, rest = divmod(abs(amount_pence), 100)
    return f"{sign}{pounds}.{rest:02}"


class PenceField(models.BigIntegerField):
    """Whole pence. The attribute's name ends in `_pence`; a float is refused, not rounded."""

    def get_prep_value(self, value):
        if isinstance(value, float):
            raise TypeError(f"{self.attname} is money: whole pence in an int, never a float.")
        return super().get_prep_value(value)
