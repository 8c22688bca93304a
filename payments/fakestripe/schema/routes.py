"""Which HTTP methods and paths Stripe has, with the parameters of each, read from the package's services.

The services are generated code of one shape, so their text is read instead of importing 220 modules:
all 648 routes in some hundredths of a second. The class of the parameters is imported when first asked for.
"""

from __future__ import annotations

import functools
import importlib
import re
import typing
from pathlib import Path

import stripe

_PACKAGE = Path(stripe.__file__).parent
_IMPORT = re.compile(r"from (stripe\.params[\w.]*) import (?:\(\s*)?(\w+)")
_FUNCTION = re.compile(r"\n    def \w+\(")
_PARAMS = re.compile(r'params: (?:Optional\[)?\s*"(\w+Params)"')
_CALL = re.compile(r'self\._request\(\s*"(\w+)",\s*"([^"]+)"')


class Route(typing.NamedTuple):
    """One operation of the API: its method, its path with {placeholders}, where its parameters are described."""

    method: str
    path: str
    module: str
    name: str

    @property
    def params(self) -> type:
        """The TypedDict of the parameters."""
        return _class(self.module, self.name)


@functools.cache
def _class(module: str, name: str) -> type:
    return getattr(importlib.import_module(module), name)


def _routes_in(text: str) -> typing.Iterator[Route]:
    """The routes of one service module: one per method of the class that makes a request."""
    modules = {name: module for module, name in _IMPORT.findall(text)}
    for body in _FUNCTION.split(text)[1:]:
        call, params = _CALL.search(body), _PARAMS.search(body)
        if call and params:
            yield Route(call[1].upper(), call[2], modules[params[1]], params[1])


@functools.cache
def routes() -> dict[tuple[str, str], Route]:
    """Every route of the installed package by ("POST", "/v1/refunds/{refund}")."""
    found = {}
    for path in sorted(_PACKAGE.rglob("*_service.py")):
        for route in _routes_in(path.read_text(encoding="utf-8")):
            found[route.method, route.path] = route
    return found


@functools.cache
def _by_shape() -> dict[tuple, list[tuple[re.Pattern, Route]]]:
    """Patterns by method and number of path segments, fixed words before placeholders."""
    found: dict[tuple, list] = {}
    for route in sorted(routes().values(), key=lambda route: route.path.count("{")):
        pattern = re.compile(re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(route.path)))
        found.setdefault((route.method, route.path.count("/")), []).append((pattern, route))
    return found


def match(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a request, and what stands at its placeholders; None where Stripe has no such path."""
    for pattern, route in _by_shape().get((method, path.count("/")), ()):
        if hit := pattern.fullmatch(path):
            return route, hit.groups()
    return None


@functools.cache
def event_names() -> frozenset[str]:
    """Every type of event that a webhook endpoint can subscribe to in the pinned version."""
    from payments.fakestripe.schema.parameters import hints
    from payments.fakestripe.schema.types import literal_words, options

    params = routes()["POST", "/v1/webhook_endpoints"].params
    (item,) = typing.get_args(hints(params)["enabled_events"])
    return frozenset(literal_words(list(options(item)))) - {"*"}


@functools.cache
def thin_event_names() -> frozenset[str]:
    """Every type of thin event that the package has a class for."""
    texts = (path.read_text(encoding="utf-8") for path in (_PACKAGE / "events").glob("_*.py"))
    return frozenset(name for text in texts for name in re.findall(r'LOOKUP_TYPE = "([^"]+)"', text))
