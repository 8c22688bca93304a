"""Hosted Checkout pages: made, looked at, closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import stripe

from payments.gateway.client import PAGE, Refused, call, client_of_this_site, id_of, options, pages


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
    methods: tuple[str, ...] = ()  # in Stripe's words; the list is filtered silently, so it is read back
    intent_status: str = ""  # the payment's own word: processing while a debit is on its way; empty before any try
    funding: str = ""  # of the card that paid: debit, credit, prepaid or unknown
    charge: str = ""
    attempt: str = ""  # which attempt of ours it says it was made for


LOOK_INSIDE = {"expand": ["payment_intent.latest_charge"]}


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
    method: str = "card",
) -> Session:
    """Make a hosted page for one payment by one method; the same `key` with the same facts gives the same page.

    method: in Stripe's words, such as card or bacs_debit. expires_at: Unix seconds, 30 minutes to 24 hours from now.
    Credit cards are refused: nobody should borrow to buy shares.
    Source: https://docs.stripe.com/api/checkout/sessions/create
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
        "allowed_payment_method_types": [method],
        "adaptive_pricing": {"enabled": False},  # pounds only
        "metadata": metadata,
        "payment_intent_data": {"description": f"Share application {reference}", "metadata": metadata},
    }
    if method == "card":
        params["payment_method_options"] = {"card": {"restrictions": {"funding_types_blocked": ["credit"]}}}
    if email:
        params["customer_email"] = email
    client = client_of_this_site()
    return _session(call(client.v1.checkout.sessions.create, params, options(account, key)))


def look_at_session(*, account: str, session: str) -> Session:
    """The session as it stands at Stripe now, with what its payment was made with."""
    client = client_of_this_site()
    return _session(call(client.v1.checkout.sessions.retrieve, session, LOOK_INSIDE, options(account)))


def all_sessions(*, account: str, since: int | None = None) -> Iterator[Session]:
    """Every session of an account, made at `since` (Unix seconds) or later; the newest first."""
    client = client_of_this_site()
    params = {"limit": PAGE, "expand": ["data.payment_intent.latest_charge"]} | (
        {"created": {"gte": since}} if since else {}
    )
    for found in pages(client.v1.checkout.sessions.list, params, options(account)):
        yield _session(found)


def session_of_payment(*, account: str, payment_intent: str) -> Session | None:
    """The session that a payment was made at, if it was made at one."""
    client = client_of_this_site()
    params = {"payment_intent": payment_intent, "limit": 1, "expand": ["data.payment_intent.latest_charge"]}
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
        return _session(call(client.v1.checkout.sessions.expire, session, LOOK_INSIDE, options(account)))
    except Refused:  # it is complete or expired already
        return look_at_session(account=account, session=session)


def _session(found: stripe.checkout.Session) -> Session:
    intent = found.payment_intent
    is_whole = bool(intent) and not isinstance(intent, str)
    return Session(
        id=found.id,
        url=found.url or "",
        status=found.status,
        is_paid=found.payment_status == "paid",
        amount_pence=found.amount_total or 0,
        currency=found.currency or "",
        payment_intent=id_of(intent),
        methods=tuple(found.payment_method_types),
        intent_status=intent.status if is_whole else "",
        funding=_funding(intent.latest_charge) if is_whole else "",
        charge=id_of(intent.latest_charge) if is_whole else "",
        attempt=(found.metadata.to_dict() if found.metadata else {}).get("attempt", ""),
    )


def as_session(intent: stripe.PaymentIntent) -> Session:
    """A payment that had no page of its own, told as a session whose page is over."""
    return Session(
        id="",
        url="",
        status="complete",
        is_paid=intent.status == "succeeded",
        amount_pence=intent.amount_received if intent.status == "succeeded" else intent.amount,
        currency=intent.currency,
        payment_intent=intent.id,
        intent_status=intent.status,
        funding=_funding(intent.latest_charge),
        charge=id_of(intent.latest_charge),
        attempt=(intent.metadata.to_dict() if intent.metadata else {}).get("attempt", ""),
    )


def _funding(charge) -> str:
    """How the card of a charge is funded: wallets could pass the page's own restriction by, so it is asked after."""
    if not charge or isinstance(charge, str):
        return ""
    card = getattr(charge.payment_method_details, "card", None)
    return getattr(card, "funding", None) or ""
