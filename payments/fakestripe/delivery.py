"""Webhooks on their way: queued, signed, sent, repeated; on request also doubled, lost or out of order.

A delivery is data: which event, to which endpoint, how often tried, when due on the machine's own clock.
Signatures bear the machine's time too, because the receiver compares them with its own.
Source: docs.stripe.com/webhooks (retries, no order, duplicates, Stripe-Signature).
"""

from __future__ import annotations

import http.client
import json
import time
import typing
import urllib.parse

import stripe

from payments.fakestripe.store import public
from payments.fakestripe.world import PLATFORM, World

TIMEOUT = 10  # seconds for the endpoint to answer
SHUFFLE = 0.08  # seconds over which `reorder` scatters what was due together


def queue(world: World, event: dict) -> None:
    """Puts out one delivery for each endpoint that wants this event, as the chaos of the day allows."""
    targets = [endpoint for endpoint in _endpoints(world, event) if _wants(endpoint, event["type"])]
    if not targets:
        return
    if "pending_webhooks" in event:
        world.store.change(event, pending_webhooks=len(targets))
    for endpoint in targets:
        copies = 2 if world.random.random() < world.chaos["duplicate"] else 1
        if world.random.random() < world.chaos["lose"]:
            copies = 0
        for _ in range(copies):
            _put_out(world, event, endpoint)
    world.wake.set()


def _endpoints(world: World, event: dict) -> list[dict]:
    """The endpoints of the account itself, and for a connected account the platform's Connect endpoints.

    Thin events have destinations of their own.
    """
    account = event["_account"]
    if event["object"] == "v2.core.event":
        return world.store.each(account, "v2.core.event_destination")
    own = [e for e in world.store.each(account, "webhook_endpoint") if not e["_connect"]]
    if account == PLATFORM:
        return own
    return own + [e for e in world.store.each(PLATFORM, "webhook_endpoint") if e["_connect"]]


def _wants(endpoint: dict, kind: str) -> bool:
    wanted = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and ("*" in wanted or kind in wanted)


def _put_out(world: World, event: dict, endpoint: dict) -> None:
    world.last_delivery += 1
    delivery = {
        "number": world.last_delivery,
        "event": [event["_account"], event["id"]],
        "endpoint": [endpoint["_account"], endpoint["id"]],
        "attempt": 0,
        "due": time.time() + (world.random.random() * SHUFFLE if world.chaos["reorder"] else 0),
    }
    keep(world, delivery)


def keep(world: World, delivery: dict) -> None:
    world.outbox[delivery["number"]] = delivery
    world.note("delivery", delivery["number"], delivery)


def take(world: World, delivery: dict) -> bool:
    """Takes a delivery out of the outbox; False where somebody else has.

    The state file keeps it until `settle`: after a crash it is sent again rather than lost.
    """
    return world.outbox.pop(delivery["number"], None) is not None


def due(world: World) -> list[dict]:
    """What shall be sent now, the longest due first."""
    ready = [delivery for delivery in world.outbox.values() if delivery["due"] <= time.time()]
    return sorted(ready, key=lambda delivery: (delivery["due"], delivery["number"]))


def event_of(world: World, delivery: dict) -> dict | None:
    account, ident = delivery["event"]
    return world.store.find(account, "event", ident) or world.store.find(account, "v2.core.event", ident)


def endpoint_of(world: World, delivery: dict) -> dict | None:
    account, ident = delivery["endpoint"]
    found = world.store.find(account, "webhook_endpoint", ident)
    return found or world.store.find(account, "v2.core.event_destination", ident)


class Letter(typing.NamedTuple):
    """What goes over the wire in one attempt; made under the lock, sent without it."""

    url: str
    body: bytes
    secret: str

    def headers(self) -> dict[str, str]:
        """With a timestamp and a signature of this attempt's own, as Stripe makes them."""
        signature = stripe.WebhookSignature.generate_signature_header(
            self.body.decode(), self.secret, timestamp=int(time.time())
        )
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (fake)",
            "Connection": "close",
        }


def letter(world: World, delivery: dict) -> Letter | None:
    """None where the event or its endpoint is no longer there."""
    event, endpoint = event_of(world, delivery), endpoint_of(world, delivery)
    if event is None or endpoint is None:
        return None
    body = json.dumps(public(event), separators=(",", ":")).encode()
    return Letter(endpoint.get("url") or endpoint["_url"], body, endpoint["_secret"])


def send(letter: Letter) -> int:
    """Makes one attempt; the HTTP status of the answer, 0 where nobody answered.

    By http.client, which asks no proxy and follows no redirect: nothing leaves this machine.
    """
    parts = urllib.parse.urlsplit(letter.url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=TIMEOUT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, letter.body, letter.headers())
        with connection.getresponse() as answer:
            return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def settle(world: World, delivery: dict, status: int, retry_delays: tuple[float, ...]) -> None:
    """Notes what came of an attempt: delivered, to be tried again, or given up (the event stays pending)."""
    event, attempts = event_of(world, delivery), delivery["attempt"] + 1
    world.note("delivery", delivery["number"], None)
    if event is not None and 200 <= status < 300:
        if "pending_webhooks" in event:
            world.store.change(event, pending_webhooks=max(0, event["pending_webhooks"] - 1))
    elif event is not None and attempts <= len(retry_delays):
        keep(world, delivery | {"attempt": attempts, "due": time.time() + retry_delays[attempts - 1]})
