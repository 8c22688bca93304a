"""What moved at Stripe: payments, balance transactions, disputes and payouts, as they stand now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import stripe

from payments.gateway.client import PAGE, call, client_of_this_site, id_of, movements_of, options, pages

SEEN_IN_BALANCE = "payments"  # what is kept beside the balance, such as prefunding, is no part of it


@dataclass(frozen=True)
class Payment:
    """A payment intent with its last charge. `email`: the payer's, as Stripe has it, for a message about it."""

    id: str
    status: str
    amount_pence: int
    currency: str
    attempt: str
    charge: str
    refunded_pence: int
    movement: str  # id of the charge's balance transaction; empty until Stripe has booked it
    email: str


@dataclass(frozen=True)
class Movement:
    """A balance transaction. Sums in pence, signed as Stripe signs them: a refund is below 0; net = amount - fee."""

    id: str
    type: str
    category: str
    source: str
    amount_pence: int
    fee_pence: int
    net_pence: int
    currency: str
    created: int  # Unix seconds
    is_in_balance: bool


@dataclass(frozen=True)
class RemoteDispute:
    """A dispute with Stripe's own status. Source: https://docs.stripe.com/api/disputes/object"""

    id: str
    status: str
    charge: str
    payment_intent: str
    amount_pence: int
    currency: str
    reason: str
    created: int
    answer_by: int | None
    movements: tuple[str, ...]  # ids of its balance transactions


@dataclass(frozen=True)
class RemotePayout:
    """A payout with Stripe's own status. Source: https://docs.stripe.com/api/payouts/object"""

    id: str
    status: str
    amount_pence: int
    currency: str
    is_automatic: bool
    created: int
    arrives: int
    failure: str
    reference: str  # what the bank prints: its trace where Stripe knows it, else the words that Stripe sends
    movements: tuple[str, ...]


@dataclass(frozen=True)
class Warning:
    """An early fraud warning: the card's bank calls a payment fraud; no money has moved yet."""

    id: str
    charge: str
    payment_intent: str
    kind: str


def look_at_intent(*, account: str, payment_intent: str) -> Payment:
    """The payment as it stands at Stripe now."""
    params = {"expand": ["latest_charge"]}
    client = client_of_this_site()
    found = call(client.v1.payment_intents.retrieve, payment_intent, params, options(account))
    charge = found.latest_charge
    email = charge and (charge.receipt_email or (charge.billing_details and charge.billing_details.email))
    return Payment(
        id=found.id,
        status=found.status,
        amount_pence=found.amount,
        currency=found.currency,
        attempt=(found.metadata.to_dict() if found.metadata else {}).get("attempt", ""),
        charge=id_of(charge),
        refunded_pence=charge.amount_refunded if charge else 0,
        movement=id_of(charge.balance_transaction) if charge else "",
        email=email or "",
    )


def payment_of_charge(*, account: str, charge: str) -> str:
    """The id of the payment that a charge belongs to; empty for a charge without one."""
    client = client_of_this_site()
    return id_of(call(client.v1.charges.retrieve, charge, None, options(account)).payment_intent)


def look_at_movement(*, account: str, movement: str) -> Movement:
    """One balance transaction."""
    client = client_of_this_site()
    return _movement(call(client.v1.balance_transactions.retrieve, movement, None, options(account)))


def all_movements(*, account: str, since: int | None = None) -> Iterator[Movement]:
    """Every balance transaction of an account, made at `since` (Unix seconds) or later; the newest first."""
    for found in pages(client_of_this_site().v1.balance_transactions.list, _since(since), options(account)):
        yield _movement(found)


def balance_pence(*, account: str) -> int:
    """All that an account has in pounds at Stripe, available or not yet, in pence."""
    found = call(client_of_this_site().v1.balance.retrieve, None, options(account))
    return sum(part.amount for part in [*found.available, *found.pending] if part.currency == "gbp")


def look_at_dispute(*, account: str, dispute: str) -> RemoteDispute:
    """The dispute as it stands at Stripe now."""
    client = client_of_this_site()
    return _dispute(call(client.v1.disputes.retrieve, dispute, None, options(account)))


def all_disputes(*, account: str) -> Iterator[RemoteDispute]:
    """Every dispute of an account: one may be decided months after it began."""
    for found in pages(client_of_this_site().v1.disputes.list, _since(None), options(account)):
        yield _dispute(found)


def look_at_payout(*, account: str, payout: str) -> RemotePayout:
    """The payout as it stands at Stripe now."""
    client = client_of_this_site()
    return _payout(call(client.v1.payouts.retrieve, payout, None, options(account)))


def all_payouts(*, account: str) -> Iterator[RemotePayout]:
    """Every payout of an account."""
    for found in pages(client_of_this_site().v1.payouts.list, _since(None), options(account)):
        yield _payout(found)


def look_at_warning(*, account: str, warning: str) -> Warning:
    """An early fraud warning."""
    client = client_of_this_site()
    return _warning(call(client.v1.radar.early_fraud_warnings.retrieve, warning, None, options(account)))


def all_warnings(*, account: str, since: int | None = None) -> Iterator[Warning]:
    """Every early fraud warning of an account, given at `since` (Unix seconds) or later."""
    for found in pages(client_of_this_site().v1.radar.early_fraud_warnings.list, _since(since), options(account)):
        yield _warning(found)


def _warning(found: stripe.radar.EarlyFraudWarning) -> Warning:
    return Warning(found.id, id_of(found.charge), id_of(found.payment_intent), found.fraud_type)


def _since(since: int | None) -> dict:
    return {"limit": PAGE} | ({"created": {"gte": since}} if since else {})


def _movement(found: stripe.BalanceTransaction) -> Movement:
    return Movement(
        id=found.id,
        type=found.type,
        category=found.reporting_category,
        source=id_of(found.source),
        amount_pence=found.amount,
        fee_pence=found.fee,
        net_pence=found.net,
        currency=found.currency,
        created=found.created,
        is_in_balance=(getattr(found, "balance_type", None) or SEEN_IN_BALANCE) == SEEN_IN_BALANCE,
    )


def _dispute(found: stripe.Dispute) -> RemoteDispute:
    return RemoteDispute(
        id=found.id,
        status=found.status,
        charge=id_of(found.charge),
        payment_intent=id_of(found.payment_intent),
        amount_pence=found.amount,
        currency=found.currency,
        reason=found.reason,
        created=found.created,
        answer_by=found.evidence_details.due_by if found.evidence_details else None,
        movements=tuple(id_of(moved) for moved in found.balance_transactions),
    )


def _payout(found: stripe.Payout) -> RemotePayout:
    trace = getattr(found, "trace_id", None)
    return RemotePayout(
        id=found.id,
        status=found.status,
        amount_pence=found.amount,
        currency=found.currency,
        is_automatic=found.automatic,
        created=found.created,
        arrives=found.arrival_date,
        failure=getattr(found, "failure_message", None) or getattr(found, "failure_code", None) or "",
        reference=(trace and trace.value) or found.statement_descriptor or "",
        movements=movements_of(found),
    )
