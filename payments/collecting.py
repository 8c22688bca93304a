"""Collecting what was promised: once the offer has closed with its minimum reached, each promise is charged.

The worker runs it each minute. A bank that says no, or wants its customer once more, turns the promise into an
application that waits for its payment for a week, with a link by e-mail. Where the minimum was not reached nothing is
charged at all.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q, Sum

from common import clock, outbox, references
from offers import applications
from offers.choices import LIVE, ApplicationState, Collection, OfferState
from offers.models import Application, ShareOffer
from payments import checkout, gateway, methods
from payments.choices import AttemptState, PromiseState
from payments.models import CheckoutAttempt, Promise

log = structlog.get_logger("collecting")
ASKED_AGAIN_DAYS = 7  # for whoever's bank refused a promised payment, to pay on Stripe's page
KEY_LASTS = timedelta(hours=23)  # Stripe may forget a key after a day
ENDS = (PromiseState.COLLECTED, PromiseState.REFUSED, PromiseState.RELEASED)
UNDECIDED = [OfferState.PUBLISHED, OfferState.CLOSED]


def run_due() -> int:
    """All that is due of promises: charge, ask again what became of a charge, release, forget; how many moved."""
    moved = sum(collect(offer) for offer in _closed_offers())
    moved += sum(settle(promise) for promise in _charging(AttemptState.CREATED))
    moved += release_what_ended()
    return moved + forget_due()


def _closed_offers() -> list[ShareOffer]:
    """Offers that collect at their close, have closed, and have promises that wait."""
    waiting = Promise.objects.filter(state=PromiseState.HELD, application__state=ApplicationState.COMMITTED)
    rows = ShareOffer.objects.filter(
        pk__in=waiting.values("application__offer"), collection=Collection.AT_CLOSE, state__in=UNDECIDED
    )
    return [offer for offer in rows if (offer.closed_at or offer.closes_at()) <= clock.now()]


def _charging(state: str) -> list[Promise]:
    """Promises being charged whose attempt is in a state: created where an answer was lost, processing for debits."""
    rows = Promise.objects.filter(state=PromiseState.CHARGING, attempt__state=state)
    return list(rows.select_related("application__offer", "attempt").order_by("created_at")[:500])


def settle_debits() -> int:
    """Ask after promised debits that the banks have not answered; a webhook tells sooner, and may be lost."""
    return sum(settle(promise) for promise in _charging(AttemptState.PROCESSING))


def promised_and_paid(offer: ShareOffer) -> tuple[int, int, int]:
    """What is promised, what is paid and what still waits for payment in an offer, in pence, kept apart."""
    live = Application.objects.filter(society_id=offer.society_id, offer=offer, state__in=LIVE)
    sums = live.aggregate(
        promised=Sum("due_pence", filter=Q(state=ApplicationState.COMMITTED), default=0),
        paid=Sum("due_pence", filter=Q(state=ApplicationState.PAID), default=0),
        waiting=Sum("due_pence", filter=Q(state=ApplicationState.AWAITING_PAYMENT), default=0),
    )
    return sums["promised"], sums["paid"], sums["waiting"]


def kept_apart(offer: ShareOffer) -> dict[str, int]:
    """What was promised in an offer in all, and what of it was collected, refused and released, in pence.

    Empty for an offer in which nothing was ever promised.
    """
    given = Promise.objects.filter(society_id=offer.society_id, application__offer=offer, promised_at__isnull=False)
    ends = {state: Sum("amount_pence", filter=Q(state=state), default=0) for state in ENDS}
    sums = given.aggregate(promised=Sum("amount_pence"), **{state.value: total for state, total in ends.items()})
    return sums if sums["promised"] else {}


def collect(offer: ShareOffer) -> int:
    """Charge every promise of a closed offer that reached its minimum, or release them all where it did not.

    While transfers are still on their way that could make the minimum, nothing happens.
    """
    promised_pence, paid_pence, waiting_pence = promised_and_paid(offer)
    is_charging = Promise.objects.filter(
        society_id=offer.society_id,
        application__offer=offer,
        state__in=[PromiseState.CHARGING, PromiseState.COLLECTED, PromiseState.REFUSED],
    ).exists()
    held = Promise.objects.filter(
        society_id=offer.society_id,
        application__offer=offer,
        application__state=ApplicationState.COMMITTED,
        state=PromiseState.HELD,
    ).select_related("application__offer")
    if is_charging or promised_pence + paid_pence >= offer.minimum_pence:
        return sum(charge(promise) for promise in held.order_by("promised_at"))
    if waiting_pence and promised_pence + paid_pence + waiting_pence >= offer.minimum_pence:
        return 0
    return sum(release(promise, because_offer_failed=True) for promise in held)


def charge(promise: Promise) -> bool:
    """Take one promised payment. Runs outside any transaction; safe to run again or twice at once."""
    attempt = _claim(promise)
    if attempt is None:
        return False
    promise.refresh_from_db()
    return _ask(promise, attempt)


@transaction.atomic
def _claim(promise: Promise) -> CheckoutAttempt | None:
    """The attempt that charges a promise, written before the call; None if there is nothing to charge any more."""
    application = Application.objects.select_for_update(no_key=True).get(
        pk=promise.application_id, society_id=promise.society_id
    )
    promise = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk, society_id=promise.society_id)
    if promise.state != PromiseState.HELD or application.state != ApplicationState.COMMITTED:
        return None
    now = clock.now()
    number = CheckoutAttempt.objects.filter(society_id=promise.society_id, application=application).count() + 1
    attempt = CheckoutAttempt.objects.create(
        society_id=promise.society_id,
        application=application,
        number=number,
        account_id=promise.account_id,
        method=application.method,
        amount_pence=promise.amount_pence,
        idempotency_key=f"collect:{promise.pk}",
        created_at=now,
        expires_at=clock.later(now, days=ASKED_AGAIN_DAYS),
    )
    promise.state, promise.attempt = PromiseState.CHARGING, attempt
    promise.save(update_fields=["state", "attempt"])
    return attempt


def _ask(promise: Promise, attempt: CheckoutAttempt) -> bool:
    """Charge at Stripe under the attempt's key and do what follows; False while there is no word."""
    try:
        payment = gateway.charge_promise(
            account=promise.account_id,
            key=attempt.idempotency_key,
            amount_pence=attempt.amount_pence,
            customer=promise.customer_id,
            method=promise.method_id,
            reference=references.shown(promise.application.reference),
            metadata={"application": str(promise.application_id), "attempt": str(attempt.pk)},
        )
    except gateway.Unavailable as error:
        log.warning("stripe away, the promise waits", promise=str(promise.pk), reason=type(error).__name__)
        return False
    except gateway.Refused as error:
        log.warning("stripe refused the charge", promise=str(promise.pk), reason=type(error).__name__)
        _refuse(promise)
        return True
    _follow(promise, attempt, payment)
    return True


def settle(promise: Promise) -> bool:
    """Ask what became of a charge that was begun: its answer was lost, or the banks were still at it."""
    attempt = promise.attempt
    try:
        if attempt.payment_intent_id:
            payment = gateway.look_at_payment(account=promise.account_id, intent=attempt.payment_intent_id)
        else:
            mark = str(attempt.pk)
            payment = gateway.find_payment(account=promise.account_id, customer=promise.customer_id, mark=mark)
    except (gateway.Unavailable, gateway.Refused) as error:
        log.warning("no word on a charge", promise=str(promise.pk), reason=type(error).__name__)
        return False
    if payment:
        return _follow(promise, attempt, payment)
    if clock.now() < attempt.created_at + KEY_LASTS:
        return _ask(promise, attempt)
    _refuse(promise)  # it never arrived, and its key is too old to be sure of: the payer is asked
    return True


def _follow(promise: Promise, attempt: CheckoutAttempt, payment: gateway.Session) -> bool:
    """Write down what became of a charge; whether that was news."""
    before = attempt.state
    if payment.is_paid:
        checkout.apply(attempt, payment)
        Promise.objects.filter(pk=promise.pk, society_id=promise.society_id, state=PromiseState.CHARGING).update(
            state=PromiseState.COLLECTED, ended_at=clock.now()
        )
    elif payment.intent_status == "processing":
        _wait_for_the_banks(promise)
        checkout.apply(attempt, payment)
    else:
        _refuse(promise, payment)
    attempt.refresh_from_db()
    return attempt.state != before


@transaction.atomic
def _wait_for_the_banks(promise: Promise) -> None:
    """A debit is on its way: the application waits for it as any other does."""
    application, _locked = applications.lock(promise.application)
    if application.state == ApplicationState.COMMITTED:
        applications.call_in(application, pay_by_at=methods.debit_answered_by(clock.now()))


@transaction.atomic
def _refuse(promise: Promise, payment: gateway.Session | None = None) -> None:
    """The bank said no, or asks for its customer: the application waits for its payment, and its applicant is told."""
    application, _locked = applications.lock(promise.application)
    promise = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk, society_id=promise.society_id)
    if promise.state != PromiseState.CHARGING:
        return
    now = clock.now()
    promise.state, promise.ended_at = PromiseState.REFUSED, now
    promise.save(update_fields=["state", "ended_at"])
    fields = {"state": AttemptState.FAILED, "ended_at": now}
    if payment:
        fields["payment_intent_id"] = payment.payment_intent
    CheckoutAttempt.objects.filter(pk=promise.attempt_id, society_id=promise.society_id).exclude(
        state=AttemptState.FAILED
    ).update(**fields)
    if application.state in (ApplicationState.COMMITTED, ApplicationState.AWAITING_PAYMENT):
        applications.call_in(application, pay_by_at=clock.later(now, days=ASKED_AGAIN_DAYS))
    outbox.post("promise-refused", promise, to=application.email, language=application.language)


@transaction.atomic
def release(promise: Promise, *, because_offer_failed: bool = False) -> bool:
    """Let a promise go uncharged; with it its application, where the offer did not reach its minimum."""
    application, locked = applications.lock(promise.application)
    promise = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk, society_id=promise.society_id)
    if promise.state != PromiseState.HELD:
        return False
    promise.state, promise.ended_at = PromiseState.RELEASED, clock.now()
    promise.save(update_fields=["state", "ended_at"])
    if because_offer_failed and application.state == ApplicationState.COMMITTED:
        applications.release(application, locked)
        outbox.post("promise-released", promise, to=application.email, language=application.language)
    return True


def release_what_ended() -> int:
    """Release the promises of applications that were cancelled or paid in another way."""
    rows = Promise.objects.filter(state=PromiseState.HELD).exclude(application__state=ApplicationState.COMMITTED)
    return sum(release(promise) for promise in rows.select_related("application")[:500])


def forget_due() -> int:
    """Take the ways of paying away from Stripe whose promise has ended; how many were forgotten."""
    ended = Promise.objects.filter(
        state__in=[PromiseState.COLLECTED, PromiseState.REFUSED, PromiseState.RELEASED], forgotten_at=None
    ).exclude(method_id="")
    return sum(forget(promise) for promise in ended.order_by("ended_at")[:200])


def forget(promise: Promise) -> bool:
    """Forget one way of paying at Stripe; False where Stripe is away, and then it is tried again."""
    try:
        gateway.forget_method(account=promise.account_id, method=promise.method_id)
    except gateway.Unavailable:
        return False
    except gateway.Refused as error:  # it is gone already, or the account is
        log.info("nothing to forget", promise=str(promise.pk), reason=type(error).__name__)
    Promise.objects.filter(pk=promise.pk, society_id=promise.society_id).update(forgotten_at=clock.now())
    return True
