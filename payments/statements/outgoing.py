"""What money that went out may have been: refunds that are due or marked as paid, money for nobody sent back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from offers.models import Society
from payments.choices import LineKind
from payments.models import BankLine, Refund
from payments.statements import names
from payments.statements.finding import squeezed
from payments.statements.waiting import of_society


@dataclass(frozen=True)
class OutProposal:
    """What a line that went out may be: refunds that make up its sum, or the line that it sends back. Never ready."""

    why: str
    refunds: tuple[Refund, ...] = ()
    came_in: BankLine | None = None


def refunds_by_bank(society: Society) -> QuerySet[Refund]:
    """Refunds that leave by the bank and have no line yet, the oldest first."""
    return (
        Refund.objects.filter(society=society, receipt__attempt=None, of_line=None)
        .select_related("application", "receipt")
        .order_by("due_at", "pk")
    )


def propose(society: Society, lines: Sequence[BankLine]) -> dict:
    """The best proposal for each line of money that went out, by the line's key."""
    going_out = [line for line in lines if not line.is_in]
    if not going_out:
        return {}
    due = list(refunds_by_bank(society))
    kept = list(of_society(society).filter(kind=LineKind.KEPT))
    found = {line.pk: _of_line(line, due, kept) for line in going_out}
    return {key: proposal for key, proposal in found.items() if proposal}


def _of_line(line: BankLine, due: list[Refund], kept: list[BankLine]) -> OutProposal | None:
    words = " ".join((line.reference, line.text, line.payer))
    plain = squeezed(words)
    exact = [refund for refund in due if refund.amount_pence == -line.amount_pence]
    named = [
        refund
        for refund in exact
        if refund.application.reference in plain or names.alike(words, refund.application.name)
    ]
    if named:
        return OutProposal(_("Sum and name or reference are those of a refund."), (named[0],))
    of_one = [refund for refund in due if refund.application.reference in plain]
    if of_one and sum(refund.amount_pence for refund in of_one) == -line.amount_pence:
        return OutProposal(_("The references are those of refunds, and their sums make up this one."), tuple(of_one))
    back = [row for row in kept if row.amount_pence == -line.amount_pence and row.booked_on <= line.booked_on]
    if back:
        return OutProposal(_("As much came in and was for nobody: it may have gone back."), came_in=back[0])
    if len(exact) == 1:
        return OutProposal(_("It is the only refund of exactly this sum."), (exact[0],))
    if due and sum(refund.amount_pence for refund in due) == -line.amount_pence:
        return OutProposal(_("All refunds that are open make up this sum."), tuple(due))
    return None
