"""Paying by card on Stripe's page: our row and its key first, the call after commit, the page shown again if open."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, references
from offers.choices import ApplicationState, Method
from offers.models import Application
from payments import gateway, receipts, suspense
from payments.choices import LIVE_ATTEMPTS, PAID_ATTEMPTS, AttemptState, SuspenseKind
from payments.models import CheckoutAttempt, StripeAccount, SuspenseItem

log = structlog.get_logger("checkout")
CURRENCY = "gbp"
LEAST_OPEN = timedelta(minutes=30, seconds=30)  # Stripe takes no less than half an hour


class NoCards(ValidationError):
    """Card payments are off: no Stripe account, no key, or switched off for this offer."""


def takes_cards(offer) -> bool:
    """Whether an application to this offer can be paid by card now."""
    return (
        offer.cards_accepted
        and gateway.is_configured()
        and StripeAccount.objects.filter(society_id=offer.society_id).exists()
    )


def start(application: Application, *, success_url: str, cancel_url: str) -> str:
    """The address of Stripe's page for this application, made now or open already.

    success_url, cancel_url: where the page leads back to. ValidationError where the application no longer waits or
    cards are off; gateway.Unavailable or gateway.Refused from Stripe, and then the attempt can be started again.
    """
    attempt = _attempt(application)
    if attempt.state == AttemptState.OPEN:
        return attempt.session_url
    try:
        session = gateway.open_session(
            account=attempt.account_id,
            key=attempt.idempotency_key,
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
    CheckoutAttempt.objects.filter(pk=attempt.pk, society_id=attempt.society_id, state=AttemptState.CREATED).update(
        state=AttemptState.OPEN, session_id=session.id, session_url=session.url
    )
    return session.url


@transaction.atomic
def _attempt(application: Application) -> CheckoutAttempt:
    """The live attempt of an application, or a new one, under the application's row."""
    application = (
        Application.objects.select_for_update(no_key=True, of=("self",))
        .select_related("offer")
        .get(pk=application.pk, society_id=application.society_id)
    )
    account = StripeAccount.objects.filter(society_id=application.society_id).first()
    if account is None or not takes_cards(application.offer):
        raise NoCards(_("Card payments are switched off for this offer. You can pay by bank transfer."))
    if application.state != ApplicationState.AWAITING_PAYMENT or application.method != Method.CARD:
        raise ValidationError(_("This application no longer waits for a card payment."))
    now = clock.now()
    mine = CheckoutAttempt.objects.filter(society_id=application.society_id, application=application)
    for attempt in mine.filter(state__in=LIVE_ATTEMPTS):
        if attempt.state != AttemptState.CREATED or attempt.expires_at >= now + LEAST_OPEN - timedelta(seconds=20):
            return attempt
        _end(attempt, AttemptState.FAILED)  # it never came to a page, and its time is up
    number = mine.count() + 1
    return CheckoutAttempt.objects.create(
        society_id=application.society_id,
        application=application,
        number=number,
        account_id=account.account_id,
        amount_pence=application.due_pence,
        idempotency_key=f"checkout:{application.pk}:{number}",
        created_at=now,
        expires_at=max(application.pay_by_at, now + LEAST_OPEN),
    )


def _end(attempt: CheckoutAttempt, state: str) -> None:
    rows = CheckoutAttempt.objects.filter(pk=attempt.pk, society_id=attempt.society_id, state__in=LIVE_ATTEMPTS)
    rows.update(state=state, ended_at=clock.now())


def is_unknown(application: Application) -> bool:
    """Whether money of an application may be on its way, or came and is not counted: nobody says "failed" then."""
    attempts = CheckoutAttempt.objects.filter(society_id=application.society_id, application=application)
    uncounted = SuspenseItem.objects.filter(
        society_id=application.society_id,
        application=application,
        kind=SuspenseKind.WRONG_CURRENCY,
        resolved_at=None,
    )
    return attempts.filter(state=AttemptState.PROCESSING).exists() or uncounted.exists()


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
    """Write down what Stripe says of a session: paid, on its way, expired, cancelled, failed, or still open."""
    with transaction.atomic():
        attempt = CheckoutAttempt.objects.select_for_update(no_key=True).get(
            pk=attempt.pk, society_id=attempt.society_id
        )
        before = attempt.state
        attempt.payment_intent_id = session.payment_intent or attempt.payment_intent_id
        attempt.charge_id = session.charge or attempt.charge_id
        attempt.state = _state_after(before, session)
        if attempt.state != before and attempt.state not in LIVE_ATTEMPTS:
            attempt.ended_at = clock.now()
        attempt.save(update_fields=["state", "payment_intent_id", "charge_id", "ended_at"])
    if attempt.state in PAID_ATTEMPTS:
        _take(attempt, session)
    return attempt


# What the payment itself says once its page is complete and nothing is paid; a debit that is refused comes days later.
UNPAID = {"requires_payment_method": AttemptState.FAILED, "canceled": AttemptState.CANCELED}


def _state_after(before: str, session: gateway.Session) -> str:
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
    receipts.take(application, amount_pence=session.amount_pence, method=Method.CARD, attempt=attempt)
    if session.amount_pence != attempt.amount_pence:
        facts |= {"amount_pence": session.amount_pence, "asked_pence": attempt.amount_pence}
        suspense.open_item(SuspenseKind.WRONG_AMOUNT, str(attempt.pk), **facts, charge=attempt.charge_id)
