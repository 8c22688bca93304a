"""What a line of refunds may be: some that left, one that the bank sent back, money for nobody that was returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from offers.models import Society
from payments.choices import LineKind, RefundState, RefundWay
from payments.models import BankLine, Refund
from payments.statements import names
from payments.statements.finding import squeezed
from payments.statements.waiting import of_society


@dataclass(frozen=True)
class OutProposal:
    """What a line may be: refunds that make up its sum, or the line that it sends back. Never ready."""

    why: str
    refunds: tuple[Refund, ...] = ()
    came_in: BankLine | None = None


def refunds_to_match(line: BankLine) -> QuerySet[Refund]:
    """Refunds of the society's own paying that this line may be, the oldest first.

    For money out: recorded as paid, once at least, and not seen to leave. For money in: seen to leave, not to return.
    """
    return _seen(line.society_id, out=not line.is_in)


def _seen(society_id, *, out: bool) -> QuerySet[Refund]:
    was_paid = Q(state__in=[RefundState.SENT, RefundState.DONE]) | Q(tries__gt=0)
    left, back = Count("line_parts", Q(line_parts__is_out=True)), Count("line_parts", Q(line_parts__is_out=False))
    counted = Refund.objects.filter(was_paid, society_id=society_id, way=RefundWay.SOCIETY)
    keys = counted.annotate(away=left - back).filter(away=0 if out else 1).values("pk")
    rows = Refund.objects.filter(society_id=society_id, pk__in=keys)
    return rows.select_related("application", "receipt").order_by("due_at", "pk")


def propose(society: Society, lines: Sequence[BankLine]) -> dict:
    """The best proposal for each line of money that went out, or that came back from a refund, by the line's key."""
    out, back = list(_seen(society.pk, out=True)), list(_seen(society.pk, out=False))
    kept = list(of_society(society).filter(kind=LineKind.KEPT))
    found = {line.pk: _that_came_back(line, back) if line.is_in else _that_left(line, out, kept) for line in lines}
    return {key: proposal for key, proposal in found.items() if proposal}


def _words(line: BankLine) -> str:
    return " ".join((line.reference, line.text, line.payer))


def _fits(line: BankLine, refund: Refund) -> bool:
    """Whether the line has the sum, and the reference or the name."""
    if refund.amount_pence != abs(line.amount_pence):
        return False
    return refund.application.reference in squeezed(_words(line)) or bool(
        names.alike(_words(line), refund.application.name)
    )


def _that_came_back(line: BankLine, back: list[Refund]) -> OutProposal | None:
    found = next((refund for refund in back if refund.state == RefundState.FAILED and _fits(line, refund)), None)
    return OutProposal(_("The bank sent back a refund of this sum and name."), (found,)) if found else None


def _that_left(line: BankLine, due: list[Refund], kept: list[BankLine]) -> OutProposal | None:
    plain = squeezed(_words(line))
    if named := next((refund for refund in due if _fits(line, refund)), None):
        return OutProposal(_("Sum and name or reference are those of a refund."), (named,))
    of_one = [refund for refund in due if refund.application.reference in plain]
    if of_one and sum(refund.amount_pence for refund in of_one) == -line.amount_pence:
        return OutProposal(_("The references are those of refunds, and their sums make up this one."), tuple(of_one))
    back = [row for row in kept if row.amount_pence == -line.amount_pence and row.booked_on <= line.booked_on]
    if back:
        return OutProposal(_("As much came in and was for nobody: it may have gone back."), came_in=back[0])
    exact = [refund for refund in due if refund.amount_pence == -line.amount_pence]
    if len(exact) == 1:
        return OutProposal(_("It is the only refund of exactly this sum."), (exact[0],))
    if due and sum(refund.amount_pence for refund in due) == -line.amount_pence:
        return OutProposal(_("All refunds that are open make up this sum."), tuple(due))
    return None
