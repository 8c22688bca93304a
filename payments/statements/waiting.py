"""What there is to match: lines that wait, the applications that they may be for, and the proposals between them."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from common import clock
from offers.choices import BY_HAND, ApplicationState, Method
from offers.models import Application, ApplicationParty, Society
from payments import balances
from payments.choices import LineKind
from payments.models import BankLine, LineDecision, Receipt
from payments.statements import matching
from payments.statements.matching import Candidate, Incoming, Proposal


def of_society(society: Society) -> QuerySet[BankLine]:
    """All lines of a society, each with its `kind`: what its newest decision says, None while the line waits."""
    newest = LineDecision.objects.filter(line=OuterRef("pk")).order_by("-number")
    kind = Case(When(pk__in=_undone(society), then=None), default=Subquery(newest.values("kind")[:1]))
    return BankLine.objects.filter(society=society).annotate(kind=kind).select_related("account")


def _undone(society: Society) -> QuerySet:
    """Keys of lines that wait again, because a receipt of their newest decision was undone."""
    later = LineDecision.objects.filter(line=OuterRef("line"), number__gt=OuterRef("number"))
    contra = LineDecision.objects.filter(society=society, receipts__receipt__reversal__isnull=False)
    return contra.filter(~Exists(later)).values("line")


def undecided(society: Society) -> QuerySet[BankLine]:
    """Lines that wait: nobody has decided them, or a receipt of theirs was undone. The oldest first."""
    decided = LineDecision.objects.filter(line=OuterRef("pk"))
    rows = BankLine.objects.filter(~Exists(decided) | Q(pk__in=_undone(society)), society=society)
    return rows.select_related("account").order_by("booked_on", "id")


def standing_parts(line: BankLine) -> list[Receipt]:
    """Of a line that waits again, the receipts that stand: the rest of it is looked for."""
    newest = LineDecision.objects.filter(society_id=line.society_id, line=line).order_by("-number").first()
    if newest is None or newest.is_settled:
        return []
    rows = Receipt.objects.filter(society_id=line.society_id, line_parts__decision=newest, reversal=None)
    return list(rows.order_by("pk"))


def kept(society: Society) -> QuerySet[BankLine]:
    """Money that is for nobody we know: open exceptions, the oldest first."""
    return of_society(society).filter(kind=LineKind.KEPT).order_by("booked_on", "id")


def proposals(society: Society, lines: list[BankLine]) -> dict:
    """The best proposal for each line of money that came in, by the line's key. All waiting lines are looked at.

    Lines that are not asked for are looked at too, since two of them may want the same application's money.
    """
    waiting = [line for line in undecided(society) if line.is_in]
    asked = {line.pk for line in lines}
    waiting += [line for line in lines if line.is_in and line.pk not in {row.pk for row in waiting}]
    if not any(line.pk in asked for line in waiting):
        return {}
    again = set(BankLine.objects.filter(pk__in=_undone(society)).values_list("pk", flat=True))
    incoming = [_incoming(line, again) for line in waiting]
    found: dict[object, Proposal] = matching.propose(incoming, candidates(society))
    found |= {line.pk: moved for line in waiting if line.pk in again & asked and (moved := _moved(line))}
    return {key: proposal for key, proposal in found.items() if key in asked}


def _incoming(line: BankLine, again: set) -> Incoming:
    """A line as the matching sees it; of one that waits again, what its standing receipts leave of it."""
    words = " ".join(filter(None, (line.reference, line.text, line.payer)))
    standing_pence = sum(receipt.amount_pence for receipt in standing_parts(line)) if line.pk in again else 0
    return Incoming(line.pk, line.booked_on, line.amount_pence - standing_pence, line.payer, words, line.pk in again)


def _moved(line: BankLine) -> Proposal | None:
    """The receipt that took the place of the one that was undone, if two officers moved the money."""
    undone = Receipt.objects.filter(society_id=line.society_id, line_parts__decision__line=line, reversal__isnull=False)
    moved = Receipt.objects.filter(
        society_id=line.society_id, attempt=None, reverses=None, reversal=None, line_parts=None,
        amount_pence__in=undone.values("amount_pence"), received_at__in=undone.values("received_at"),
    ).first()  # fmt: skip
    if moved is None:
        return None
    why = _("It was undone, and moved to this application.")
    parts = ((moved.application_id, moved.amount_pence),)
    return Proposal(line.pk, parts, why, matching.READY - 1, (moved.pk,))


def candidates(society: Society) -> list[Candidate]:
    """Every application of the society as the matching sees it; a handful of queries whatever their number."""
    rows = list(
        Application.objects.filter(society=society).only(
            "reference", "name", "due_pence", "state", "method", "pay_by_at", "offer_id", "society_id"
        )
    )
    waits = {row.pk for row in rows if row.state == ApplicationState.AWAITING_PAYMENT}
    held = {}
    for offer_id in {row.offer_id for row in rows if row.pk in waits}:
        held |= balances.held_in_offer(society.pk, offer_id)
    names = defaultdict(set)
    parties = ApplicationParty.objects.filter(society=society, application_id__in=waits)
    for application_id, name in parties.values_list("application_id", "party__name"):
        names[application_id].add(name)
    loose = _loose_by_application(society)
    return [
        Candidate(
            key=row.pk,
            reference=row.reference,
            name=row.name,
            names=tuple(sorted({row.name, *names[row.pk]})),
            wanting_pence=max(row.due_pence - held.get(row.pk, 0), 0) if row.pk in waits else 0,
            is_waiting=row.pk in waits,
            by_card=row.method == Method.CARD,
            last_day=clock.london(row.pay_by_at).date(),
            loose=tuple(loose[row.pk]),
        )
        for row in rows
    ]


def loose_receipts(society: Society) -> QuerySet[Receipt]:
    """Receipts that people recorded and that no line shows yet."""
    return Receipt.objects.filter(society=society, attempt=None, line_parts=None, reverses=None, reversal=None)


def by_hand_without_line(society: Society) -> QuerySet[Receipt]:
    """Cheques and cash that two officers confirmed and that no line shows yet, the oldest first."""
    return loose_receipts(society).filter(method__in=BY_HAND).order_by("received_at", "pk")


def _loose_by_application(society: Society) -> dict:
    found = defaultdict(list)
    rows = loose_receipts(society)
    for application_id, *receipt, received_at in rows.values_list(
        "application_id", "pk", "amount_pence", "received_at"
    ):
        found[application_id].append((*receipt, clock.london(received_at).date()))
    return found
