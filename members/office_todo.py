"""What waits for an officer: counted in one place, for the to-do list and for the numbers beside each section."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, Sum

from common import clock
from compliance.models import Approval
from members import allotment
from offers.choices import ApplicationState, OfferState
from offers.models import Application, ShareOffer, Society
from payments import balances, reconciling, suspense
from payments.choices import RefundState
from payments.models import Receipt, Refund


@dataclass(frozen=True)
class Held:
    """Money that is held for an application without being what is due: an open exception."""

    application: Application
    held_pence: int


def exceptions(society: Society) -> list[Held]:
    """Applications that wait or have lapsed and for which some money is held; the oldest first."""
    has_money = Receipt.objects.filter(application=OuterRef("pk"), society=society)
    rows = Application.objects.filter(
        Exists(has_money),
        society=society,
        state__in=[ApplicationState.AWAITING_PAYMENT, ApplicationState.LAPSED],
        offer__decided_at=None,
    ).select_related("offer")
    held = [Held(application, balances.held_pence(application)) for application in rows.order_by("submitted_at")]
    return [row for row in held if row.held_pence]


def refunds_due(society: Society):
    """Refunds that are not done: those that an officer pays by hand, and card refunds that wait or failed."""
    return (
        Refund.objects.filter(society=society)
        .exclude(state=RefundState.DONE)
        .select_related("application", "receipt")
        .order_by("due_at", "id")
    )


def by_hand(refund: Refund) -> bool:
    """Whether a person pays it back: a transfer or a cheque."""
    return refund.receipt.attempt_id is None


def approvals_waiting(society: Society):
    """Acts that one officer has prepared and another must approve."""
    return (
        Approval.objects.filter(society=society, used_at=None, voided_at=None)
        .select_related("prepared_by", "approved_by")
        .order_by("prepared_at")
    )


def to_decide(society: Society) -> list[ShareOffer]:
    """Offers that have closed and may be decided now."""
    closing = ShareOffer.objects.filter(society=society, state__in=[OfferState.PUBLISHED, OfferState.CLOSED])
    return [offer for offer in closing if allotment.may_be_decided(offer)]


def counts(society: Society) -> dict[str, int]:
    """How much waits in each section, for the number beside it; one query."""
    waiting = Refund.objects.filter(society=society, state__in=[RefundState.DUE, RefundState.FAILED])
    by_kind = waiting.aggregate(
        hand=Count("pk", filter=Q(receipt__attempt=None)), failed=Count("pk", filter=Q(state="failed"))
    )
    return {"office:money": by_kind["hand"] + by_kind["failed"] + suspense.waiting(society.pk).count()}


def awaiting(society: Society) -> dict:
    """Unpaid applications to open offers: how many and how much, in pence."""
    rows = Application.objects.filter(society=society, state=ApplicationState.AWAITING_PAYMENT)
    return rows.aggregate(number=Count("pk"), pence=Sum("due_pence", default=0))


def closing_soon(society: Society, *, within_days: int = 14) -> list[ShareOffer]:
    """Open offers whose last day is near."""
    today = clock.today()
    offers = ShareOffer.objects.filter(society=society, state=OfferState.PUBLISHED, closes_on__gte=today)
    return [offer for offer in offers.order_by("closes_on") if (offer.closes_on - today).days <= within_days]


@dataclass(frozen=True)
class Clearing:
    """What waits at Stripe: open exceptions, the oldest of them in days, and whether the last comparison is right."""

    exceptions: int
    oldest_days: int
    differences: int
    is_stale: bool


def clearing(society: Society) -> Clearing:
    """How the society's money at Stripe stands. A comparison is made each night: one of two days ago is stale."""
    waiting, last = list(suspense.waiting(society.pk)), reconciling.last(society.pk)
    return Clearing(
        exceptions=len(waiting),
        oldest_days=(clock.now() - waiting[0].opened_at).days if waiting else 0,
        differences=len(last.differences) if last else 0,
        is_stale=bool(last) and clock.now() - last.ended_at > timedelta(days=2),
    )
