"""Top-ups: an account puts money of its own into its balance. Source: docs.stripe.com/api/topups."""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.metadata import checked
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import balance
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World


def top_up(world: World, account: str, amount: int, currency: str = "gbp", **fields) -> dict:
    """Money that is available at once, in pence. Raises ApiError for nothing."""
    if amount <= 0:
        raise errors.invalid("amount", "This value must be greater than or equal to 1.")
    topup = new(
        world,
        "topup",
        amount=amount,
        currency=currency,
        expected_availability_date=world.now(),
        status="succeeded",
        **({"metadata": {}} | fields),
    )
    world.store.add(account, topup)
    transaction = balance.book(
        world, account, kind="topup", category="topup", amount=amount, source=topup["id"], currency=currency
    )
    world.store.change(topup, balance_transaction=transaction["id"])
    events.emit(world, "topup.created", topup)
    events.emit(world, "topup.succeeded", topup)
    return topup


@answers("POST", "/v1/topups", "amount currency description metadata statement_descriptor")
def create_topup(world: World, account: str, params: dict) -> dict:
    words = {name: params.get(name) for name in ("description", "statement_descriptor")}
    return top_up(
        world, account, params["amount"], params["currency"], **words, metadata=checked(params.get("metadata"))
    )


@answers("GET", "/v1/topups", PAGE)
def list_topups(world: World, account: str, params: dict) -> dict:
    return page(world, account, "topup", params, "/v1/topups")


@answers("GET", "/v1/topups/{topup}")
def retrieve_topup(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "topup", ident)
