"""Charges: one attempt each to move money. They are made by intents only. Source: docs.stripe.com/api/charges."""

from __future__ import annotations

from payments.fakestripe.metadata import merged
from payments.fakestripe.paging import page
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World


@answers("GET", "/v1/charges", f"{PAGE} payment_intent customer")
def list_charges(world: World, account: str, params: dict) -> dict:
    return page(world, account, "charge", params, "/v1/charges", filters="payment_intent customer")


@answers("GET", "/v1/charges/{charge}")
def retrieve_charge(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "charge", ident)


@answers("POST", "/v1/charges/{charge}", "metadata description")
def update_charge(world: World, account: str, params: dict, ident: str) -> dict:
    charge = world.store.get(account, "charge", ident)
    fields = {"description": params["description"]} if "description" in params else {}
    return world.store.change(charge, **fields, metadata=merged(charge["metadata"], params))
