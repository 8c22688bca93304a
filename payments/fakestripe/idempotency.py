"""Answers kept for their idempotency keys: the same key with the same parameters gives the same answer, a 500 too.

Stripe may forget a key after 24 hours; the fake always does, so that nobody relies on an older one.
Source: docs.stripe.com/api/idempotent_requests.
"""

from __future__ import annotations

import hashlib
import json
import typing

from payments.fakestripe.clock import DAY
from payments.fakestripe.errors import ApiError
from payments.fakestripe.world import World

LONGEST = 255  # characters of a key


class Slot(typing.NamedTuple):
    """Where an answer is kept: keys belong to one account and one API key."""

    key: str
    digest: str


def slot(api_key: str, account: str, key: str, path: str, params: dict) -> Slot:
    """Raises ApiError for a key that is too long."""
    if len(key) > LONGEST:
        raise ApiError(400, None, f"Idempotency keys can be up to {LONGEST} characters long.")
    owner = hashlib.sha256(api_key.encode()).hexdigest()[:16]  # the state file holds no keys
    asked = hashlib.sha256(json.dumps([path, params], sort_keys=True).encode()).hexdigest()
    return Slot(json.dumps([owner, account, key]), asked)


def replayed(world: World, place: Slot) -> tuple[int, dict] | None:
    """Status and body as they were. Raises ApiError where the parameters differ from then."""
    kept = world.replays.get(place.key)
    if kept is None or kept["at"] + DAY <= world.now():
        return None
    if kept["digest"] != place.digest:
        raise ApiError(
            400,
            None,
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            "Try using a key other than that one if you meant to execute a different request.",
            type="idempotency_error",
        )
    return kept["status"], kept["body"]


def keep(world: World, place: Slot, status: int, body: dict) -> None:
    kept = {"at": world.now(), "digest": place.digest, "status": status, "body": body}
    world.replays[place.key] = kept
    world.note("replay", place.key, kept)
