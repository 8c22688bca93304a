"""Which function answers which route.

A function is registered with `answers` and takes (world, account, params) and then the ids of its path.
`models` names the parameters that the fake takes into account: "metadata" with all that is in it, or the way to
one inside others, "payments.payouts.schedule.interval". What Stripe knows and the fake does not is refused aloud:
to take a parameter and ignore it would make a test pass for nothing.
"""

from __future__ import annotations

import typing
from collections.abc import Callable

from payments.fakestripe import errors
from payments.fakestripe.world import World

PAGE = "limit starting_after ending_before created"  # what every list takes


class Answerer(typing.NamedTuple):
    function: Callable
    models: frozenset[str]


_ANSWERERS: dict[tuple[str, str], Answerer] = {}


def answers(method: str, path: str, models: str = "") -> Callable:
    """Registers the function of a route, under the path that the package has for it."""

    def register(function: Callable) -> Callable:
        _ANSWERERS[method, path] = Answerer(function, frozenset(models.split()) | {"expand"})
        return function

    return register


def registered() -> dict[tuple[str, str], Answerer]:
    return _ANSWERERS


def answer(world: World, account: str, method: str, path: str, params: dict, ids: tuple[str, ...]) -> dict:
    """The object or list with which Stripe would answer. Raises ApiError."""
    answerer = _ANSWERERS.get((method, path))
    if answerer is None:
        raise errors.not_modelled(f"{method} {path}")
    if unknown := first_not_modelled(answerer.models, params):
        raise errors.not_modelled(f"the parameter {unknown} of {method} {path}", unknown)
    return answerer.function(world, account, params, *ids)


def first_not_modelled(models: frozenset[str], params: dict, way: str = "", shown: str = "") -> str | None:
    """The first parameter that no model leads to, as Stripe writes it: line_items[0][tax_rates]. None if all do."""
    for key, value in params.items():
        here, name = f"{way}{key}", f"{shown}[{key}]" if shown else key
        if here in models:
            continue
        if not any(model.startswith(f"{here}.") for model in models):
            return name
        inside = enumerate(value) if isinstance(value, list) else [(None, value)]
        for number, item in inside:
            place = name if number is None else f"{name}[{number}]"
            found = first_not_modelled(models, item, f"{here}.", place) if isinstance(item, dict) else None
            if found:
                return found
    return None
