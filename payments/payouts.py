"""Payouts as Stripe has them: kept, and named where they failed. Nobody is paid out by a schedule.

That Stripe calls one paid is not that it arrived: the bank's own statement says so (payments.arrivals).
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from common import clock
from payments import clearing, gateway, stripe_copies, suspense
from payments.choices import PayoutState, SuspenseKind
from payments.models import Payout

S = PayoutState
# Stripe's word for a payout's state, and ours. Source: https://docs.stripe.com/api/payouts/object#payout_object-status
STATES = {
    "pending": S.PENDING,
    "in_transit": S.IN_TRANSIT,
    "paid": S.PAID,
    "failed": S.FAILED,
    "canceled": S.CANCELED,
}


def look(account: str, payout: str) -> Payout:
    """Fetch a payout and do what follows from it. Raises gateway.Unavailable, gateway.Refused."""
    return apply(account, gateway.look_at_payout(account=account, payout=payout))


def apply(account: str, remote: gateway.RemotePayout) -> Payout:
    """Write down how a payout stands: safe any number of times. ValueError for a state that we have no word for."""
    state = STATES.get(remote.status)
    if state is None:
        raise ValueError(f"A payout may not be {remote.status}.")
    row = _written(account, remote, state)
    clearing.fetch(account, remote.movements)
    return row


@transaction.atomic
def _written(account: str, remote: gateway.RemotePayout, state: str) -> Payout:
    row = _kept(account, remote, state)
    if row.is_automatic:
        _list(row, SuspenseKind.AUTOMATIC_PAYOUT)
    if state == S.FAILED:
        _list(row, SuspenseKind.PAYOUT_FAILED)
    return row


def _kept(account: str, remote: gateway.RemotePayout, state: str) -> Payout:
    """Its row under a lock, made if it is new."""
    facts = {
        "state": state,
        "failure": remote.failure[:200],
        "reference": remote.reference[:60],
        "arrives_on": clock.london(datetime.fromtimestamp(remote.arrives, UTC)).date(),
        "looked_at": clock.now(),
    }
    first = {
        "society_id": suspense.society_of(account),
        "account_id": account,
        "amount_pence": remote.amount_pence,
        "is_automatic": remote.is_automatic,
        "created_at": datetime.fromtimestamp(remote.created, UTC),
    }
    return stripe_copies.kept(Payout, remote.id, facts=facts, first=first)


def _list(row: Payout, kind: str) -> None:
    suspense.open_item(
        kind,
        row.stripe_id,
        society_id=row.society_id,
        account_id=row.account_id,
        amount_pence=row.amount_pence,
        arrives_on=row.arrives_on.isoformat(),
        words=row.failure,
    )
