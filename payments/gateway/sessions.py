"""Hosted Checkout pages: made, looked at, closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import stripe

from payments.gateway.client import PAGE, Refused, call, client_of_this_site, id_of, options, pages

WHOLE = {"expand": ["payment_intent"]}


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
    intent_status: str = ""  # the payment's own word: processing, requires_payment_method, canceled, succeeded …
    attempt: str = ""  # which attempt of ours it says it was made for
    charge: str = ""
    created: int = 0  # Unix seconds


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
    client = client_of_this_site()
    return _session(call(client.v1.checkout.sessions.create, params, options(account, key)))


def look_at_session(*, account: str, session: str) -> Session:
    """The session as it stands at Stripe now."""
    client = client_of_this_site()
    return _session(call(client.v1.checkout.sessions.retrieve, session, WHOLE, options(account)))


def all_sessions(*, account: str, since: int | None = None) -> Iterator[Session]:
    """Every session of an account, made at `since` (Unix seconds) or later; the newest first."""
    client = client_of_this_site()
    params = {"limit": PAGE, "expand": ["data.payment_intent"]} | ({"created": {"gte": since}} if since else {})
    for found in pages(client.v1.checkout.sessions.list, params, options(account)):
        yield _session(found)


def session_of_payment(*, account: str, payment_intent: str) -> Session | None:
    """The session that a payment was made at, if it was made at one."""
    client = client_of_this_site()
    params = {"payment_intent": payment_intent, "limit": 1, "expand": ["data.payment_intent"]}
    found = call(client.v1.checkout.sessions.list, params, options(account)).data
    return _session(found[0]) if found else None


def attempt_of_session(*, account: str, session: str) -> str:
    """Which attempt of ours a session says it was made for; empty if none."""
    client = client_of_this_site()
    try:
        found = call(client.v1.checkout.sessions.retrieve, session, None, options(account))
    except Refused:
        return ""
    return (found.metadata.to_dict() if found.metadata else {}).get("attempt", "")


def close_session(*, account: str, session: str) -> Session:
    """Make the page unpayable, and say how it stands then: it may have been paid at this very moment."""
    client = client_of_this_site()
    try:
        return _session(call(client.v1.checkout.sessions.expire, session, WHOLE, options(account)))
    except Refused:  # it is complete or expired already
        return look_at_session(account=account, session=session)


def _session(found: stripe.checkout.Session) -> Session:
    intent = found.payment_intent
    return Session(
        id=found.id,
        url=found.url or "",
        status=found.status,
        is_paid=found.payment_status == "paid",
        amount_pence=found.amount_total or 0,
        currency=found.currency or "",
        payment_intent=id_of(intent),
        intent_status="" if intent is None or isinstance(intent, str) else intent.status,
        attempt=(found.metadata.to_dict() if found.metadata else {}).get("attempt", ""),
        charge="" if intent is None or isinstance(intent, str) else id_of(intent.latest_charge),
        created=found.created,
    )
