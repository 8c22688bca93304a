"""Checks what a client sends against the TypedDict of its route, and turns the form's strings into values.

Enums are written `Literal[…] | str` in the package, open for the future. A fake must be the strict one, so
only today's words pass. What the types cannot know: ranges, and which parameters exclude each other; those
checks stand with each object.
"""

from __future__ import annotations

import functools
import re
import sys
import typing
from decimal import Decimal

from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject

from payments.fakestripe.schema.types import is_typed_dict, literal_words, without_null

_OPTIONS = frozenset(RequestOptions.__annotations__)
_EXTRA_NAMES = {"Mapping": typing.Mapping, "StripeContext": object}
_WRAPPERS = (typing.NotRequired, typing.Required)


class Problem(typing.NamedTuple):
    """Why a parameter is refused, under Stripe's own code: parameter_unknown, parameter_missing, …"""

    code: str
    param: str  # as Stripe writes it: line_items[0][price_data][currency]
    message: str


@functools.cache
def hints(cls: type) -> dict[str, typing.Any]:
    """The parameters of a TypedDict with their types, without the library's own request options."""
    namespace = {**_EXTRA_NAMES, **vars(typing), **vars(sys.modules[cls.__module__])}
    found = {}
    for key, kind in typing.get_type_hints(cls, globalns=namespace, include_extras=True).items():
        while typing.get_origin(kind) in _WRAPPERS:
            (kind,) = typing.get_args(kind)
        if key not in _OPTIONS:
            found[key] = kind
    return found


@functools.cache
def _required(cls: type) -> frozenset[str]:
    return frozenset(cls.__required_keys__) - _OPTIONS


def problems_in(cls: type, data: dict, prefix: str = "") -> list[Problem]:
    """Every reason to refuse `data` (strings, dicts and lists, as decoded); empty when all is well."""
    allowed, problems = hints(cls), []
    for key, value in data.items():
        where = _name(prefix, key)
        if key in allowed:
            problems += _value_problems(allowed[key], value, where)
        elif prefix or key != "expand":
            problems.append(Problem("parameter_unknown", where, f"Received unknown parameter: {where}"))
    for key in sorted(_required(cls) - set(data)):
        where = _name(prefix, key)
        problems.append(Problem("parameter_missing", where, f"Missing required param: {where}."))
    return problems


def _name(prefix: str, key: object) -> str:
    return f"{prefix}[{key}]" if prefix else str(key)


def _value_problems(kind: object, value: object, where: str) -> list[Problem]:
    options = without_null(kind)
    words = literal_words(options)
    if words == {""} and str in options:
        options = [str]  # "" clears the field: no enum
    elif words:
        if isinstance(value, str) and value in words:
            return []
        options = [option for option in options if typing.get_origin(option) is not typing.Literal]
        options = [option for option in options if option is not str]
        if not options:
            known = ", ".join(sorted(map(str, words)))
            return [Problem("parameter_invalid_enum", where, f"Invalid {where}: must be one of {known}")]
    readings = [_one_problem(option, value, where) for option in options]
    return min(readings, key=len) if readings else []  # of several readings the one that got furthest


def _one_problem(kind: object, value: object, where: str) -> list[Problem]:
    origin = typing.get_origin(kind)
    if origin is list:
        if not isinstance(value, list):
            return _invalid("array", value, where)
        (inner,) = typing.get_args(kind)
        return [p for i, item in enumerate(value) for p in _value_problems(inner, item, f"{where}[{i}]")]
    if origin in (dict, UntypedStripeObject) or kind is dict:
        if not isinstance(value, dict):
            return _invalid("object", value, where)
        inner = typing.get_args(kind)[-1] if typing.get_args(kind) else typing.Any
        return [p for key, item in value.items() for p in _value_problems(inner, item, _name(where, key))]
    if is_typed_dict(kind):
        return problems_in(kind, value, where) if isinstance(value, dict) else _invalid("object", value, where)
    return _scalar_problem(kind, value, where)


def _scalar_problem(kind: object, value: object, where: str) -> list[Problem]:
    if kind is bool and not (isinstance(value, bool) or value in ("true", "false")):
        return _invalid("boolean", value, where)
    if kind is int and (isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value))):
        return _invalid("integer", value, where)
    if kind in (float, Decimal) and not re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
        return _invalid("decimal", value, where)
    if kind is str and not isinstance(value, str):
        return _invalid("string", value, where)
    return []


def _invalid(what: str, value: object, where: str) -> list[Problem]:
    return [Problem(f"parameter_invalid_{what}", where, f"Invalid {what}: {value!r}")]


def typed(cls: type, data: dict) -> dict:
    """The same data with integers and booleans instead of the form's strings. Only after `problems_in`."""
    allowed = hints(cls)
    return {key: _typed_value(allowed.get(key, typing.Any), value) for key, value in data.items()}


def _typed_value(kind: object, value: object) -> object:
    options = without_null(kind)
    if isinstance(value, str) and value in literal_words(options):
        return value
    if isinstance(value, list):
        inner = next((typing.get_args(o)[0] for o in options if typing.get_origin(o) is list), typing.Any)
        return [_typed_value(inner, item) for item in value]
    if isinstance(value, dict):
        fitting = (o for o in options if is_typed_dict(o) and not problems_in(o, value))
        cls = next(fitting, None)
        return typed(cls, value) if cls else _typed_mapping(options, value)
    if bool in options and value in ("true", "false"):
        return value == "true"
    if int in options and isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    return value


def _typed_mapping(options: list, value: dict) -> dict:
    mapping = next((o for o in options if typing.get_origin(o) in (dict, UntypedStripeObject)), None)
    inner = typing.get_args(mapping)[-1] if mapping else typing.Any
    return {key: _typed_value(inner, item) for key, item in value.items()}
