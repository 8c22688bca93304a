"""Which payout of Stripe's a line of money in may be: by the bank's words, the sum and the day. Only a person decides.

Stripe names itself, or the bank prints the trace that Stripe knows. A line that says Stripe is no applicant's money,
unless it has an applicant's reference too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from common.money import as_pounds
from offers.models import Society
from payments import arrivals
from payments.models import BankLine, Payout
from payments.statements.finding import squeezed
from payments.statements.matching import READY

NAMED, SUM_ONLY = READY - 1, 2  # a proposal for an application that is as strong or stronger goes first
SHORTEST = 6  # signs that make words of a payout worth looking for
STRIPE = "STRIPE"


@dataclass(frozen=True)
class PayoutProposal:
    """The payout that a line may be, or none where only its words say Stripe; why, and what it stands back for."""

    why: str
    strength: int
    payout: Payout | None = None
    ready: bool = False


def propose(society: Society, lines: Sequence[BankLine], waiting: Sequence[BankLine]) -> dict:
    """The proposal for each line that may be a payout, by the line's key. `waiting`: every line that nobody decided."""
    open_ones = list(arrivals.not_seen(society.pk, on_line=True))
    back = list(arrivals.to_go_back(society.pk))
    found = {}
    for line in lines:
        proposal = _came(line, open_ones, waiting) if line.is_in else _went_back(line, back)
        if proposal:
            found[line.pk] = proposal
    return found


def _words(line: BankLine) -> str:
    return squeezed(" ".join((line.reference, line.text, line.payer)))


def _traces(line: BankLine, payout: Payout) -> bool:
    trace = squeezed(payout.reference)
    return len(trace) >= SHORTEST and trace != STRIPE and trace in _words(line)


def _went_back(line: BankLine, back: list[Payout]) -> PayoutProposal | None:
    fits = [payout for payout in back if arrivals.standing(payout).amount_pence == -line.amount_pence]
    if not fits:
        return None
    return PayoutProposal(_("A payout of this sum came, and Stripe says that it failed."), NAMED, fits[0])


def _came(line: BankLine, open_ones: list[Payout], waiting: Sequence[BankLine]) -> PayoutProposal | None:
    traced = [payout for payout in open_ones if _traces(line, payout)]
    says_stripe = bool(traced) or STRIPE in _words(line)
    exact = [payout for payout in traced or open_ones if payout.amount_pence == line.amount_pence]
    near = [payout for payout in exact if arrivals.is_near(payout, line.booked_on)]
    if near:
        payout = min(near, key=lambda payout: abs((payout.arrives_on - line.booked_on).days))
        return _of_sum_and_day(line, payout, waiting, says_stripe=says_stripe, is_alone=len(near) == 1)
    if exact and says_stripe:
        words = _("The sum is that of a payout, and Stripe foretold it for %(day)s.")
        return PayoutProposal(words % {"day": _day(exact[0])}, NAMED, exact[0])
    return _of_another_sum(line, traced, open_ones) if says_stripe else None


def _of_sum_and_day(line, payout: Payout, waiting, *, says_stripe: bool, is_alone: bool) -> PayoutProposal:
    if not says_stripe:
        return PayoutProposal(_("A payout of this sum is to arrive about this day."), SUM_ONLY, payout)
    rivals = [row for row in waiting if row.amount_pence == line.amount_pence and row.pk != line.pk]
    if is_alone and not any(STRIPE in _words(row) or _traces(row, payout) for row in rivals):
        return PayoutProposal(_("Words, sum and day are those of a payout."), NAMED, payout, ready=True)
    why = _("Words, sum and day are those of a payout, and more than one fits.")
    return PayoutProposal(why, NAMED, payout)


def _of_another_sum(line: BankLine, traced: list[Payout], open_ones: list[Payout]) -> PayoutProposal:
    due = traced or [payout for payout in open_ones if arrivals.is_near(payout, line.booked_on)]
    if len(due) == 1:
        words = _("It is from Stripe. The payout about this day is of %(sent)s, and this is %(came)s.")
        sums = {"sent": as_pounds(due[0].amount_pence), "came": as_pounds(line.amount_pence)}
        return PayoutProposal(words % sums, NAMED, due[0])
    why = _("It is from Stripe, and no payout of this sum is known here. Compare with Stripe now, then look again.")
    return PayoutProposal(why, NAMED)


def _day(payout: Payout) -> str:
    return formats.date_format(payout.arrives_on, "j F Y")
