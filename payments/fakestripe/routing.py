"""Which function answers which route.

A function is registered with `answers` and takes (world, account, params) and then the ids of its path.
`models` names the top-level parameters that the fake takes into account. What Stripe knows and the fake
does not is refused aloud: to take a parameter and ignore it would make a test pass for nothing.
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
    for param in params:
        if param not in answerer.models:
            raise errors.not_modelled(f"the parameter {param} of {method} {path}", param)
    return answerer.function(world, account, params, *ids)
