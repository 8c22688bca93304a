"""What waits for an officer: counted in one place, for the to-do list and for the numbers beside each section."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, Sum

from common import clock
from compliance.models import Approval
from members import allotment
from offers import unpaid as unpaid_places
from offers.choices import OFFLINE, ApplicationState, OfferState
from offers.models import Application, ShareOffer, Society
from payments import balances, paper_waiting, reconciling, suspense, ways
from payments.choices import AttemptState, BatchState, RefundState, RefundWay
from payments.models import BankAccount, CheckoutAttempt, Receipt, Refund, RefundBatch
from payments.statements import waiting as waiting_lines
from payments.statements.account import Standing, standing


@dataclass(frozen=True)
class Held:
    """Money that is held for an application without being what is due: an open exception."""

    application: Application
    held_pence: int

    @property
    def too_much_pence(self) -> int:
        """How much more is held than is due."""
        return max(self.held_pence - self.application.due_pence, 0)

    @property
    def missing_pence(self) -> int:
        """How much of what is due has not come."""
        return max(self.application.due_pence - self.held_pence, 0)


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


NOT_DONE = Q(state__in=[RefundState.DUE, RefundState.SENT, RefundState.FAILED])
STUCK = Q(way=RefundWay.STRIPE, state=RefundState.FAILED, next_try_at=None)
# Refunds by who must do something: a person because Stripe will not, the society's bank, Stripe alone, nobody any more.
REFUND_GROUPS = {
    "stuck": STUCK,
    "society": Q(way=RefundWay.SOCIETY) & NOT_DONE,
    "stripe": Q(way=RefundWay.STRIPE) & NOT_DONE & ~STUCK,
    "done": Q(state=RefundState.DONE),
}


def refunds_in(society: Society, group: str):
    """The refunds of one group, the oldest first; of those that are done, the newest."""
    rows = Refund.objects.filter(REFUND_GROUPS[group], society=society)
    order = ("-done_at", "-id") if group == "done" else ("due_at", "id")
    return rows.select_related("application__payee", "receipt", "taken_by").order_by(*order)


def refund_totals(society: Society) -> dict[str, dict]:
    """How many refunds stand in each group and how much they are, in pence; one query."""
    wanted = {}
    for group, condition in REFUND_GROUPS.items():
        wanted[f"{group}_number"] = Count("pk", filter=condition)
        wanted[f"{group}_pence"] = Sum("amount_pence", filter=condition, default=0)
    found = Refund.objects.filter(society=society).aggregate(**wanted)
    return {group: {"number": found[f"{group}_number"], "pence": found[f"{group}_pence"]} for group in REFUND_GROUPS}


def to_pay(society: Society) -> dict:
    """What the society must still pay and has not sent: how many refunds and how much, in pence."""
    rows = Refund.objects.filter(
        society=society, way=RefundWay.SOCIETY, state__in=[RefundState.DUE, RefundState.FAILED]
    )
    return rows.aggregate(number=Count("pk"), pence=Sum("amount_pence", default=0))


def batches_open(society: Society):
    """Files of refunds that wait for approval, for the bank, or for its word."""
    rows = RefundBatch.objects.filter(society=society, state__in=[BatchState.PREPARED, BatchState.SENT])
    return rows.order_by("number")


def cards_stopped(society: Society) -> list[tuple[ShareOffer, ways.NoCards]]:
    """Offers that would take payments at Stripe if something there were not wrong, each with what it is."""
    offers = ShareOffer.objects.filter(society=society, state=OfferState.PUBLISHED, cards_accepted=True)
    found = [(offer, ways.why_no_cards(offer)) for offer in offers]
    return [(offer, problem) for offer, problem in found if problem and problem.is_fault]


def paid_by_credit(society: Society):
    """Payments by credit card that passed Stripe's own refusal of them and that no officer has looked at."""
    return (
        CheckoutAttempt.objects.filter(
            society=society, state=AttemptState.SUCCEEDED, funding="credit", credit_seen_at=None
        )
        .select_related("application")
        .order_by("ended_at")
    )


def paper_to_confirm(society: Society):
    """Cheques and cash that one officer recorded and another must confirm, the oldest first."""
    return paper_waiting.waiting(society.pk).select_related("application", "recorded_by")


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
    needs_somebody = STUCK | Q(way=RefundWay.SOCIETY, state__in=[RefundState.DUE, RefundState.FAILED])
    refunds = Refund.objects.filter(needs_somebody, society=society).count()
    return {
        "office:money": refunds + suspense.waiting(society.pk).count() + paper_waiting.waiting(society.pk).count(),
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


@dataclass(frozen=True)
class Unpaid:
    """What waits for a transfer, a cheque or cash in an offer: how many applications, and how much, in pence."""

    offer: ShareOffer
    number: int
    pence: int


def unpaid(society: Society) -> list[Unpaid]:
    """Offers in which something waits to be paid by hand, so that an officer can look who holds it."""
    rows = Application.objects.filter(society=society, state=ApplicationState.AWAITING_PAYMENT, method__in=OFFLINE)
    sums = rows.order_by().values("offer").annotate(number=Count("pk"), pence=Sum("due_pence"))
    offers = ShareOffer.objects.filter(society=society).in_bulk([row["offer"] for row in sums])
    return [Unpaid(offers[row["offer"]], row["number"], row["pence"]) for row in sums]


def holding_much(society: Society) -> list[tuple[ShareOffer, list[unpaid_places.Group]]]:
    """Offers with addresses that hold much of what they may unpaid, with several applications; each with them."""
    limited = [row.offer for row in unpaid(society) if unpaid_places.limit_pence(row.offer) is not None]
    found = [(offer, [group for group in unpaid_places.groups(offer, most=50) if group.is_many]) for offer in limited]
    return [(offer, groups) for offer, groups in found if groups]


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
    stale_before = clock.now() - timedelta(days=2)
    return Clearing(
        exceptions=len(waiting),
        oldest_days=(clock.now() - waiting[0].opened_at).days if waiting else 0,
        differences=sum(len(report.differences) for report in last),
        is_stale=any(report.ended_at < stale_before for report in last),
    )
