"""Payments at Stripe, whichever page they came from: found by their own word, written down, posted once booked."""

from __future__ import annotations

import uuid

from django.db import transaction

from payments import checkout, clearing, collecting, gateway, suspense
from payments.choices import PAID_ATTEMPTS, AttemptState, PromiseState, SuspenseKind
from payments.models import CheckoutAttempt, Promise


class NotHereYet(Exception):
    """Stripe names a row of ours that is not there: it may come, or our books were set back. Never forgotten."""


def attempt_of(account: str, *, intent: str = "", charge: str = "") -> CheckoutAttempt | None:
    """The attempt that a payment or its charge belongs to, by what we wrote down; None if we know of neither."""
    rows = CheckoutAttempt.objects.filter(account_id=account)
    found = rows.filter(charge_id=charge).first() if charge else None
    return found or (rows.filter(payment_intent_id=intent).first() if intent else None)


def look(account: str, intent: str, *, is_last_word: bool = False) -> CheckoutAttempt | None:
    """Fetch a payment and do what follows from it; its attempt, or None where it belongs to no application.

    `is_last_word`: an attempt that is not here will not come any more, as after an older backup was restored, since
    its row was written before its page was made; then the money is named like a stranger's. Otherwise raises
    NotHereYet for a payment that names an attempt we do not have. Raises gateway.Unavailable, gateway.Refused.
    """
    payment = gateway.look_at_intent(account=account, payment_intent=intent)
    attempt = _attempt(account, payment, is_last_word=is_last_word)
    if attempt is None:
        if payment.status == "succeeded":
            orphan(
                account,
                payment.charge or payment.id,
                amount_pence=payment.amount_pence,
                currency=payment.currency,
                email=payment.email,
                payment_intent=payment.id,
                attempt=payment.attempt,
            )
        clearing.fetch(account, [payment.movement])
        return None
    if attempt.state not in PAID_ATTEMPTS or not hasattr(attempt, "receipt"):
        attempt = _synced(attempt, payment)
    attempt = _write(attempt, payment)
    clearing.fetch(account, [payment.movement])
    if attempt.state in PAID_ATTEMPTS:
        words = "It was found to be the payment of an application."
        suspense.close(SuspenseKind.NO_APPLICATION, payment.charge, society_id=attempt.society_id, words=words)
    return attempt


def _attempt(account: str, payment: gateway.Payment, *, is_last_word: bool) -> CheckoutAttempt | None:
    """By what we wrote down; else by the payment's own word, and then its page is written down too."""
    found = attempt_of(account, intent=payment.id, charge=payment.charge)
    if found or not payment.attempt:
        return found
    attempt = CheckoutAttempt.objects.filter(pk=row_id(payment.attempt)).first()
    if attempt is None and not is_last_word:
        raise NotHereYet(f"attempt {payment.attempt} is not here")
    if attempt is None:
        return None
    if attempt.account_id != account:
        return None
    if attempt.session_id is None:
        session = gateway.session_of_payment(account=account, payment_intent=payment.id)
        return checkout.learn_page(attempt, session.id) if session else attempt
    return attempt


def _synced(attempt: CheckoutAttempt, payment: gateway.Payment) -> CheckoutAttempt:
    """As Stripe's page of the attempt says; a promised payment has none, and says so itself."""
    if attempt.session_id:
        return checkout.sync(attempt)
    charging = Promise.objects.filter(society_id=attempt.society_id, attempt=attempt, state=PromiseState.CHARGING)
    if promise := charging.select_related("application__offer", "attempt").first():
        collecting.settle(promise)
    else:
        found = gateway.look_at_payment(account=attempt.account_id, intent=payment.id)
        checkout.apply(attempt, found)
    attempt.refresh_from_db()
    return attempt


def row_id(text: str) -> uuid.UUID | None:
    """The id of a row of ours that something at Stripe names; None for what is no id."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@transaction.atomic
def _write(attempt: CheckoutAttempt, payment: gateway.Payment) -> CheckoutAttempt:
    """The charge's id, and how much of it Stripe says has gone back."""
    attempt = CheckoutAttempt.objects.select_for_update(no_key=True).get(pk=attempt.pk, society_id=attempt.society_id)
    attempt.payment_intent_id, attempt.charge_id = payment.id, payment.charge or attempt.charge_id
    if attempt.state in PAID_ATTEMPTS:
        attempt.state = AttemptState.SUCCEEDED
        if payment.refunded_pence:
            is_part = payment.refunded_pence < payment.amount_pence
            attempt.state = AttemptState.PARTLY_REFUNDED if is_part else AttemptState.REFUNDED
    attempt.save(update_fields=["payment_intent_id", "charge_id", "state"])
    return attempt


def orphan(account: str, subject: str, **facts) -> None:
    """Money that names no application of ours: a person looks, and the payer is told so where Stripe has an address."""
    suspense.open_item(
        SuspenseKind.NO_APPLICATION, subject, society_id=suspense.society_of(account), account_id=account, **facts
    )
