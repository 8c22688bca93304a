"""Events: what has happened, kept for 30 days' worth of questions, and put out for the webhook endpoints.

An event holds the object as it was at that moment. Source: docs.stripe.com/api/events.
"""

from __future__ import annotations

import json

import stripe

from payments.fakestripe import delivery, errors, schema
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.store import public
from payments.fakestripe.world import PLATFORM, World


def emit(world: World, kind: str, obj: dict, *, account: str | None = None, previous: dict | None = None) -> dict:
    """Records an event about an object, of the account that owns it, and queues its webhooks.

    `previous` holds the earlier values of changed fields. What the package's classes do not allow goes to
    `world.remarks`.
    """
    owner = account or obj["_account"]
    if kind not in schema.event_names():
        world.remarks.append(f"event {kind}: the pinned version has no such event")
    check(world, public(obj), f"event {kind}")
    data = {"object": json.loads(json.dumps(public(obj)))}
    if previous is not None:
        data["previous_attributes"] = previous
    event = new(
        world,
        "event",
        type=kind,
        data=data,
        api_version=stripe.api_version,
        pending_webhooks=0,
        request=dict(world.request or {"id": None, "idempotency_key": None}),
    )
    if owner != PLATFORM:
        event["account"] = owner
    world.store.add(owner, event)
    delivery.queue(world, event)
    return event


def changed(world: World, kind: str, obj: dict, **fields) -> dict:
    """Sets fields of a kept object and records it as an event, with what was there before."""
    previous = {key: obj.get(key) for key in fields if key[0] != "_" and obj.get(key) != fields[key]}
    world.store.change(obj, **fields)
    emit(world, kind, obj, previous=previous)
    return obj


def check(world: World, obj: dict, where: str) -> None:
    """Notes in what an object differs from what Stripe could have sent."""
    world.remarks.extend(f"{where}: {obj.get('object')}: {line}" for line in schema.remarks_on(obj))


@answers("GET", "/v1/events", f"{PAGE} type types delivery_success")
def list_events(world: World, account: str, params: dict) -> dict:
    if "type" in params and "types" in params:
        raise errors.exclusive("type", "types")
    if len(params.get("types", ())) > 20:
        raise errors.invalid("types", "You may only specify up to 20 types.")
    kinds = params.get("types") or ([params["type"]] if "type" in params else None)
    wanted = params.get("delivery_success")

    def keep(event: dict) -> bool:
        if kinds is not None and event["type"] not in kinds:
            return False
        return wanted is None or wanted == (event["pending_webhooks"] == 0)

    return page(world, account, "event", params, "/v1/events", keep=keep)


@answers("GET", "/v1/events/{id}")
def retrieve_event(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "event", ident)
