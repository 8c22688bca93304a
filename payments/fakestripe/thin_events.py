"""Thin events of the v2 API: they say that something has changed, and nothing of what it is now.

They go to event destinations of their own kind. Source: docs.stripe.com/event-destinations, docs.stripe.com/api/v2.
"""

from __future__ import annotations

from payments.fakestripe import delivery, errors, schema
from payments.fakestripe.clock import as_v2_text
from payments.fakestripe.endpoints import refuse_foreign
from payments.fakestripe.objects import new_id
from payments.fakestripe.routing import answers
from payments.fakestripe.world import PLATFORM, World

DESTINATION, EVENT = "v2.core.event_destination", "v2.core.event"


def emit(world: World, kind: str, ident: str) -> None:
    """Records that something about the v2 account of this id has changed; nothing for an account of the v1 API."""
    if world.store.find(PLATFORM, "v2.core.account", ident) is None:
        return
    if kind not in schema.thin_event_names():
        world.remarks.append(f"event {kind}: the package knows no such thin event")
    event = {
        "id": new_id(world, EVENT),
        "object": EVENT,
        "type": kind,
        "created": as_v2_text(world.now()),
        "livemode": False,
        "context": None,
        "reason": None,
        "related_object": {"id": ident, "type": "v2.core.account", "url": f"/v2/core/accounts/{ident}"},
    }
    delivery.queue(world, world.store.add(PLATFORM, event))


def ensure(world: World, url: str, secret: str) -> dict:
    """The destination of this URL under this secret, registered if it was not."""
    refuse_foreign(url)
    for found in world.store.each(PLATFORM, DESTINATION, _url=url):
        return world.store.change(found, _secret=secret, status="enabled")
    return _register(world, url, secret, name="thin", enabled_events=["*"])


def _register(world: World, url: str, secret: str, **fields) -> dict:
    now = as_v2_text(world.now())
    destination = {
        "id": new_id(world, DESTINATION),
        "object": DESTINATION,
        "created": now,
        "updated": now,
        "description": "",
        "event_payload": "thin",
        "events_from": ["self"],
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "type": "webhook_endpoint",
        "_url": url,
        "_secret": secret,
    }
    return world.store.add(PLATFORM, destination | fields)


@answers(
    "POST",
    "/v2/core/event_destinations",
    "name description type event_payload enabled_events events_from include metadata webhook_endpoint.url",
)
def create_destination(world: World, account: str, params: dict) -> dict:
    """A webhook for thin events; those of whole objects are made by /v1/webhook_endpoints here."""
    if params["type"] != "webhook_endpoint" or params["event_payload"] != "thin":
        raise errors.not_modelled("event destinations but webhooks for thin events", "event_payload")
    url = (params.get("webhook_endpoint") or {}).get("url")
    if not url:
        raise errors.missing("webhook_endpoint[url]")
    refuse_foreign(url)
    given = {name: params[name] for name in ("name", "description", "enabled_events", "metadata") if name in params}
    made = _register(world, url, "whsec_" + world.letters(32), **given)
    shown = {"webhook_endpoint.signing_secret": made["_secret"], "webhook_endpoint.url": url}
    asked = {name.partition(".")[2]: shown.get(name) for name in params.get("include") or ()}
    return made | {"webhook_endpoint": {"signing_secret": None, "url": None} | asked}


@answers("GET", "/v2/core/events/{id}")
def retrieve_event(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(PLATFORM, EVENT, ident)
