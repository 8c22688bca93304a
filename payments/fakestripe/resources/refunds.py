"""Refunds, and the rule of the balance: a card refund waits for money, every other method fails without it.

Source: docs.stripe.com/refunds, docs.stripe.com/api/refunds.
"""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.clock import DAY, on_time
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import balance, disputes
from payments.fakestripe.resources import payment_methods as methods
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World

_BANK_TAKES = 3 * DAY


@answers("POST", "/v1/refunds", "charge payment_intent amount metadata reason")
def create_refund(world: World, account: str, params: dict) -> dict:
    charge = _charge(world, account, params)
    amount = _amount(world, account, charge, params)
    refund = new(
        world,
        "refund",
        amount=amount,
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        metadata=checked(params.get("metadata")),
        reason=params.get("reason"),
        status="pending",
    )
    world.store.add(account, refund)
    _count(world, charge, amount)
    events.emit(world, "refund.created", refund)
    if charge["refunded"]:
        disputes.refunded(world, account, charge)
    if _money_for(world, account, charge) >= amount:
        _book(world, account, refund, charge)
        events.emit(world, "charge.refunded", charge)
    elif _is_card(charge):
        world.store.change(refund, pending_reason="insufficient_funds")
        events.emit(world, "charge.refunded", charge)
    else:
        fail(world, account, refund, "insufficient_funds")
    return refund


def _charge(world: World, account: str, params: dict) -> dict:
    if "charge" in params:
        return world.store.get(account, "charge", params["charge"], "charge")
    if "payment_intent" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise errors.ApiError(400, "parameter_missing", message)
    intent = world.store.get(account, "payment_intent", params["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        raise errors.ApiError(400, None, "This PaymentIntent does not have a successful charge to refund.")
    return world.store.get(account, "charge", intent["latest_charge"])


def _amount(world: World, account: str, charge: dict, params: dict) -> int:
    """What shall go back, in pence. Raises ApiError for more than is left."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    if not charge["amount_captured"]:
        raise errors.ApiError(400, None, f"Charge {charge['id']} has not been captured; it cannot be refunded.")
    if left == 0:
        raise errors.ApiError(400, "charge_already_refunded", f"Charge {charge['id']} has already been refunded.")
    if disputes.bars_refund(world, account, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise errors.ApiError(400, "charge_disputed", message)
    amount = params.get("amount", left)
    if not 0 < amount <= left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise errors.invalid("amount", message, None)
    return amount


def _count(world: World, charge: dict, amount: int) -> None:
    """Adds to what is refunded of a charge; a negative amount when a refund has failed."""
    refunded = charge["amount_refunded"] + amount
    world.store.change(charge, amount_refunded=refunded, refunded=refunded == charge["amount"])


def _is_card(charge: dict) -> bool:
    return charge["payment_method_details"]["type"] == "card"


def _money_for(world: World, account: str, charge: dict) -> int:
    """The available balance, and the charge's own money while it is still on its way."""
    money = balance.available(world, account, charge["currency"])
    own = world.store.find(account, "balance_transaction", charge["balance_transaction"])
    if own and own["status"] == "pending":
        money += own["amount"]
    return money


def _book(world: World, account: str, refund: dict, charge: dict) -> None:
    """Takes the money from the balance; whether it has reached the payer is known then, or in days."""
    transaction = balance.book(
        world,
        account,
        kind="refund" if _is_card(charge) else "payment_refund",
        category="refund",
        amount=-refund["amount"],
        source=refund["id"],
        currency=refund["currency"],
    )
    method = world.store.get(account, "payment_method", charge["payment_method"])
    outcome = methods.behaviour_of(method).outcome
    is_there = outcome != "refund_pending"
    status = "succeeded" if is_there else "pending"
    _changed(world, refund, balance_transaction=transaction["id"], status=status)
    if outcome in ("refund_pending", "refund_fails"):
        world.at(world.now() + _BANK_TAKES, "bank_answers_refund", account, refund=refund["id"], arrives=not is_there)


def _changed(world: World, refund: dict, **fields) -> dict:
    """Sets fields and says so, under the older of Stripe's two names too."""
    events.changed(world, "refund.updated", refund, **fields)
    events.emit(world, "charge.refund.updated", refund)
    return refund


@on_time("bank_answers_refund")
def _bank_answers(world: World, account: str, refund: str, arrives: bool) -> None:
    """What was pending has arrived, and what had succeeded comes back: Stripe's two test cards for refunds."""
    found = world.store.get(account, "refund", refund)
    if arrives and found["status"] == "pending":
        _changed(world, found, status="succeeded")
    elif not arrives and found["status"] == "succeeded":
        fail(world, account, found, "lost_or_stolen_card")


def fail(world: World, account: str, refund: dict, reason: str) -> None:
    """A refund that did not reach the payer: if it was booked, the money comes back to the balance. Raises ApiError."""
    if refund["status"] not in ("pending", "succeeded"):
        raise errors.ApiError(400, None, f"Refund {refund['id']} is {refund['status']} already.")
    charge = world.store.get(account, "charge", refund["charge"])
    fields = {}
    if refund["balance_transaction"]:
        back = balance.book(
            world,
            account,
            kind="refund_failure",
            category="refund_failure",
            amount=refund["amount"],
            source=refund["id"],
            currency=refund["currency"],
        )
        fields["failure_balance_transaction"] = back["id"]
    if refund.get("pending_reason"):
        world.store.drop_field(refund, "pending_reason")
    _count(world, charge, -refund["amount"])
    world.store.change(refund, status="failed", failure_reason=reason, **fields)
    events.emit(world, "refund.failed", refund)


@on_time("retry_refunds")
def _retry(world: World, account: str) -> None:
    """Refunds that wait for money, the oldest first."""
    for refund in world.store.each(account, "refund", pending_reason="insufficient_funds"):
        if balance.available(world, account, refund["currency"]) >= refund["amount"]:
            world.store.drop_field(refund, "pending_reason")
            _book(world, account, refund, world.store.get(account, "charge", refund["charge"]))


@answers("GET", "/v1/refunds", f"{PAGE} charge payment_intent")
def list_refunds(world: World, account: str, params: dict) -> dict:
    return page(world, account, "refund", params, "/v1/refunds", filters="charge payment_intent")


@answers("GET", "/v1/refunds/{refund}")
def retrieve_refund(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "refund", ident)


@answers("POST", "/v1/refunds/{refund}", "metadata")
def update_refund(world: World, account: str, params: dict, ident: str) -> dict:
    refund = world.store.get(account, "refund", ident)
    return _changed(world, refund, metadata=merged(refund["metadata"], params))
