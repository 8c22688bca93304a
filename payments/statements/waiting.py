"""What there is to match: lines that wait, the applications that they may be for, and the proposals between them."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import OuterRef, Q, QuerySet, Subquery

from common import clock
from offers.choices import ApplicationState, Method
from offers.models import Application, ApplicationParty, Society
from payments import balances
from payments.choices import LineKind
from payments.models import BankLine, LineDecision, Receipt
from payments.statements import matching
from payments.statements.matching import Candidate, Incoming, Proposal

SETTLED = (LineKind.RECEIPT, LineKind.REFUND, LineKind.SENT_BACK)


def with_kind(lines: QuerySet[BankLine]) -> QuerySet[BankLine]:
    """Each line with `kind`, what its newest decision says, or None while nobody has decided."""
    newest = LineDecision.objects.filter(line=OuterRef("pk")).order_by("-number")
    return lines.annotate(kind=Subquery(newest.values("kind")[:1]))


def of_society(society: Society) -> QuerySet[BankLine]:
    """All lines of a society, each with its `kind`."""
    return with_kind(BankLine.objects.filter(society=society)).select_related("account")


def undecided(society: Society) -> QuerySet[BankLine]:
    """Lines that nobody has decided, the oldest first."""
    return (
        BankLine.objects.filter(society=society, decisions=None).select_related("account").order_by("booked_on", "id")
    )


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
    found: dict[object, Proposal] = matching.propose([_incoming(line) for line in waiting], candidates(society))
    return {key: proposal for key, proposal in found.items() if key in asked}


def _incoming(line: BankLine) -> Incoming:
    words = " ".join(filter(None, (line.reference, line.text, line.payer)))
    return Incoming(line.pk, line.booked_on, line.amount_pence, line.payer, words)


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
    loose = _loose_receipts(society)
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


def _loose_receipts(society: Society) -> dict:
    found = defaultdict(list)
    rows = Receipt.objects.filter(Q(attempt=None) & Q(of_line=None), society=society)
    for application_id, *receipt, received_at in rows.values_list(
        "application_id", "pk", "amount_pence", "received_at"
    ):
        found[application_id].append((*receipt, clock.london(received_at).date()))
    return found
