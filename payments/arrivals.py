"""Payouts that reach the bank: seen on a line of a statement or on paper, each once, and named where they are not.

Stripe's word that a payout is paid moves nothing in the books: what was paid out is on its way until somebody has seen
it at the bank. Lock order: the bank account's row where there is a line, then the payout's row.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from common import audit, clock
from common.money import as_pounds
from payments import clearing, suspense
from payments.choices import PayoutState, SuspenseKind
from payments.models import BankLine, LineDecision, Payout, PayoutArrival, StatementImport, SuspenseItem

BEFORE_DAYS, AFTER_DAYS = 2, 5  # how far the bank's day may be from the one that Stripe foretold
ON_ITS_WAY = (PayoutState.PENDING, PayoutState.IN_TRANSIT, PayoutState.PAID)


def _standing(*, is_in: bool, **of) -> QuerySet[PayoutArrival]:
    return PayoutArrival.objects.filter(payout=OuterRef("pk"), is_in=is_in, released_at=None, **of)


def not_seen(society_id: uuid.UUID, *, on_line: bool = False) -> QuerySet[Payout]:
    """Payouts that are on their way, the oldest first; `on_line`: those too that were seen on paper only."""
    seen = _standing(is_in=True, decision__isnull=False) if on_line else _standing(is_in=True)
    return Payout.objects.filter(~Exists(seen), society_id=society_id, state__in=ON_ITS_WAY).order_by("created_at")


def to_come_in(society_id: uuid.UUID) -> QuerySet[Payout]:
    """Payouts that a line of money in may be: on their way, or said to have failed and at the bank all the same."""
    came = Exists(_standing(is_in=True, decision__isnull=False))
    rows = Payout.objects.filter(~came, society_id=society_id).exclude(state=PayoutState.CANCELED)
    return rows.order_by("-created_at")


def to_go_back(society_id: uuid.UUID) -> QuerySet[Payout]:
    """Payouts that failed after they had come: the bank takes the money back by a line of its own."""
    came, went = Exists(_standing(is_in=True)), Exists(_standing(is_in=False))
    return Payout.objects.filter(came, ~went, society_id=society_id, state=PayoutState.FAILED).order_by("created_at")


def standing(payout: Payout, *, is_in: bool = True) -> PayoutArrival | None:
    """How a payout was seen at the bank, or seen to leave it again; None while it was not."""
    rows = PayoutArrival.objects.filter(society_id=payout.society_id, payout=payout, is_in=is_in, released_at=None)
    return rows.select_related("decision__line", "recorded_by").first()


def is_near(payout: Payout, day: date) -> bool:
    """Whether a day of the bank's fits the day that Stripe foretold."""
    return -BEFORE_DAYS <= (day - payout.arrives_on).days <= AFTER_DAYS


@transaction.atomic
def see_on_paper(payout: Payout, *, amount_pence: int, seen_on: date, by) -> PayoutArrival:
    """An officer has seen a payout on a statement that is not imported here. Twice the same is once.

    Another sum than Stripe sent opens an exception. ValidationError for a day to come, a payout that was cancelled or
    has not been made yet by then, or one that was seen otherwise.
    """
    row = _lock(payout)
    if amount_pence <= 0:
        raise ValidationError(_("Enter an amount above £0."))
    if seen_on > clock.today():
        raise ValidationError(_("The money cannot have arrived in the future."))
    if seen_on < clock.london(row.created_at).date():
        raise ValidationError(_("The payout was made only after that day."))
    if (earlier := standing(row)) and (earlier.amount_pence, earlier.seen_on) == (amount_pence, seen_on):
        return earlier
    return _see(row, amount_pence=amount_pence, seen_on=seen_on, is_in=True, by=by)


def see_on_line(payout: Payout, decision: LineDecision, *, by) -> PayoutArrival:
    """A line of the bank is this payout, coming or going back. The caller holds the account's row and has decided.

    What was seen on paper before is this line now. ValidationError where another line is this payout.
    """
    row, line = _lock(payout), decision.line
    before = standing(row, is_in=line.is_in)
    if before and before.decision_id is None:
        _release(before, by)
    return _see(
        row, amount_pence=abs(line.amount_pence), seen_on=line.booked_on, is_in=line.is_in, by=by, decision=decision
    )


def _lock(payout: Payout) -> Payout:
    return Payout.objects.select_for_update(no_key=True).get(pk=payout.pk, society_id=payout.society_id)


def _see(row: Payout, *, amount_pence: int, seen_on: date, is_in: bool, by, decision=None) -> PayoutArrival:
    if before := standing(row, is_in=is_in):
        words = _("This payout was seen at the bank already, on %(day)s.")
        raise ValidationError(words % {"day": formats.date_format(before.seen_on, "j F Y")})
    if row.state == PayoutState.CANCELED:
        raise ValidationError(_("Stripe says that this payout was cancelled."))
    if not is_in and (row.state != PayoutState.FAILED or standing(row) is None):
        raise ValidationError(_("Only a payout that came and then failed can go back."))
    arrival = PayoutArrival.objects.create(
        society_id=row.society_id, payout=row, decision=decision, is_in=is_in, amount_pence=amount_pence,
        seen_on=seen_on, recorded_at=clock.now(), recorded_by=by,
    )  # fmt: skip
    clearing.book_arrival(arrival)
    if is_in:
        words = "It was seen at the bank."
        suspense.close(SuspenseKind.PAYOUT_NOT_SEEN, row.stripe_id, society_id=row.society_id, words=words)
        _name_difference(arrival)
    audit.note("payout.seen", society_id=row.society_id, subject_id=row.pk, by=by, amount_pence=amount_pence)
    return arrival


def _subject(arrival: PayoutArrival) -> str:
    """What an exception about an arrival is about: the payout, and which time it was seen."""
    times = PayoutArrival.objects.filter(payout=arrival.payout, society_id=arrival.society_id, is_in=True)
    number = times.filter(recorded_at__lte=arrival.recorded_at).count()
    return arrival.payout.stripe_id if number == 1 else f"{arrival.payout.stripe_id} ({number})"


def _name_difference(arrival: PayoutArrival) -> None:
    payout = arrival.payout
    if arrival.amount_pence != payout.amount_pence:
        suspense.open_item(
            SuspenseKind.PAYOUT_AMOUNT,
            _subject(arrival),
            society_id=payout.society_id,
            account_id=payout.account_id,
            amount_pence=abs(payout.amount_pence - arrival.amount_pence),
            source=payout.stripe_id,
            sent=as_pounds(payout.amount_pence),
            came=as_pounds(arrival.amount_pence),
        )


@transaction.atomic
def release(arrival: PayoutArrival, *, by) -> None:
    """It was a mistake: the payout is on its way again. ValidationError where something was built on it.

    Of a bank line, the line is decided anew and not this.
    """
    if arrival.decision_id:
        raise ValidationError(_("A line of the bank is this payout: say on its page what it is instead."))
    _lock(arrival.payout)
    found = PayoutArrival.objects.filter(pk=arrival.pk, society_id=arrival.society_id, released_at=None).first()
    if found:
        _release(found, by)


def release_of(decision: LineDecision, *, by) -> None:
    """A line was taken for a payout and is something else: its payout is on its way again. The caller decides anew."""
    found = PayoutArrival.objects.filter(society_id=decision.society_id, decision=decision, released_at=None)
    for arrival in found.select_related("payout"):
        _lock(arrival.payout)
        _release(arrival, by)


def _release(arrival: PayoutArrival, by) -> None:
    if arrival.is_in and standing(arrival.payout, is_in=False):
        raise ValidationError(_("The bank took this payout back by another line. Take that one up first."))
    kind, subject, of = SuspenseKind.PAYOUT_AMOUNT, _subject(arrival), arrival.society_id
    if arrival.is_in:
        if SuspenseItem.objects.filter(society_id=of, kind=kind, subject=subject, resolved_by__isnull=False).exists():
            raise ValidationError(_("What was wrong with its sum has been settled, so it stands."))
        suspense.close(kind, subject, society_id=of, words="It was not this payout.")
    arrival.released_at, arrival.released_by = clock.now(), by
    arrival.save(update_fields=["released_at", "released_by"])
    clearing.book_arrival(arrival)
    audit.note("payout.not-seen", society_id=of, subject_id=arrival.payout_id, by=by)


def name_missing(society_id: uuid.UUID) -> None:
    """Name the payouts that Stripe calls paid and that the bank's statements of those days do not have.

    Only days that the imported statements reach to; a line of the sum that nobody has decided yet is no fault.
    """
    spans = StatementImport.objects.filter(society_id=society_id).order_by().values("account")
    covered = Q()
    for span in spans.annotate(first=Min("first_on"), last=Max("last_on")):
        covered |= Q(arrives_on__gte=span["first"], arrives_on__lte=span["last"] - timedelta(days=AFTER_DAYS))
    if not covered:
        return
    undecided = BankLine.objects.filter(
        ~Exists(LineDecision.objects.filter(line=OuterRef("pk"))), society_id=society_id,
        amount_pence=OuterRef("amount_pence"), booked_on__gte=OuterRef("arrives_on") - timedelta(days=BEFORE_DAYS),
    )  # fmt: skip
    for payout in not_seen(society_id).filter(covered, ~Exists(undecided), state=PayoutState.PAID):
        suspense.open_item(
            SuspenseKind.PAYOUT_NOT_SEEN,
            payout.stripe_id,
            society_id=society_id,
            account_id=payout.account_id,
            amount_pence=payout.amount_pence,
            arrives_on=payout.arrives_on.isoformat(),
        )
