"""Bank details as people type them, and what is wrong with them in words.

The pattern is GOV.UK's: https://design-system.service.gov.uk/patterns/bank-details/. Whether a sort code and an
account number belong together is for the bank to say: the tables for that are Pay.UK's and change every few weeks.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SEPARATORS = re.compile(r"[\s\-‐‑–—.]+")
ROLL = re.compile(r"[A-Za-z0-9 ./\-]{1,18}")


def sort_code(typed: str) -> str:
    """Six digits of "30-94-30", "30 94 30" or "309430"; ValidationError otherwise."""
    digits = SEPARATORS.sub("", typed)
    if not digits:
        raise ValidationError(_("Enter a sort code."), code="required")
    if not re.fullmatch(r"[0-9]{6}", digits):
        raise ValidationError(_("Enter a valid sort code like 309430."), code="sort-code")
    return digits


def account_number(typed: str) -> str:
    """Eight digits of a number of six to eight, noughts put before it; ValidationError otherwise."""
    digits = SEPARATORS.sub("", typed)
    if not digits:
        raise ValidationError(_("Enter an account number."), code="required")
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValidationError(_("Enter a valid account number like 00733445."), code="account-number")
    if not 6 <= len(digits) <= 8:
        raise ValidationError(_("Account number must be between 6 and 8 digits."), code="account-number")
    if not int(digits):
        raise ValidationError(_("Enter a valid account number like 00733445."), code="account-number")
    return digits.zfill(8)


def roll_number(typed: str) -> str:
    """A building society's roll number, or nothing; ValidationError for what banks do not take."""
    text = " ".join(typed.split())
    if len(text) > 18:
        raise ValidationError(
            _("Building society roll number must be between 1 and 18 characters."), code="roll-number"
        )
    if text and not ROLL.fullmatch(text):
        raise ValidationError(
            _(
                "Building society roll number must only include letters a to z, numbers, hyphens, spaces, forward "
                "slashes and full stops."
            ),
            code="roll-number",
        )
    return text.upper()
