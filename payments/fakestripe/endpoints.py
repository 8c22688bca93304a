"""Webhook endpoints: where events are sent. The fake sends to this machine only.

Source: docs.stripe.com/api/webhook_endpoints.
"""

from __future__ import annotations

import ipaddress
import urllib.parse

from payments.fakestripe import errors
from payments.fakestripe.metadata import merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import PLATFORM, World

_MOST = 16  # endpoints of an account


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine by http(s) and nowhere else."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def refuse_foreign(url: str) -> None:
    if not is_loopback(url):
        raise errors.invalid(
            "url",
            f"The fake Stripe sends webhooks to this machine only (127.0.0.1, ::1 or localhost), not to {url}.",
            "url_invalid",
        )
    if urllib.parse.urlsplit(url).scheme == "https":
        raise errors.invalid("url", "The fake Stripe sends webhooks by http, not https.", "url_invalid")


@answers("POST", "/v1/webhook_endpoints", "url enabled_events connect api_version description metadata")
def create_endpoint(world: World, account: str, params: dict) -> dict:
    """Registers an endpoint; its secret is told once, in this answer."""
    refuse_foreign(params["url"])
    if world.store.count(account, "webhook_endpoint") >= _MOST:
        raise errors.invalid("url", f"You have reached the maximum of {_MOST} test webhook endpoints.")
    endpoint = register(
        world,
        account,
        url=params["url"],
        secret="whsec_" + world.letters(32),
        connect=params.get("connect", False),
        enabled_events=params["enabled_events"],
        api_version=params.get("api_version"),
        description=params.get("description"),
        metadata=params.get("metadata") or {},
    )
    return endpoint | {"secret": endpoint["_secret"]}


def register(world: World, account: str, *, secret: str, connect: bool, **fields) -> dict:
    """Keeps a new endpoint under a secret that is known already."""
    defaults = {"enabled_events": ["*"], "status": "enabled", "metadata": {}}
    endpoint = new(world, "webhook_endpoint", **(defaults | fields), _connect=connect, _secret=secret)
    return world.store.add(account, endpoint)


def ensure(world: World, url: str, secret: str) -> dict:
    """The platform's Connect endpoint of this URL under this secret, registered if it was not."""
    refuse_foreign(url)
    for endpoint in world.store.each(PLATFORM, "webhook_endpoint", url=url):
        if endpoint["_connect"]:
            return world.store.change(endpoint, _secret=secret, status="enabled")
    return register(world, PLATFORM, url=url, secret=secret, connect=True)


@answers("GET", "/v1/webhook_endpoints", PAGE)
def list_endpoints(world: World, account: str, params: dict) -> dict:
    return page(world, account, "webhook_endpoint", params, "/v1/webhook_endpoints")


@answers("GET", "/v1/webhook_endpoints/{webhook_endpoint}")
def retrieve_endpoint(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "webhook_endpoint", ident)


@answers("POST", "/v1/webhook_endpoints/{webhook_endpoint}", "url enabled_events disabled description metadata")
def update_endpoint(world: World, account: str, params: dict, ident: str) -> dict:
    endpoint = world.store.get(account, "webhook_endpoint", ident)
    fields = {key: params[key] for key in ("url", "enabled_events", "description") if key in params}
    if "url" in fields:
        refuse_foreign(fields["url"])
    if "disabled" in params:
        fields["status"] = "disabled" if params["disabled"] else "enabled"
    return world.store.change(endpoint, **fields, metadata=merged(endpoint["metadata"], params))


@answers("DELETE", "/v1/webhook_endpoints/{webhook_endpoint}")
def delete_endpoint(world: World, account: str, params: dict, ident: str) -> dict:
    endpoint = world.store.get(account, "webhook_endpoint", ident)
    world.store.remove(endpoint)
    return {"id": ident, "object": "webhook_endpoint", "deleted": True}
