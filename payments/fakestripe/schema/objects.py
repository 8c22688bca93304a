"""Checks what the fake sends against the package's own classes, so that it can only send what Stripe could.

An annotation is compiled once into a function that looks at one value and answers with what is wrong
with it; on the way down no text is made, so a whole session is checked in some tens of microseconds.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from decimal import Decimal

from stripe import StripeObject
from stripe._object_classes import OBJECT_CLASSES, V2_OBJECT_CLASSES, get_object_class
from stripe._stripe_object import UntypedStripeObject

from payments.fakestripe.schema.types import is_stripe_object, literal_words, options, without_null

Faults = list[tuple[str, str]]  # (".data[0].amount", "null")
Check = Callable[[object], Faults]
_PLAIN = {int: int, str: str, bool: bool, float: (int, float), Decimal: (str, int, float)}


class _Field(typing.NamedTuple):
    check: Check
    may_be_null: bool


@functools.cache
def object_classes() -> dict[str, type]:
    """The package's class for each `object` word: "checkout.session" gives stripe.checkout.Session."""
    found = {name: get_object_class("V1", name) for name in OBJECT_CLASSES}
    return {name: get_object_class("V2", name) for name in V2_OBJECT_CLASSES} | found


@functools.cache
def _fields(cls: type) -> dict[str, _Field]:
    """The annotated fields of a class. Names of other objects stay loose: an id or the object itself."""
    found = {}
    for base in reversed(cls.__mro__):
        if not is_stripe_object(base) or base is StripeObject:
            continue
        for key, kind in vars(base).get("__annotations__", {}).items():
            if not key.startswith("_") and typing.get_origin(kind) is not typing.ClassVar:
                found[key] = _Field(_checker(kind), type(None) in options(kind))
    return found


@functools.cache
def nullable(name: str) -> tuple[str, ...]:
    """The fields of an object that may be null or absent; the types do not tell these two apart."""
    return tuple(key for key, field in _fields(object_classes()[name]).items() if field.may_be_null)


def blank(name: str, *, leave_out: frozenset[str] | set[str] = frozenset()) -> dict:
    """A new object of this name with null in every field that may hold it."""
    cls = object_classes()[name]
    obj: dict = {"object": name} | {key: None for key in nullable(name) if key not in leave_out}
    if "livemode" in _fields(cls):
        obj["livemode"] = False
    return obj


def has_field(name: str, field: str) -> bool:
    return field in _fields(object_classes()[name])


def is_expandable(name: str, field: str) -> bool:
    """Whether this field holds the id of another object, which `expand[]` may put in its place."""
    return field in _expandable(object_classes()[name])


@functools.cache
def _expandable(cls: type) -> frozenset[str]:
    found = set()
    for base in cls.__mro__:
        for key, kind in vars(base).get("__annotations__", {}).items():
            kinds = options(kind)
            if str in kinds and any(isinstance(option, typing.ForwardRef) for option in kinds):
                found.add(key)
    return frozenset(found)


def nulls_of(cls: type) -> dict:
    """The same for a class that is part of an object, such as the evidence of a dispute."""
    return {key: None for key, field in _fields(cls).items() if field.may_be_null}


def remarks_on(obj: dict) -> list[str]:
    """In what this object differs from the real one; empty when Stripe could have sent it."""
    cls = object_classes().get(obj.get("object", ""))
    if obj.get("deleted") is True:
        return []  # a deleted object is a note of its own: id, object, deleted
    if cls is None:
        return [f"no class for the object {obj.get('object')!r}"]
    return [f"{path.lstrip('.')}: {what}" for path, what in _object_faults(obj, cls)]


def _object_faults(obj: dict, cls: type) -> Faults:
    known, faults = _fields(cls), []
    for key, value in obj.items():
        field = known.get(key)
        if field is None:
            faults.append((f".{key}", f"the real {cls.__qualname__} has no such field"))
        elif value is None:
            if not field.may_be_null:
                faults.append((f".{key}", "null"))
        elif found := field.check(value):
            faults += [(f".{key}{path}", what) for path, what in found]
    for key, field in known.items():
        if key not in obj and not field.may_be_null:
            faults.append((f".{key}", f"missing, never null in {cls.__qualname__}"))
    return faults


@functools.cache
def _checker(kind: object) -> Check:
    """A function that checks one value, not null, against an annotation."""
    kinds = without_null(kind)
    words = literal_words(kinds)
    checks = [_one_checker(option) for option in kinds]

    def check(value: object) -> Faults:
        if words and not isinstance(value, (dict, list)):
            return [] if value in words else [("", f"{value!r} is not one of {sorted(map(str, words))}")]
        best = None
        for one in checks:
            found = one(value)
            if not found:
                return []
            best = found if best is None or len(found) < len(best) else best
        return best or []

    return check


def _one_checker(kind: object) -> Check:
    origin = typing.get_origin(kind)
    if isinstance(kind, (str, typing.ForwardRef)):
        return _named_object
    if origin is list:
        return _list_checker(_checker(typing.get_args(kind)[0]))
    if origin in (dict, UntypedStripeObject) or kind is dict:
        return lambda value: [] if isinstance(value, dict) else [("", "not a mapping")]
    if is_stripe_object(origin):
        return _list_object
    if is_stripe_object(kind):
        return lambda value: _object_faults(value, kind) if isinstance(value, dict) else [("", "not an object")]
    return _plain_checker(kind)


def _plain_checker(kind: object) -> Check:
    wanted = _PLAIN.get(kind)  # type: ignore[call-overload]
    if wanted is None:
        return lambda value: []
    name = getattr(kind, "__name__", str(kind))

    def check(value: object) -> Faults:
        if isinstance(value, wanted) and not (kind is int and isinstance(value, bool)):
            return []
        return [("", f"{value!r} is not {name}")]

    return check


def _list_checker(check: Check) -> Check:
    def check_all(value: object) -> Faults:
        if not isinstance(value, list):
            return [("", "not a list")]
        return [(f"[{i}]{path}", what) for i, item in enumerate(value) for path, what in check(item)]

    return check_all


def _named_object(value: object) -> Faults:
    if not isinstance(value, dict):
        return [] if isinstance(value, str) else [("", f"{value!r} is neither an id nor an object")]
    return [("", line) for line in remarks_on(value)]


def _list_object(value: object) -> Faults:
    if not (isinstance(value, dict) and value.get("object") == "list"):
        return [("", "not a list object")]
    return [(f".data[{i}]", line) for i, item in enumerate(value["data"]) for line in remarks_on(item)]
