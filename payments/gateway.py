"""The one file that talks to Stripe. Calls in, plain facts out; nothing of Stripe's objects leaves this file.

Direct charges on the society's own account: the society is the merchant, and the platform never holds money.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import stripe
from django.conf import settings

API_VERSION = "2026-10-28.endive"  # said, not inherited: an upgrade of the library is a decision
TIMEOUT_SECONDS = 20
SEARCH_LIMIT = 100


class Unavailable(Exception):
    """Stripe could not be reached or answered with an error of its own; what was asked may or may not be done."""


class Refused(Exception):
    """Stripe understood and said no; the message is Stripe's."""


class NotFromStripe(Exception):
    """A webhook without a valid signature, or for another mode than ours."""


@dataclass(frozen=True)
class Session:
    """A Checkout session as it stands; amount_pence is its total."""

    id: str
    url: str
    status: str  # open, complete, expired
    is_paid: bool
    amount_pence: int
    currency: str
    payment_intent: str


@dataclass(frozen=True)
class SentRefund:
    """A refund at Stripe: pending, requires_action, succeeded, failed or canceled."""

    id: str
    status: str
    failure: str


@dataclass(frozen=True)
class Event:
    """What a webhook says has happened: only a reason to look."""

    id: str
    type: str
    account: str
    object_id: str


def is_configured() -> bool:
    """Whether this site may take card payments at all."""
    return bool(settings.STRIPE_SECRET_KEY)


@functools.cache
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base} if base else None,
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def _options(account: str, key: str | None = None) -> dict:
    """The only place where options are made: a misspelt name would be ignored and the call land on the platform."""
    if not account.startswith("acct_"):
        raise ValueError(f"{account!r} is no Stripe account.")
    return {"stripe_account": account} | ({"idempotency_key": key} if key else {})


def _call(function, *args):
    """Run a call of the library; its errors become ours."""
    try:
        return function(*args)
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise Unavailable(str(error)) from error
    except stripe.StripeError as error:
        raise Refused(error.user_message or str(error)) from error


def open_session(
    *,
    account: str,
    key: str,
    amount_pence: int,
    product: str,
    reference: str,
    email: str,
    expires_at: int,
    success_url: str,
    cancel_url: str,
    metadata: dict[str, str],
) -> Session:
    """Make a hosted page for one payment by debit card; the same `key` with the same facts gives the same page.

    expires_at: Unix seconds, 30 minutes to 24 hours from now. Credit cards are refused: nobody should borrow to buy
    shares. Source: https://docs.stripe.com/api/checkout/sessions/create
    """
    params = {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {"currency": "gbp", "unit_amount": amount_pence, "product_data": {"name": product}},
            }
        ],
        "client_reference_id": reference,
        "expires_at": expires_at,
        "success_url": success_url,
        "cancel_url": cancel_url,
        "allowed_payment_method_types": ["card"],
        "payment_method_options": {"card": {"restrictions": {"funding_types_blocked": ["credit"]}}},
        "adaptive_pricing": {"enabled": False},  # pounds only
        "metadata": metadata,
        "payment_intent_data": {"description": f"Share application {reference}", "metadata": metadata},
    }
    if email:
        params["customer_email"] = email
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    return _session(_call(client.v1.checkout.sessions.create, params, _options(account, key)))


def look_at_session(*, account: str, session: str) -> Session:
    """The session as it stands at Stripe now."""
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    return _session(_call(client.v1.checkout.sessions.retrieve, session, None, _options(account)))


def attempt_of_session(*, account: str, session: str) -> str:
    """Which attempt of ours a session says it was made for; empty if none."""
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    try:
        found = _call(client.v1.checkout.sessions.retrieve, session, None, _options(account))
    except Refused:
        return ""
    return (found.metadata.to_dict() if found.metadata else {}).get("attempt", "")


def close_session(*, account: str, session: str) -> Session:
    """Make the page unpayable, and say how it stands then: it may have been paid at this very moment."""
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    try:
        return _session(_call(client.v1.checkout.sessions.expire, session, None, _options(account)))
    except Refused:  # it is complete or expired already
        return look_at_session(account=account, session=session)


def _session(found: stripe.checkout.Session) -> Session:
    intent = found.payment_intent
    return Session(
        id=found.id,
        url=found.url or "",
        status=found.status,
        is_paid=found.payment_status == "paid",
        amount_pence=found.amount_total,
        currency=found.currency,
        payment_intent=intent if isinstance(intent, str) else (intent.id if intent else ""),
    )


def send_refund(*, account: str, key: str, payment_intent: str, amount_pence: int, metadata: dict) -> SentRefund:
    """Pay part or all of a card payment back to the card. Source: https://docs.stripe.com/api/refunds/create"""
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    params = {"payment_intent": payment_intent, "amount": amount_pence, "metadata": metadata}
    return _refund(_call(client.v1.refunds.create, params, _options(account, key)))


def find_refund(*, account: str, payment_intent: str, mark: str) -> SentRefund | None:
    """The refund of a payment that carries our mark in its metadata and did not fail, if there is one."""
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    params = {"payment_intent": payment_intent, "limit": SEARCH_LIMIT}
    for found in _call(client.v1.refunds.list, params, _options(account)).data:
        metadata = found.metadata.to_dict() if found.metadata else {}
        if metadata.get("refund") == mark and found.status not in ("failed", "canceled"):
            return _refund(found)
    return None


def look_at_refund(*, account: str, refund: str) -> SentRefund:
    """The refund as it stands at Stripe now."""
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    return _refund(_call(client.v1.refunds.retrieve, refund, None, _options(account)))


def _refund(found: stripe.Refund) -> SentRefund:
    return SentRefund(id=found.id, status=found.status, failure=getattr(found, "failure_reason", None) or "")


def verified_event(body: bytes, signature: str) -> Event:
    """The event of a webhook, its signature checked over the raw body under any of our secrets.

    NotFromStripe without a valid signature, without a secret of ours, or for the other mode (live or test).
    """
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            event = stripe.Webhook.construct_event(body, signature, secret)
        except (ValueError, stripe.SignatureVerificationError):
            continue
        if event.livemode != ("_live_" in settings.STRIPE_SECRET_KEY):
            raise NotFromStripe("The event is of the other mode.")
        account = getattr(event, "account", None) or ""
        return Event(event.id, event.type, account, getattr(event.data.object, "id", "") or "")
    raise NotFromStripe("No secret of ours signed this.")
