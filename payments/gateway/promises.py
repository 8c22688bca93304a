"""Promises at Stripe: a page that keeps a card or an account, a charge without its holder there, and forgetting it."""

from __future__ import annotations

from dataclasses import dataclass

import stripe

from payments.gateway.client import Refused, call, client_of_this_site, options
from payments.gateway.sessions import Session, as_session

LOOK_INSIDE = {"expand": ["setup_intent.payment_method"]}
PAYMENT_INSIDE = {"expand": ["latest_charge"]}
SEARCH_LIMIT = 100


@dataclass(frozen=True)
class PromiseSession:
    """A page for a promise as it stands. `funding`: of a card, so that credit cards can be refused."""

    id: str
    url: str
    status: str  # open, complete, expired
    methods: tuple[str, ...]
    is_promised: bool
    customer: str
    method: str
    funding: str


def open_promise(
    *,
    account: str,
    key: str,
    reference: str,
    email: str,
    expires_at: int,
    success_url: str,
    cancel_url: str,
    metadata: dict[str, str],
    method: str,
) -> PromiseSession:
    """Make a hosted page on which a payer keeps a way of paying for later; nothing is taken.

    expires_at: Unix seconds, 30 minutes to 24 hours from now.
    Source: https://docs.stripe.com/payments/save-and-reuse
    """
    params = {
        "mode": "setup",
        "currency": "gbp",
        "client_reference_id": reference,
        "expires_at": expires_at,
        "success_url": success_url,
        "cancel_url": cancel_url,
        "allowed_payment_method_types": [method],
        "customer_creation": "always",
        "metadata": metadata,
        "setup_intent_data": {"description": f"Share application {reference}", "metadata": metadata},
    }
    if email:
        params["customer_email"] = email
    return _session(call(client_of_this_site().v1.checkout.sessions.create, params, options(account, key)))


def look_at_promise(*, account: str, session: str) -> PromiseSession:
    """The page as it stands at Stripe now, with the way of paying that was kept on it."""
    client = client_of_this_site()
    return _session(call(client.v1.checkout.sessions.retrieve, session, LOOK_INSIDE, options(account)))


def close_promise(*, account: str, session: str) -> PromiseSession:
    """Close the page, and say how it stands then: it may have been filled in at this very moment."""
    client = client_of_this_site()
    try:
        return _session(call(client.v1.checkout.sessions.expire, session, None, options(account)))
    except Refused:  # it is complete or expired already
        return look_at_promise(account=account, session=session)


def promise_of_setup(*, account: str, setup: str) -> str:
    """Which promise of ours a try to keep a way of paying was made for, by its own word; empty if none."""
    found = call(client_of_this_site().v1.setup_intents.retrieve, setup, None, options(account))
    return (found.metadata.to_dict() if found.metadata else {}).get("promise", "")


def charge_promise(
    *,
    account: str,
    key: str,
    amount_pence: int,
    customer: str,
    method: str,
    reference: str,
    metadata: dict[str, str],
) -> Session:
    """Take a promised payment while its payer is not there; what came of it as a paid or unpaid session has it.

    A bank that says no, or that wants its customer to say yes once more, is an answer and no error.
    Source: https://docs.stripe.com/payments/save-and-reuse#charge-saved-payment-method
    """
    client = client_of_this_site()
    params = {
        "amount": amount_pence,
        "currency": "gbp",
        "customer": customer,
        "payment_method": method,
        "confirm": True,
        "off_session": True,
        "description": f"Share application {reference}",
        "metadata": metadata,
        "expand": ["latest_charge"],
    }
    try:
        made = call(client.v1.payment_intents.create, params, options(account, key))
    except Refused as refusal:
        intent = getattr(getattr(refusal.__cause__, "error", None), "payment_intent", None)
        if intent is None:
            raise
        return look_at_payment(account=account, intent=intent.id)
    return as_session(made)


def look_at_payment(*, account: str, intent: str) -> Session:
    """A payment without a page as it stands at Stripe now."""
    client = client_of_this_site()
    return as_session(call(client.v1.payment_intents.retrieve, intent, PAYMENT_INSIDE, options(account)))


def find_payment(*, account: str, customer: str, mark: str) -> Session | None:
    """The payment of a customer that carries an attempt's mark in its metadata, if one was made."""
    client = client_of_this_site()
    params = {"customer": customer, "limit": SEARCH_LIMIT, "expand": ["data.latest_charge"]}
    for found in call(client.v1.payment_intents.list, params, options(account)).data:
        if (found.metadata.to_dict() if found.metadata else {}).get("attempt") == mark:
            return as_session(found)
    return None


def forget_method(*, account: str, method: str) -> None:
    """Take a way of paying away from its customer, so that nobody can charge it any more. Twice is harmless."""
    client = client_of_this_site()
    found = call(client.v1.payment_methods.retrieve, method, None, options(account))
    if found.customer:
        call(client.v1.payment_methods.detach, method, None, options(account))


def _session(found: stripe.checkout.Session) -> PromiseSession:
    intent = found.setup_intent
    is_whole = bool(intent) and not isinstance(intent, str)
    method = intent.payment_method if is_whole else None
    card = getattr(method, "card", None) if method and not isinstance(method, str) else None
    customer = found.customer
    return PromiseSession(
        id=found.id,
        url=found.url or "",
        status=found.status,
        methods=tuple(found.payment_method_types),
        is_promised=is_whole and intent.status == "succeeded",
        customer=customer if isinstance(customer, str) else (customer.id if customer else ""),
        method=method if isinstance(method, str) else (method.id if method else ""),
        funding=getattr(card, "funding", None) or "",
    )
