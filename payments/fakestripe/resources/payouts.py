"""Payouts to the account's own bank: by hand, or all that is available as Stripe's schedule would.

Source: docs.stripe.com/api/payouts, docs.stripe.com/connect/manual-payouts.
"""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.clock import DAY, on_time
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import balance
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World

_ON_THE_WAY = DAY


@answers("POST", "/v1/payouts", "amount currency description metadata statement_descriptor")
def create_payout(world: World, account: str, params: dict) -> dict:
    amount, currency = params["amount"], params["currency"]
    if amount <= 0:
        raise errors.invalid("amount", "This value must be greater than or equal to 1.")
    if amount > balance.available(world, account, currency):
        message = "You have insufficient funds in your Stripe account for this transfer."
        raise errors.ApiError(400, "balance_insufficient", message)
    return _send(
        world,
        account,
        amount,
        currency,
        automatic=False,
        reconciliation_status="not_applicable",
        description=params.get("description"),
        statement_descriptor=params.get("statement_descriptor"),
        metadata=checked(params.get("metadata")),
    )


def pay_out(world: World, account: str, currency: str = "gbp") -> dict:
    """Pays out all that is available, as a schedule does. Raises ApiError where there is nothing."""
    amount = balance.available(world, account, currency)
    if amount <= 0:
        raise errors.ApiError(400, "balance_insufficient", "There is nothing to pay out.")
    inside = [one["id"] for one in _not_paid_out(world, account, currency)]
    return _send(
        world, account, amount, currency, automatic=True, reconciliation_status="completed", metadata={}, _inside=inside
    )


def _not_paid_out(world: World, account: str, currency: str) -> list[dict]:
    """The available balance transactions that no automatic payout has taken yet."""
    taken = {ident for payout in world.store.each(account, "payout") for ident in payout["_inside"]}
    found = world.store.each(account, "balance_transaction")
    return [
        one for one in found if one["id"] not in taken and one["status"] == "available" and one["currency"] == currency
    ]


def _send(world: World, account: str, amount: int, currency: str, **fields) -> dict:
    payout = new(
        world,
        "payout",
        amount=amount,
        currency=currency,
        arrival_date=world.now() + _ON_THE_WAY,
        method="standard",
        source_type="card",
        status="pending",
        trace_id={"status": "pending", "value": None},
        type="bank_account",
        **({"_inside": []} | fields),
    )
    world.store.add(account, payout)
    _book(world, account, payout, "payout", -amount, "balance_transaction")
    events.emit(world, "payout.created", payout)
    world.at(payout["arrival_date"], "payout_arrives", account, payout=payout["id"])
    return payout


def fail(world: World, account: str, payout: dict, code: str = "account_closed") -> dict:
    """The society's bank sends the money back, perhaps days after it was paid. Raises ApiError."""
    if payout["status"] not in ("pending", "in_transit", "paid"):
        raise errors.ApiError(400, None, f"Payout {payout['id']} is {payout['status']} already.")
    _book(world, account, payout, "payout_failure", payout["amount"], "failure_balance_transaction")
    words = "The bank account has been closed." if code == "account_closed" else "The bank could not take the money."
    return events.changed(world, "payout.failed", payout, status="failed", failure_code=code, failure_message=words)


def _book(world: World, account: str, payout: dict, kind: str, amount: int, field: str) -> None:
    transaction = balance.book(
        world,
        account,
        kind=kind,
        category=kind if kind == "payout" else "payout_reversal",
        amount=amount,
        source=payout["id"],
        currency=payout["currency"],
    )
    world.store.change(payout, **{field: transaction["id"]})


@on_time("payout_arrives")
def _arrive(world: World, account: str, payout: str) -> None:
    found = world.store.get(account, "payout", payout)
    if found["status"] == "pending":
        trace = {"status": "supported", "value": f"FP{world.letters(14).upper()}"}
        world.store.change(found, status="paid", trace_id=trace)
        events.emit(world, "payout.paid", found)


@answers("GET", "/v1/payouts", f"{PAGE} status")
def list_payouts(world: World, account: str, params: dict) -> dict:
    return page(world, account, "payout", params, "/v1/payouts", filters="status")


@answers("GET", "/v1/payouts/{payout}")
def retrieve_payout(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "payout", ident)


@answers("POST", "/v1/payouts/{payout}", "metadata")
def update_payout(world: World, account: str, params: dict, ident: str) -> dict:
    payout = world.store.get(account, "payout", ident)
    return events.changed(world, "payout.updated", payout, metadata=merged(payout["metadata"], params))


@answers("POST", "/v1/payouts/{payout}/cancel")
def cancel_payout(world: World, account: str, params: dict, ident: str) -> dict:
    """Before it has arrived; the money is available again."""
    payout = world.store.get(account, "payout", ident)
    if payout["status"] != "pending":
        raise errors.ApiError(400, "payout_not_cancelable", "This payout can no longer be canceled.")
    _book(world, account, payout, "payout_cancel", payout["amount"], "failure_balance_transaction")
    world.store.change(payout, status="canceled")
    events.emit(world, "payout.canceled", payout)
    return payout
