"""What a statement says, whatever its format: lines with a day, a signed sum and the bank's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.lines import one_line
from common.money import as_pounds

MOST_BYTES = 2_000_000  # a year of a busy society's account is a tenth of it
MOST_LINES = 5_000
MOST_TEXT = 500


@dataclass(frozen=True)
class Line:
    """One movement: amount_pence is more than nought for money in, less for money out. `number`: its place in the file.

    `bank_reference` is the bank's own number of the movement, "" where it gives none.
    """

    number: int
    booked_on: date
    amount_pence: int
    text: str
    payer: str = ""
    reference: str = ""
    bank_reference: str = ""
    balance_pence: int | None = None


@dataclass(frozen=True)
class Statement:
    """A file as it was read. `left_out`: lines of the file that are no movements, as (number, its words)."""

    format: str
    lines: list[Line]
    opening_pence: int | None = None
    closing_pence: int | None = None
    account: str = ""
    left_out: list[tuple[int, str]] = field(default_factory=list)

    @property
    def total_pence(self) -> int:
        """What all lines come to."""
        return sum(line.amount_pence for line in self.lines)


def refused(words: str) -> ValidationError:
    """Why a file is not taken, in words for the officer who chose it."""
    return ValidationError(words, code="statement")


def clean(text: str | None, most: int = MOST_TEXT) -> str:
    """A bank's words as one visible line, no longer than is kept."""
    return one_line(text or "")[:most].rstrip()


def checked(statement: Statement) -> Statement:
    """The statement, or a refusal where it has no lines, too many, or balances that its lines do not lead to."""
    if not statement.lines:
        raise refused(_("There is no movement in this file."))
    if len(statement.lines) > MOST_LINES:
        words = _("This file has more than %(most)s lines. Download a shorter time from the bank.")
        raise refused(words % {"most": f"{MOST_LINES:,}"})
    add_up(statement, statement.opening_pence, statement.closing_pence)
    return statement


def add_up(statement: Statement, opening_pence: int | None, closing_pence: int | None) -> None:
    """Refuse balances that the lines do not lead from and to; nothing to say where one of them is not known."""
    if opening_pence is None or closing_pence is None:
        return
    reached_pence = opening_pence + statement.total_pence
    if reached_pence != closing_pence:
        words = _(
            "The opening balance of %(opening)s and the lines, which come to %(lines)s, make %(reached)s. "
            "The closing balance is %(closing)s, so a line is missing or a balance is wrong."
        )
        sums = {"opening": opening_pence, "lines": statement.total_pence, "reached": reached_pence,
                "closing": closing_pence}  # fmt: skip
        raise refused(words % {name: as_pounds(amount_pence) for name, amount_pence in sums.items()})
