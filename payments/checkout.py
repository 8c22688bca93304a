"""Paying on Stripe's page: our row and its key first, the call after commit, the page shown again if open."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, outbox, references
from compliance.answers import RuleBroken
from offers import applications, exposures
from offers.choices import ONLINE, ApplicationState, Method
from offers.models import Application
from payments import balances, card_testing, gateway, methods, receipts, suspense, ways
from payments.card_testing import Visitor
from payments.choices import LIVE_ATTEMPTS, PAID_ATTEMPTS, AttemptState, SuspenseKind
from payments.models import CheckoutAttempt, SuspenseItem
from payments.tariffs import tariff

log = structlog.get_logger("checkout")
CURRENCY = "gbp"
LEAST_OPEN = timedelta(minutes=30, seconds=30)  # Stripe takes no less than half an hour
MOST_OPEN = timedelta(hours=23)  # and no more than a day
NOBODY = Visitor()
BOUNCED_DAYS = 5  # for the payer of a debit that bounced to pay in another way


class NoCards(ValidationError):
    """Payments at Stripe are off, or this method is not offered for this sum."""


def start(application: Application, *, success_url: str, cancel_url: str, visitor: Visitor = NOBODY) -> str:
    """The address of Stripe's page for this application, made now or open already.

    success_url, cancel_url: where the page leads back to; `visitor`: for whom tries are counted. ValidationError where
    the application no longer waits, a part of it is paid (the page would ask for all of it), cards are off or too many
    were tried; RuleBroken where a rule stands against it by now; gateway.Unavailable or gateway.Refused from Stripe,
    and then the attempt can be started again.
    """
    for paid in _paid_and_not_counted(application):
        sync(paid)  # nobody is led to a second page because we died before we could count the first payment
    if application.method == Method.CARD:
        card_testing.refuse_if_stopped(application, visitor)
    attempt = _attempt(application, visitor)
    if attempt.state == AttemptState.OPEN and attempt.expires_at <= clock.now():
        sync(attempt)  # its page has expired, and nobody told us yet
        attempt = _attempt(application, visitor)
    if attempt.state in (AttemptState.OPEN, AttemptState.PROCESSING):
        return attempt.session_url
    wanted = tariff(clock.today()).methods[attempt.method].stripe_type
    try:
        session = gateway.open_session(
            account=attempt.account_id,
            key=attempt.idempotency_key,
            method=wanted,
            amount_pence=attempt.amount_pence,
            product=_("Shares in %(society)s") % {"society": application.offer.society.registered_name},
            reference=references.shown(application.reference),
            email=application.email,
            expires_at=int(attempt.expires_at.timestamp()),
            success_url=success_url,
            cancel_url=cancel_url,
            metadata={"application": str(application.pk), "attempt": str(attempt.pk)},
        )
    except gateway.Refused:
        _end(attempt, AttemptState.FAILED)  # the next start takes a new number and a new key
        raise
    if set(session.methods) != {wanted}:  # Stripe leaves out silently what it does not offer
        gateway.close_session(account=attempt.account_id, session=session.id)
        _end(attempt, AttemptState.FAILED)
        raise NoCards(_("Stripe does not offer this way of paying for this sum now. Please choose another."))
    CheckoutAttempt.objects.filter(pk=attempt.pk, society_id=attempt.society_id, state=AttemptState.CREATED).update(
        state=AttemptState.OPEN, session_id=session.id, session_url=session.url
    )
    return session.url


def _paid_and_not_counted(application: Application):
    return CheckoutAttempt.objects.filter(
        society_id=application.society_id, application=application, state__in=PAID_ATTEMPTS, receipt=None
    )


@transaction.atomic
def _attempt(application: Application, visitor: Visitor) -> CheckoutAttempt:
    """The live attempt of an application, or a new one, under the exposures and the application's row."""
    locked = exposures.lock_application(application)
    application = (
        Application.objects.select_for_update(no_key=True, of=("self",))
        .select_related("offer__society", "version")
        .get(pk=application.pk, society_id=application.society_id)
    )
    if application.state != ApplicationState.AWAITING_PAYMENT or application.method not in ONLINE:
        raise ValidationError(_("This application no longer waits for a card payment."))
    if problem := ways.why_no_cards(application.offer):
        raise NoCards(problem.to_buyer)
    if application.method not in ways.usable(application.offer, application.due_pence):
        raise NoCards(_("This way of paying is not offered for this sum. Please choose another."))
    if balances.held_pence(application):
        raise ValidationError(_("A part of your money is here already. Please send the rest from your bank."))
    now = clock.now()
    mine = CheckoutAttempt.objects.filter(society_id=application.society_id, application=application)
    for attempt in mine.filter(state__in=LIVE_ATTEMPTS):
        if attempt.state != AttemptState.CREATED or attempt.expires_at >= now + LEAST_OPEN - timedelta(seconds=20):
            return attempt
        _end(attempt, AttemptState.FAILED)  # it never came to a page, and its time is up
    if problems := applications.payment_problems(application, locked):
        raise RuleBroken(problems)  # nothing is charged: Stripe has not been asked yet
    number = mine.count() + 1
    attempt = CheckoutAttempt.objects.create(
        society_id=application.society_id,
        application=application,
        number=number,
        account_id=ways.account_of(application.society_id).account_id,
        method=application.method,
        amount_pence=application.due_pence,
        idempotency_key=f"checkout:{application.pk}:{number}",
        created_at=now,
        expires_at=min(max(application.pay_by_at, now + LEAST_OPEN), now + MOST_OPEN),
    )
    if attempt.method == Method.CARD:
        card_testing.count_page(application, visitor, attempt)
    return attempt


def _end(attempt: CheckoutAttempt, state: str) -> None:
    rows = CheckoutAttempt.objects.filter(pk=attempt.pk, society_id=attempt.society_id, state__in=LIVE_ATTEMPTS)
    rows.update(state=state, ended_at=clock.now())


def has_bounced(attempt: CheckoutAttempt) -> bool:
    """Whether a bank was asked for the money and gave none: a debit that came back, or a promise that was refused."""
    return attempt.state in (AttemptState.FAILED, AttemptState.CANCELED) and bool(attempt.payment_intent_id)


def may_be_paid(application: Application) -> bool:
    """Whether a page was shown on which money may have been paid that we have not seen: nobody says "not charged"."""
    shown = CheckoutAttempt.objects.filter(society_id=application.society_id, application=application)
    return shown.filter(state__in=(AttemptState.OPEN, *PAID_ATTEMPTS), receipt=None).exists()


def is_uncounted(application: Application) -> bool:
    """Whether money of an application came that we cannot count yet: nobody says "not paid" then."""
    return SuspenseItem.objects.filter(
        society_id=application.society_id,
        application=application,
        kind=SuspenseKind.WRONG_CURRENCY,
        resolved_at=None,
    ).exists()


def sync(attempt: CheckoutAttempt) -> CheckoutAttempt:
    """Ask Stripe how an attempt stands and do what follows. Safe to call from anywhere, any number of times.

    Called by the webhook's worker, the return page and the lapsing job alike. Raises gateway.Unavailable.
    """
    if not attempt.session_id:
        return attempt
    session = gateway.look_at_session(account=attempt.account_id, session=attempt.session_id)
    return apply(attempt, session)


@transaction.atomic
def learn_page(attempt: CheckoutAttempt, session_id: str) -> CheckoutAttempt:
    """Write down the page of an attempt whose answer we lost: Stripe made it under our key, and says whose it is."""
    row = CheckoutAttempt.objects.select_for_update(no_key=True).get(pk=attempt.pk, society_id=attempt.society_id)
    if row.session_id is None:
        row.session_id = session_id
        row.save(update_fields=["session_id"])
    return row


def apply(attempt: CheckoutAttempt, session: gateway.Session) -> CheckoutAttempt:
    """Write down what Stripe says of a session: paid, on its way, bounced, cancelled, expired, or still open."""
    with transaction.atomic():
        Application.objects.select_for_update(no_key=True).get(pk=attempt.application_id, society_id=attempt.society_id)
        attempt = (
            CheckoutAttempt.objects.select_for_update(no_key=True, of=("self",))
            .select_related("application")
            .get(pk=attempt.pk, society_id=attempt.society_id)
        )
        before = attempt.state
        attempt.payment_intent_id = session.payment_intent or attempt.payment_intent_id
        attempt.charge_id = session.charge or attempt.charge_id
        attempt.funding = session.funding or attempt.funding
        attempt.state = _state(before, session)
        if attempt.state != before:
            _follow(attempt)
        attempt.save(update_fields=["state", "payment_intent_id", "charge_id", "funding", "ended_at"])
    if attempt.state in PAID_ATTEMPTS:
        _take(attempt, session)
    return attempt


# What the payment itself says where its page said yes and nothing came: a debit that bounced does so days later.
UNPAID = {"requires_payment_method": AttemptState.FAILED, "canceled": AttemptState.CANCELED}


def _state(before: str, session: gateway.Session) -> str:
    """What an attempt is, by what it was and what Stripe says of its page now."""
    if before in PAID_ATTEMPTS:
        return before
    if session.is_paid:
        return AttemptState.SUCCEEDED
    if before not in LIVE_ATTEMPTS:
        return before
    if session.status == "complete":
        return UNPAID.get(session.intent_status, AttemptState.PROCESSING)
    return AttemptState.EXPIRED if session.status == "expired" else before


def _take(attempt: CheckoutAttempt, session: gateway.Session) -> None:
    """The money of a paid attempt, as it came. Another currency is nothing that we can count; a person looks."""
    application = attempt.application
    facts = {"society_id": attempt.society_id, "account_id": attempt.account_id, "application": application}
    if session.currency != CURRENCY:
        log.error("paid in another currency", attempt=str(attempt.pk), currency=session.currency)
        facts |= {"amount_pence": session.amount_pence, "currency": session.currency, "email": application.email}
        suspense.open_item(SuspenseKind.WRONG_CURRENCY, str(attempt.pk), **facts, charge=attempt.charge_id)
        return
    receipts.take(application, amount_pence=session.amount_pence, method=attempt.method, attempt=attempt)
    if session.amount_pence != attempt.amount_pence:
        facts |= {"amount_pence": session.amount_pence, "asked_pence": attempt.amount_pence}
        suspense.open_item(SuspenseKind.WRONG_AMOUNT, str(attempt.pk), **facts, charge=attempt.charge_id)


def _follow(attempt: CheckoutAttempt) -> None:
    """What a new state means for the application: a debit on its way keeps the place, one that bounced is told."""
    now = clock.now()
    if attempt.state == AttemptState.PROCESSING:
        _keep_until(attempt, methods.debit_answered_by(now))
        return
    attempt.ended_at = now
    if attempt.state in (AttemptState.FAILED, AttemptState.CANCELED):
        _keep_until(attempt, clock.later(now, days=BOUNCED_DAYS))
        application = attempt.application
        outbox.post("payment-failed", attempt, to=application.email, language=application.language)


def _keep_until(attempt: CheckoutAttempt, moment: datetime) -> None:
    """The application keeps its place until a moment at least."""
    Application.objects.filter(
        pk=attempt.application_id,
        society_id=attempt.society_id,
        state=ApplicationState.AWAITING_PAYMENT,
        pay_by_at__lt=moment,
    ).update(pay_by_at=moment)


@transaction.atomic
def note_credit_seen(attempt: CheckoutAttempt, *, by) -> None:
    """An officer has looked at a payment that came by credit card; the first one's note stands."""
    rows = CheckoutAttempt.objects.filter(
        pk=attempt.pk, society_id=attempt.society_id, funding="credit", credit_seen_at=None
    )
    if rows.update(credit_seen_at=clock.now(), credit_seen_by=by):
        audit.note("attempt.credit-seen", society_id=attempt.society_id, subject_id=attempt.pk, by=by)
