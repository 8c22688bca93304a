"""Refunds at Stripe: sent, found again by our mark, looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import stripe

from payments.gateway.client import PAGE, call, client_of_this_site, id_of, movements_of, options, pages

SEARCH_LIMIT = 100  # a page; all pages are looked through


@dataclass(frozen=True)
class SentRefund:
    """A refund at Stripe: pending, requires_action, succeeded, failed or canceled."""

    id: str
    status: str
    failure: str
    amount_pence: int = 0
    currency: str = "gbp"
    payment_intent: str = ""
    charge: str = ""
    mark: str = ""  # which refund of ours it says it is; empty for one made in the dashboard
    created: int = 0  # Unix seconds
    movements: tuple[str, ...] = ()  # ids of its balance transactions


def send_refund(*, account: str, key: str, payment_intent: str, amount_pence: int, metadata: dict) -> SentRefund:
    """Pay part or all of a payment back by the way it came. Source: https://docs.stripe.com/api/refunds/create"""
    client = client_of_this_site()
    params = {"payment_intent": payment_intent, "amount": amount_pence, "metadata": metadata}
    return _refund(call(client.v1.refunds.create, params, options(account, key)))


def find_refund(*, account: str, payment_intent: str, mark: str) -> SentRefund | None:
    """The refund of a payment that carries our mark in its metadata and did not fail, if there is one."""
    client = client_of_this_site()
    params = {"payment_intent": payment_intent, "limit": SEARCH_LIMIT}
    for found in call(lambda: list(client.v1.refunds.list(params, options(account)).auto_paging_iter())):
        metadata = found.metadata.to_dict() if found.metadata else {}
        if metadata.get("refund") == mark and found.status not in ("failed", "canceled"):
            return _refund(found)
    return None


def look_at_refund(*, account: str, refund: str) -> SentRefund:
    """The refund as it stands at Stripe now."""
    client = client_of_this_site()
    return _refund(call(client.v1.refunds.retrieve, refund, None, options(account)))


def all_refunds(*, account: str, since: int | None = None) -> Iterator[SentRefund]:
    """Every refund of an account, made at `since` (Unix seconds) or later; the newest first."""
    params = {"limit": PAGE} | ({"created": {"gte": since}} if since else {})
    for found in pages(client_of_this_site().v1.refunds.list, params, options(account)):
        yield _refund(found)


def _refund(found: stripe.Refund) -> SentRefund:
    return SentRefund(
        id=found.id,
        status=found.status,
        failure=getattr(found, "failure_reason", None) or "",
        amount_pence=found.amount,
        currency=found.currency,
        payment_intent=id_of(found.payment_intent),
        charge=id_of(found.charge),
        mark=(found.metadata.to_dict() if found.metadata else {}).get("refund", ""),
        created=found.created,
        movements=movements_of(found),
    )
