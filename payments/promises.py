"""Promising a payment: a card or an account is kept at Stripe, and charged only if the offer reaches its minimum.

For offers that collect at the close (`Collection.AT_CLOSE`). Until then nobody's money is anywhere but with them.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, references
from offers import applications
from offers.choices import ONLINE, ApplicationState, Collection, Method
from offers.models import Application
from payments import card_testing, gateway, ways
from payments.card_testing import Visitor
from payments.checkout import LEAST_OPEN, MOST_OPEN, NOBODY, NoCards
from payments.choices import LIVE_PROMISES, PromiseState
from payments.models import Promise
from payments.tariffs import tariff

SLACK = timedelta(seconds=20)


def is_promised(application: Application) -> bool:
    """Whether this application is paid by a promise: not once a bank has refused it, for then it is paid at once."""
    return (
        application.offer.collection == Collection.AT_CLOSE
        and application.method in ONLINE
        and not _of(application).filter(state=PromiseState.REFUSED).exists()
    )


def _of(application: Application):
    return Promise.objects.filter(society_id=application.society_id, application=application)


def start(application: Application, *, success_url: str, cancel_url: str, visitor: Visitor = NOBODY) -> str:
    """The address of Stripe's page for a promise, made now or open already. `visitor`: for whom tries are counted.

    ValidationError where the application no longer waits, the offer has closed or payments at Stripe are off;
    gateway.Unavailable or gateway.Refused from Stripe, and then it can be started again.
    """
    if application.method == Method.CARD:
        card_testing.refuse_if_stopped(application, visitor)
    promise = _promise(application, visitor)
    if promise.state == PromiseState.OPEN and promise.expires_at <= clock.now():
        sync(promise)  # its page has expired, and nobody told us yet
        promise = _promise(application, visitor)
    if promise.state == PromiseState.OPEN:
        return promise.session_url
    wanted = tariff(clock.today()).methods[application.method].stripe_type
    try:
        session = gateway.open_promise(
            account=promise.account_id,
            key=promise.idempotency_key,
            reference=references.shown(application.reference),
            email=application.email,
            expires_at=int(promise.expires_at.timestamp()),
            success_url=success_url,
            cancel_url=cancel_url,
            metadata={"application": str(application.pk), "promise": str(promise.pk)},
            method=wanted,
        )
    except gateway.Refused:
        _expire(promise)  # the next start takes a new number and a new key
        raise
    if set(session.methods) != {wanted}:  # Stripe leaves out silently what it does not offer
        gateway.close_promise(account=promise.account_id, session=session.id)
        _expire(promise)
        raise NoCards(_("Stripe does not offer this way of paying for this sum now. Please choose another."))
    Promise.objects.filter(pk=promise.pk, society_id=promise.society_id, state=PromiseState.CREATED).update(
        state=PromiseState.OPEN, session_id=session.id, session_url=session.url
    )
    return session.url


@transaction.atomic
def _promise(application: Application, visitor: Visitor) -> Promise:
    """The live promise of an application that is still to be given, or a new one, under the application's row."""
    application = (
        Application.objects.select_for_update(no_key=True, of=("self",))
        .select_related("offer")
        .get(pk=application.pk, society_id=application.society_id)
    )
    if application.state != ApplicationState.AWAITING_PAYMENT or not is_promised(application):
        raise ValidationError(_("This application no longer waits for a promise."))
    if not application.offer.is_open():
        raise ValidationError(_("The offer has closed, so nothing can be promised any more."))
    if problem := ways.why_no_cards(application.offer):
        raise NoCards(problem.to_buyer)
    if application.method not in ways.usable(application.offer, application.due_pence):
        raise NoCards(_("This way of paying is not offered for this sum. Please choose another."))
    now, mine = clock.now(), _of(application)
    for promise in mine.filter(state__in=LIVE_PROMISES):
        if promise.state != PromiseState.CREATED or promise.expires_at >= now + LEAST_OPEN - SLACK:
            return promise
        _expire(promise)  # it never came to a page, and its time is up
    number = mine.count() + 1
    promise = Promise.objects.create(
        society_id=application.society_id,
        application=application,
        number=number,
        account_id=ways.account_of(application.society_id).account_id,
        amount_pence=application.due_pence,
        idempotency_key=f"promise:{application.pk}:{number}",
        created_at=now,
        expires_at=min(max(application.pay_by_at, now + LEAST_OPEN), now + MOST_OPEN),
    )
    if application.method == Method.CARD:
        card_testing.count_page(application, visitor, promise)
    return promise


def _expire(promise: Promise) -> None:
    rows = Promise.objects.filter(pk=promise.pk, society_id=promise.society_id)
    rows.filter(state__in=[PromiseState.CREATED, PromiseState.OPEN]).update(
        state=PromiseState.EXPIRED, ended_at=clock.now()
    )


def close(promise: Promise) -> Promise:
    """Close the page of a promise, and do what follows: it may have been filled in at this very moment.

    Raises gateway.Unavailable and gateway.Refused.
    """
    return apply(promise, gateway.close_promise(account=promise.account_id, session=promise.session_id))


def sync(promise: Promise) -> Promise:
    """Ask Stripe how a promise's page stands and do what follows. Safe to call any number of times.

    Raises gateway.Unavailable.
    """
    if not promise.session_id or promise.state not in (PromiseState.CREATED, PromiseState.OPEN, PromiseState.EXPIRED):
        return promise
    return apply(promise, gateway.look_at_promise(account=promise.account_id, session=promise.session_id))


@transaction.atomic
def apply(promise: Promise, session: gateway.PromiseSession) -> Promise:
    """Write down what Stripe says: promised in time, promised too late or with a credit card, expired, or still open.

    What may not be kept is released at once, and the way of paying is forgotten at Stripe soon after.
    """
    application, _locked = applications.lock(promise.application)
    promise = Promise.objects.select_for_update(no_key=True).get(pk=promise.pk, society_id=promise.society_id)
    now = clock.now()
    if session.is_promised and promise.state in (PromiseState.CREATED, PromiseState.OPEN, PromiseState.EXPIRED):
        promise.customer_id, promise.method_id, promise.promised_at = session.customer, session.method, now
        was_expired = promise.state == PromiseState.EXPIRED
        may_stay = not was_expired and session.funding != "credit" and _waits(application)
        promise.state = PromiseState.RELEASED if was_expired else PromiseState.HELD
        promise.save(update_fields=["customer_id", "method_id", "promised_at", "state"])
        if may_stay:
            applications.commit(application)
        elif not was_expired:
            promise.state, promise.ended_at = PromiseState.RELEASED, now
            promise.save(update_fields=["state", "ended_at"])
    elif session.status == "expired":
        _expire(promise)
        promise.refresh_from_db()
    return promise


def _waits(application: Application) -> bool:
    """Whether a promise given now is in time: the application waits, and the offer has not been decided."""
    return application.state == ApplicationState.AWAITING_PAYMENT and not application.offer.is_decided()


def was_credit(application: Application) -> bool:
    """Whether the last promise was given with a card that we do not take, so that its page can say so."""
    last = _of(application).order_by("-number").first()
    waits = application.state == ApplicationState.AWAITING_PAYMENT
    return bool(last) and waits and last.state == PromiseState.RELEASED
