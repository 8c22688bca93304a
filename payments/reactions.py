"""What is done about each kind of event: a table of types and functions. Each fetches what is so and applies that.

A function takes the stored event and says in words what came of it. It may raise NotHereYet or gateway.Unavailable,
and the event waits for its next turn. What is in no table is kept, and nothing is done about it.
"""

from __future__ import annotations

from collections.abc import Callable

from offers.choices import Method
from payments import (
    account_events,
    card_testing,
    charges,
    checkout,
    disputes,
    fraud_warnings,
    gateway,
    lapsing,
    payouts,
    promises,
    suspense,
)
from payments import outside_refunds as outside
from payments.charges import NotHereYet
from payments.choices import PromiseState, SuspenseKind
from payments.models import CheckoutAttempt, Promise, StripeAccount, StripeEvent

NOT_THERE = "the account has no such object"
NO_SESSION = "no session of ours"


def _session(event: StripeEvent) -> str:
    if promise := Promise.objects.filter(session_id=event.object_id, account_id=event.account_id).first():
        return f"promise {promises.sync(promise).state}"
    attempt = CheckoutAttempt.objects.filter(session_id=event.object_id).first()
    if attempt is None:
        named = gateway.attempt_of_session(account=event.account_id, session=event.object_id)
        if not named:
            return NO_SESSION
        attempt = CheckoutAttempt.objects.filter(pk=charges.row_id(named)).first()
        if attempt is None:
            raise NotHereYet(f"attempt {named} is not here")
        if attempt.account_id == event.account_id:
            attempt = checkout.learn_page(attempt, event.object_id)
    if attempt.account_id != event.account_id:
        return "another account's object"
    attempt = checkout.sync(attempt)
    if attempt.payment_intent_id:
        attempt = charges.look(event.account_id, attempt.payment_intent_id)
    return f"attempt {attempt.state}"


def _payment(event: StripeEvent) -> str:
    return _payment_of(event.account_id, event.object_id)


def _payment_of(account: str, intent: str) -> str:
    attempt = charges.look(account, intent) if intent else None
    return f"attempt {attempt.state}" if attempt else "no payment of ours"


def _declined(event: StripeEvent) -> str:
    """A payment that failed. A card that was declined on a page of ours is counted, and may have been one too many."""
    attempt = charges.look(event.account_id, event.object_id) if event.object_id else None
    if attempt is None:
        return "no payment of ours"
    if attempt.method == Method.CARD and attempt.session_id and card_testing.declined(event.event_id, attempt):
        lapsing.close_pages(attempt.application)
        return "too many cards declined: the page is closed"
    return f"attempt {attempt.state}"


def _not_kept(event: StripeEvent) -> str:
    """A card that was declined on the page of a promise, likewise."""
    named = gateway.promise_of_setup(account=event.account_id, setup=event.object_id)
    promise = Promise.objects.filter(pk=charges.row_id(named), account_id=event.account_id).first() if named else None
    if promise is None or promise.application.method != Method.CARD:
        return "no card of ours"
    if card_testing.declined(event.event_id, promise) and promise.state == PromiseState.OPEN:
        promises.close(promise)
        return "too many cards declined: the page is closed"
    return f"promise {promise.state}"


def _charge(event: StripeEvent) -> str:
    intent = gateway.payment_of_charge(account=event.account_id, charge=event.object_id)
    return _payment_of(event.account_id, intent)


def _refund(event: StripeEvent) -> str:
    sent = gateway.look_at_refund(account=event.account_id, refund=event.object_id)
    outcome = outside.apply(event.account_id, sent)
    if sent.payment_intent:
        charges.look(event.account_id, sent.payment_intent)
    return outcome


def _dispute(event: StripeEvent) -> str:
    return f"dispute {disputes.look(event.account_id, event.object_id).state}"


def _payout(event: StripeEvent) -> str:
    return f"payout {payouts.look(event.account_id, event.object_id).state}"


def _warning(event: StripeEvent) -> str:
    return fraud_warnings.look(event.account_id, event.object_id)


REACTIONS: dict[str, Callable[[StripeEvent], str]] = {
    **dict.fromkeys(
        ("checkout.session.completed", "checkout.session.async_payment_succeeded",
         "checkout.session.async_payment_failed", "checkout.session.expired"),
        _session,
    ),
    **dict.fromkeys(
        ("payment_intent.processing", "payment_intent.succeeded", "payment_intent.canceled"), _payment
    ),
    "payment_intent.payment_failed": _declined,
    "setup_intent.setup_failed": _not_kept,
    "charge.updated": _charge,
    **dict.fromkeys(("refund.created", "refund.updated", "refund.failed"), _refund),
    **dict.fromkeys(
        ("charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
         "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"),
        _dispute,
    ),
    **dict.fromkeys(("payout.created", "payout.paid", "payout.failed", "payout.canceled"), _payout),
    "radar.early_fraud_warning.created": _warning,
}  # fmt: skip
# Subscribed to or sent all the same, and deliberately left: why.
NOT_NEEDED: dict[str, str] = {
    "mandate.updated": "the payment itself says what came of it",
    "setup_intent.succeeded": "checkout.session.completed says the same of a promise",
    "charge.succeeded": "payment_intent.succeeded says the same",
    "charge.failed": "payment_intent.payment_failed says the same",
    "charge.pending": "payment_intent.processing says the same",
    "charge.refunded": "refund.created and refund.updated say the same",
    "charge.refund.updated": "refund.updated says the same",
    "payment_intent.created": "nothing is paid yet",
    "payment_intent.requires_action": "the payer is still at Stripe's page",
}


def look_into(event: StripeEvent) -> str:
    """What came of an event, in words. Raises NotHereYet and gateway.Unavailable: it waits for its next turn."""
    society_id = suspense.society_of(event.account_id)
    if event.is_live != gateway.is_live():
        suspense.open_item(
            SuspenseKind.WRONG_MODE,
            event.account_id or "platform",
            society_id=society_id,
            account_id=event.account_id,
            first_event=event.event_id,
        )
        return "of the other mode"
    if handler := account_events.handler_of(event):
        return handler(event)
    reaction = REACTIONS.get(event.type)
    if reaction is None:
        return "not needed" if event.type in NOT_NEEDED else "no reaction to this type"
    if not event.account_id:
        return "the platform's own"
    if not StripeAccount.objects.filter(account_id=event.account_id).exists():
        suspense.open_item(
            SuspenseKind.UNKNOWN_ACCOUNT,
            event.account_id,
            society_id=None,
            account_id=event.account_id,
            first_event=event.event_id,
        )
        raise NotHereYet("no society has this account")
    try:
        return reaction(event)
    except gateway.Refused as refusal:
        if refusal.is_unknown:
            return NOT_THERE  # an id of another account's, or of nothing
        raise
