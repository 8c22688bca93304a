"""Lists as Stripe gives them: the newest first, at most 100, continued after or before an object.

Source: docs.stripe.com/api/pagination.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from itertools import islice

from payments.fakestripe import errors
from payments.fakestripe.objects import list_of
from payments.fakestripe.store import public
from payments.fakestripe.world import World

_COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def page(
    world: World,
    account: str,
    name: str,
    params: dict,
    url: str,
    *,
    filters: str = "",
    keep: Callable[[dict], bool] = lambda obj: True,
) -> dict:
    """One page of an account's objects. `filters` are parameters that must equal the field of that name."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise errors.invalid("limit", "Invalid limit: must be between 1 and 100.", "parameter_invalid_integer")
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise errors.exclusive("starting_after", "ending_before")
    for param in ("starting_after", "ending_before"):
        if params.get(param):
            world.store.get(account, name, params[param], param, status=400)
    wanted = {field: params[field] for field in filters.split() if params.get(field) is not None}

    def fits(obj: dict) -> bool:
        return keep(obj) and _created_within(obj, params.get("created"))

    if before:
        found = _taken(world.store.since(account, name, after=before, **wanted), fits, limit + 1)
        chosen = found[:limit][::-1]
    else:
        found = _taken(world.store.newest(account, name, before=after, **wanted), fits, limit + 1)
        chosen = found[:limit]
    return list_of([public(obj) for obj in chosen], url, has_more=len(found) > limit)


def _taken(objects: Iterable[dict], fits: Callable[[dict], bool], count: int) -> list[dict]:
    return list(islice((obj for obj in objects if fits(obj)), count))


def _created_within(obj: dict, created: object) -> bool:
    if isinstance(created, dict):
        return all(_COMPARE[word](obj["created"], int(bound)) for word, bound in created.items())
    return created is None or obj["created"] == int(str(created))
