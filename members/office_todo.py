"""What waits for an officer: counted in one place, for the to-do list and for the numbers beside each section."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Q, Sum

from common import clock
from compliance.models import Approval
from members import allotment
from offers.choices import ApplicationState, OfferState
from offers.models import Application, ShareOffer, Society
from payments import balances
from payments.choices import RefundState
from payments.models import BankAccount, Receipt, Refund
from payments.statements import waiting as waiting_lines
from payments.statements.account import Standing, standing


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
    """How much waits in each section, for the number beside it; two queries."""
    waiting = Refund.objects.filter(society=society, state__in=[RefundState.DUE, RefundState.FAILED])
    by_kind = waiting.aggregate(
        hand=Count("pk", filter=Q(receipt__attempt=None)), failed=Count("pk", filter=Q(state="failed"))
    )
    return {
        "office:money": by_kind["hand"] + by_kind["failed"],
        "office:bank": waiting_lines.undecided(society).count(),
    }


@dataclass(frozen=True)
class BankLines:
    """How many lines, what they come to in pence, and how many days the oldest is old."""

    number: int
    pence: int
    days: int


def bank_waiting(society: Society) -> BankLines:
    """Lines of the bank that nobody has decided."""
    return _counted(waiting_lines.undecided(society))


def bank_kept(society: Society) -> BankLines:
    """Money that came in and is for nobody that we know."""
    return _counted(waiting_lines.kept(society))


def _counted(lines) -> BankLines:
    found = lines.order_by().aggregate(n=Count("pk"), pence=Sum("amount_pence", default=0), oldest=Min("booked_on"))
    return BankLines(found["n"], found["pence"], (clock.today() - found["oldest"]).days if found["oldest"] else 0)


def accounts_that_differ(society: Society) -> list[tuple[BankAccount, Standing]]:
    """Accounts whose last statement closes with another sum than their lines lead to: a statement is missing."""
    found = [(account, standing(account)) for account in BankAccount.objects.filter(society=society)]
    return [(account, stands) for account, stands in found if stands and stands.differs_pence]


def awaiting(society: Society) -> dict:
    """Unpaid applications to open offers: how many and how much, in pence."""
    rows = Application.objects.filter(society=society, state=ApplicationState.AWAITING_PAYMENT)
    return rows.aggregate(number=Count("pk"), pence=Sum("due_pence", default=0))


def closing_soon(society: Society, *, within_days: int = 14) -> list[ShareOffer]:
    """Open offers whose last day is near."""
    today = clock.today()
    offers = ShareOffer.objects.filter(society=society, state=OfferState.PUBLISHED, closes_on__gte=today)
    return [offer for offer in offers.order_by("closes_on") if (offer.closes_on - today).days <= within_days]
