"""`expand[]=latest_charge.balance_transaction`: whole objects in the place of ids, up to four deep.

Source: docs.stripe.com/api/expanding_objects.
"""

from __future__ import annotations

from payments.fakestripe import schema
from payments.fakestripe.errors import ApiError
from payments.fakestripe.objects import kind_of
from payments.fakestripe.resources import checkout_lines
from payments.fakestripe.store import public
from payments.fakestripe.world import PLATFORM, World

_DEEPEST = 4


def expanded(world: World, account: str, obj: dict, paths: list[str]) -> dict:
    """A copy of the answer with the objects in it that were asked for. Raises ApiError for other fields."""
    for path in paths:
        parts = path.split(".")
        if len(parts) > _DEEPEST + (parts[0] == "data"):
            raise ApiError(
                400, None, f"You cannot expand more than {_DEEPEST} levels of a property ({path}).", "expand"
            )
        obj = _with(world, account, obj, parts, path)
    return obj


def _with(world: World, account: str, obj: dict, parts: list[str], path: str) -> dict:
    field, *rest = parts
    if obj.get("object") == "list" and field == "data" and rest:
        return obj | {"data": [_with(world, account, item, rest, path) for item in obj["data"]]}
    child = _child(world, account, obj, field, path)
    if isinstance(child, dict) and rest:
        child = _with(world, account, child, rest, path)
    return obj | {field: child}


def _child(world: World, account: str, obj: dict, field: str, path: str) -> object:
    """What stands at a field once it is expanded: an object, or null where there is none."""
    name = obj.get("object", "")
    if name == "checkout.session" and field == "line_items":
        return checkout_lines.line_items(world.store.get(account, name, obj["id"]))
    if name not in schema.object_classes() or not schema.is_expandable(name, field):
        raise ApiError(400, None, f"This property cannot be expanded ({path}).", "expand[0]")
    value = obj.get(field)
    if not isinstance(value, str):
        return value
    kind = kind_of(value)
    if kind == "account":
        return public(world.store.get(PLATFORM, "account", value))
    return public(world.store.get(account, kind, value)) if kind else value
