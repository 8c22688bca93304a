"""Comparing a society's books with Stripe's own lists: what is missing is posted, what cannot be is a difference.

It walks Stripe's lists and not ours, so that it finds what no webhook told and what was done in Stripe's dashboard.
Run twice it changes nothing. Its report is kept for good, with the differences that are left.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from django.db.models.fields.json import KT

from common import clock
from common.money import as_pounds
from offers.models import Society
from payments import (
    arrivals,
    charges,
    checkout,
    clearing,
    disputes,
    earlier_accounts,
    fraud_warnings,
    gateway,
    payouts,
    suspense,
)
from payments import outside_refunds as outside
from payments.choices import LIVE_ATTEMPTS, PAID_ATTEMPTS, ComparisonStep, RefundState
from payments.models import (
    CheckoutAttempt,
    ComparisonRequest,
    Dispute,
    Payout,
    Posting,
    PostingSet,
    Reconciliation,
    Refund,
    StripeAccount,
    SuspenseItem,
)

log = structlog.get_logger("reconcile")
Tell = Callable[[str, int], None]  # what is being read (ComparisonStep) and how many of it so far
EACH = 200  # so many are read before that is told
OVERLAP = timedelta(days=3)  # before the last movement seen: Stripe may book something under an earlier moment


@dataclass
class _Walk:
    """One comparison on its way. `since`: Unix seconds from which Stripe's lists are read; None for all of them."""

    society_id: uuid.UUID
    account: str
    since: int | None
    tell: Tell
    seen_up_to: int = 0
    may_look: bool = True
    counts: Counter = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def reports(society_id: uuid.UUID):
    """Every comparison of a society's, the newest first."""
    return Reconciliation.objects.filter(society_id=society_id).order_by("-ended_at", "-id")


def last(society_id: uuid.UUID) -> list[Reconciliation]:
    """The newest comparison of each Stripe account that is compared, of the one that serves the society first."""
    of_each = reports(society_id).order_by("account_id", "-ended_at", "-id").distinct("account_id")
    newest = {report.account_id: report for report in of_each.select_related("request__asked_by")}
    compared = [account.account_id for account in earlier_accounts.to_compare(society_id)]
    return [newest[account_id] for account_id in compared if account_id in newest]


def reconcile(society: Society, *, request: ComparisonRequest | None = None, tell: Tell = lambda *_: None):
    """Compare a society's books with the Stripe account that serves it, and with earlier ones that are not at nothing.

    A report for each; none for a society without an account. What Stripe does not let us see is a difference too.
    `request`: whose wish it was. `tell` hears how far it is. Runs outside any transaction.
    """
    accounts = earlier_accounts.to_compare(society.pk)
    return [_compared(society, account, request, tell) for account in accounts]


def _compared(society: Society, account: StripeAccount, request, tell: Tell) -> Reconciliation:
    began_at, before = clock.now(), reports(society.pk).filter(account_id=account.account_id).first()
    watermark_at = before and before.watermark_at
    since = int((watermark_at - OVERLAP).timestamp()) if watermark_at else None
    walk = _Walk(society.pk, account.account_id, since, tell)
    at_stripe = _go(walk)
    if account.ended_at and not walk.may_look:
        walk.differences[:] = earlier_accounts.left_with(account)
    if not walk.differences and walk.seen_up_to:
        watermark_at = max(filter(None, (watermark_at, datetime.fromtimestamp(walk.seen_up_to, UTC))))
    walk.counts["exceptions"] = suspense.waiting(society.pk).count()
    report = Reconciliation.objects.create(
        society=society,
        request=request,
        account_id=walk.account,
        began_at=began_at,
        ended_at=clock.now(),
        watermark_at=watermark_at,
        ledger_pence=clearing.balance_pence(society.pk, walk.account),
        stripe_pence=at_stripe,
        counts=dict(walk.counts),
        differences=walk.differences,
    )
    log.info("reconciled", society=society.slug, differences=len(walk.differences), **walk.counts)
    return report


def reconcile_all() -> int:
    """Compare every society's books; how many differ from Stripe."""
    found = [report for society in Society.objects.order_by("pk") for report in reconcile(society)]
    return sum(bool(report.differences) for report in found)


def _go(walk: _Walk) -> int:
    """Every list in turn, then the comparison; what Stripe says is in the balance."""
    try:
        for step, read in STEPS.items():
            walk.tell(step, 0)
            at_stripe = read(walk)
        return at_stripe
    except (gateway.Unavailable, gateway.Refused) as error:
        walk.may_look = isinstance(error, gateway.Unavailable)
        walk.differences.append(f"Stripe did not let us look: {str(error)[:200]}")
        return 0


def _counted(walk: _Walk, what: str, found: Iterator) -> Iterator:
    """One by one, counted, and told of now and then."""
    for one in found:
        walk.counts[what] += 1
        if walk.counts[what] % EACH == 0:
            walk.tell(what, walk.counts[what])
        yield one


def _own_attempts(walk: _Walk) -> None:
    """Ours that wait, or are paid without a receipt: the only list of ours that is walked."""
    mine = CheckoutAttempt.objects.filter(society_id=walk.society_id, account_id=walk.account)
    waiting = mine.filter(state__in=LIVE_ATTEMPTS) | mine.filter(state__in=PAID_ATTEMPTS, receipt=None)
    for attempt in waiting.exclude(session_id=None):
        try:
            checkout.sync(attempt)
        except gateway.Refused as refusal:
            if not refusal.is_unknown:
                raise
            # the page is gone at Stripe: the lapsing job gives it up in its time, and names it


def _sessions(walk: _Walk) -> None:
    for session in _counted(walk, "sessions", gateway.all_sessions(account=walk.account, since=walk.since)):
        attempt = CheckoutAttempt.objects.filter(
            society_id=walk.society_id, pk=charges.row_id(session.attempt), account_id=walk.account
        ).first()
        if attempt is None:
            continue  # not of ours; if it was paid, its charge is looked at
        if attempt.session_id is None:
            attempt = checkout.learn_page(attempt, session.id)
        over = session.status != "open" and attempt.state in LIVE_ATTEMPTS
        if over or (session.is_paid and not hasattr(attempt, "receipt")):
            checkout.apply(attempt, session)


def _movements(walk: _Walk) -> None:
    """Post what is missing, and see that what is posted is what Stripe says."""
    walk.counts["movements"] = 0
    posted = _posted_lines(walk)
    for movement in _counted(walk, "movements", gateway.all_movements(account=walk.account, since=walk.since)):
        walk.seen_up_to = max(walk.seen_up_to, movement.created)
        if movement.id not in posted:
            walk.counts["posted"] += clearing.post(walk.society_id, walk.account, movement)
            if movement.type == "refund_failure":
                outside.apply(walk.account, gateway.look_at_refund(account=walk.account, refund=movement.source))
        elif posted[movement.id] != clearing.lines_of(movement):
            walk.differences.append(f"{movement.id} is posted as another sum than Stripe’s {movement.net_pence} p net.")


def _posted_lines(walk: _Walk) -> dict[str, dict[str, int]]:
    """What is posted of Stripe's movements since the walk's beginning, by their ids."""
    rows = Posting.objects.filter(society_id=walk.society_id, set__account_id=walk.account)
    if walk.since:
        rows = rows.filter(set__happened_at__gte=datetime.fromtimestamp(walk.since, UTC))
    found: dict[str, dict[str, int]] = {}
    for key, account, pence in rows.values_list("set__key", "account", "amount_pence").iterator(5000):
        found.setdefault(key, {})[account] = pence
    return found


def _refunds(walk: _Walk) -> None:
    seen = set()
    for sent in _counted(walk, "refunds", gateway.all_refunds(account=walk.account, since=walk.since)):
        seen.add(sent.id)
        done = Refund.objects.filter(society_id=walk.society_id, stripe_id=sent.id, state=RefundState.DONE)
        if sent.status == "succeeded" and done.exists():
            continue
        outside.apply(walk.account, sent)
        if sent.payment_intent:
            charges.look(walk.account, sent.payment_intent, is_last_word=True)
    begins = datetime.fromtimestamp(walk.since or 0, UTC)
    ours = Refund.objects.filter(
        society_id=walk.society_id,
        state=RefundState.DONE,
        stripe_id__startswith="re_",
        receipt__attempt__account_id=walk.account,
        due_at__gte=begins,
    )
    for stripe_id in ours.exclude(stripe_id__in=seen).values_list("stripe_id", flat=True):
        walk.differences.append(f"Refund {stripe_id} is done here, and Stripe does not list it.")


def _by_hand(walk: _Walk) -> None:
    """What the society paid back itself of money that came through Stripe."""
    ours = Refund.objects.filter(society_id=walk.society_id, receipt__attempt__account_id=walk.account, stripe_id=None)
    for refund in ours.exclude(done_how="").iterator(1000):
        walk.counts["by hand"] += clearing.book_by_hand(refund)


def _disputes(walk: _Walk) -> None:
    """All of them: one may be decided months after it began."""
    known = dict(Dispute.objects.filter(society_id=walk.society_id).values_list("stripe_id", "state"))
    for remote in _counted(walk, "disputes", gateway.all_disputes(account=walk.account)):
        if known.get(remote.id) != disputes.STATES.get(remote.status):
            disputes.apply(walk.account, remote)


def _payouts(walk: _Walk) -> None:
    rows = Payout.objects.filter(society_id=walk.society_id)
    known = {stripe_id: rest for stripe_id, *rest in rows.values_list("stripe_id", "state", "reference")}
    for remote in _counted(walk, "payouts", gateway.all_payouts(account=walk.account)):
        if known.get(remote.id) != [payouts.STATES.get(remote.status), remote.reference[:60]]:
            payouts.apply(walk.account, remote)
    arrivals.name_missing(walk.society_id)


def _unplaced(walk: _Walk):
    """Charges that are posted and belong to no application and to no exception."""
    placed = CheckoutAttempt.objects.filter(society_id=walk.society_id, receipt__isnull=False).exclude(charge_id="")
    named = SuspenseItem.objects.filter(society_id=walk.society_id)
    return (
        PostingSet.objects.filter(society_id=walk.society_id, account_id=walk.account, kind__in=clearing.CHARGES)
        .exclude(source__in=placed.values("charge_id"))
        .exclude(source__in=named.values("subject"))
        .exclude(source__in=named.filter(facts__has_key="charge").annotate(of=KT("facts__charge")).values("of"))
        .values_list("source", flat=True)
    )


def _place_charges(walk: _Walk) -> None:
    """Each charge that nobody has placed: its payment says whose it is, or it becomes an exception."""
    for charge in list(_unplaced(walk)):
        intent = gateway.payment_of_charge(account=walk.account, charge=charge)
        if intent:
            charges.look(walk.account, intent, is_last_word=True)
        else:
            charges.orphan(walk.account, charge)


def _warnings(walk: _Walk) -> None:
    for warning in _counted(walk, "warnings", gateway.all_warnings(account=walk.account, since=walk.since)):
        fraud_warnings.apply(walk.account, warning, is_last_word=True)


def _compare(walk: _Walk) -> int:
    """The sum at the end. Where it differs, all movements are read once more: some may have come while we looked."""
    at_stripe = gateway.balance_pence(account=walk.account)
    if clearing.balance_pence(walk.society_id, walk.account) != at_stripe:
        walk.since = None
        walk.differences.clear()
        _movements(walk)
        _place_charges(walk)
        at_stripe = gateway.balance_pence(account=walk.account)
    here = clearing.balance_pence(walk.society_id, walk.account)
    if here != at_stripe:
        walk.differences.append(
            f"The ledger says {as_pounds(here)} is at Stripe, and Stripe says {as_pounds(at_stripe)}."
        )
    for charge in _unplaced(walk):
        walk.differences.append(f"Charge {charge} belongs to no application and to no exception.")
    return at_stripe


S = ComparisonStep
# In this order: whose a payment is comes before what became of it.
STEPS: dict[str, Callable[[_Walk], int | None]] = {
    S.ATTEMPTS: _own_attempts,
    S.SESSIONS: _sessions,
    S.MOVEMENTS: _movements,
    S.CHARGES: _place_charges,
    S.REFUNDS: _refunds,
    S.BY_HAND: _by_hand,
    S.DISPUTES: _disputes,
    S.PAYOUTS: _payouts,
    S.WARNINGS: _warnings,
    S.BALANCE: _compare,
}
