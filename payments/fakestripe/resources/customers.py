"""Customers. Source: docs.stripe.com/api/customers."""

from __future__ import annotations

from payments.fakestripe import events
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World

_FIELDS = ("email", "name", "description", "phone")


@answers("POST", "/v1/customers", "email name description phone metadata")
def create_customer(world: World, account: str, params: dict) -> dict:
    return make(world, account, params)


def make(world: World, account: str, params: dict) -> dict:
    """Keeps a new customer."""
    fields = {key: params.get(key) for key in _FIELDS}
    customer = new(world, "customer", **fields, metadata=checked(params.get("metadata")))
    world.store.add(account, customer)
    events.emit(world, "customer.created", customer)
    return customer


@answers("GET", "/v1/customers", f"{PAGE} email")
def list_customers(world: World, account: str, params: dict) -> dict:
    return page(world, account, "customer", params, "/v1/customers", filters="email")


@answers("GET", "/v1/customers/{customer}")
def retrieve_customer(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "customer", ident)


@answers("POST", "/v1/customers/{customer}", "email name description phone metadata")
def update_customer(world: World, account: str, params: dict, ident: str) -> dict:
    customer = world.store.get(account, "customer", ident)
    fields = {key: params[key] for key in _FIELDS if key in params}
    fields["metadata"] = merged(customer["metadata"], params)
    return events.changed(world, "customer.updated", customer, **fields)


@answers("DELETE", "/v1/customers/{customer}")
def delete_customer(world: World, account: str, params: dict, ident: str) -> dict:
    customer = world.store.get(account, "customer", ident)
    world.store.remove(customer)
    events.emit(world, "customer.deleted", customer)
    return {"id": ident, "object": "customer", "deleted": True}
