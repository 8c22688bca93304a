"""The money of an account at Stripe: booked as balance transactions, pending at first, then available.

Fees and waiting times are plausible, not Stripe's: read the fee from the balance transaction, never compute it.
Source: docs.stripe.com/api/balance_transactions, docs.stripe.com/api/balance.
"""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.clock import on_time
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World


def book(
    world: World,
    account: str,
    *,
    kind: str,
    category: str,
    amount: int,
    fee_details: list[dict] | None = None,
    source: str | None,
    available_in: int = 0,
    currency: str = "gbp",
) -> dict:
    """Books a sum in pence, with its fees, available at once or in so many seconds."""
    fee = sum(detail["amount"] for detail in fee_details or ())
    transaction = new(
        world,
        "balance_transaction",
        amount=amount,
        fee=fee,
        net=amount - fee,
        currency=currency,
        type=kind,
        reporting_category=category,
        source=source,
        status="pending" if available_in else "available",
        balance_type="payments",
        available_on=world.now() + available_in,
        fee_details=fee_details or [],
    )
    totals = _totals(world, account, currency)
    world.store.add(account, transaction)
    totals[bool(available_in)] += transaction["net"]
    if available_in:
        world.at(transaction["available_on"], "money_available", account, transaction=transaction["id"])
    elif transaction["net"] > 0:
        _tell(world, account)
    return transaction


@on_time("money_available")
def _make_available(world: World, account: str, transaction: str) -> None:
    found = world.store.get(account, "balance_transaction", transaction)
    totals = _totals(world, account, found["currency"])
    world.store.change(found, status="available")
    totals[0] += found["net"]
    totals[1] -= found["net"]
    _tell(world, account)


def _tell(world: World, account: str) -> None:
    """There is more than before: whoever waits for money may look again."""
    events.emit(world, "balance.available", retrieve_balance(world, account, {}), account=account)
    _wake_refunds(world, account)


def _wake_refunds(world: World, account: str) -> None:
    """Refunds that wait for money look again; see refunds."""
    if world.store.first(account, "refund", pending_reason="insufficient_funds"):
        world.at(world.now(), "retry_refunds", account)


def _totals(world: World, account: str, currency: str) -> list[int]:
    """[available, pending] in pence; counted once from what a state file held, then kept."""
    if world.totals is None:
        world.totals = {}
        for obj in world.store.everything():
            if obj["object"] == "balance_transaction":
                totals = world.totals.setdefault((obj["_account"], obj["currency"]), [0, 0])
                totals[obj["status"] == "pending"] += obj["net"]
    return world.totals.setdefault((account, currency), [0, 0])


def available(world: World, account: str, currency: str) -> int:
    """What can be paid out or refunded now, in pence; below nothing after disputes."""
    return _totals(world, account, currency)[0]


def fee(amount: int, description: str, kind: str = "stripe_fee", currency: str = "gbp") -> dict:
    """One entry of a balance transaction's `fee_details`."""
    application = "ca_fake" if kind == "application_fee" else None
    return {
        "amount": amount,
        "application": application,
        "currency": currency,
        "description": description,
        "type": kind,
    }


@answers("GET", "/v1/balance")
def retrieve_balance(world: World, account: str, params: dict) -> dict:
    ready, pending = _totals(world, account, "gbp")
    return new(world, "balance", available=_sum(ready), pending=_sum(pending))


def _sum(amount: int) -> list[dict]:
    return [{"amount": amount, "currency": "gbp", "source_types": {"card": amount}}]


@answers("GET", "/v1/balance_transactions", f"{PAGE} type source currency payout")
def list_transactions(world: World, account: str, params: dict) -> dict:
    """With `payout`, what an automatic payout is made of; Stripe knows this of no other kind."""
    inside = None
    if "payout" in params:
        payout = world.store.get(account, "payout", params["payout"], "payout", status=400)
        if not payout["automatic"]:
            message = "Balance transaction history can only be filtered on automatic transfers, not manual."
            raise errors.invalid("payout", message, None)
        inside = {*payout["_inside"], payout["balance_transaction"]}
    return page(
        world,
        account,
        "balance_transaction",
        params,
        "/v1/balance_transactions",
        filters="source type currency",
        keep=lambda transaction: inside is None or transaction["id"] in inside,
    )


@answers("GET", "/v1/balance_transactions/{id}")
def retrieve_transaction(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "balance_transaction", ident)
