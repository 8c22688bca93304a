"""Small questions about the types that the `stripe` package is annotated with."""

from __future__ import annotations

import types
import typing

from stripe import StripeObject


def options(kind: object) -> tuple:
    """The members of a union, or the type itself."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return typing.get_args(kind)
    return (kind,)


def without_null(kind: object) -> list:
    return [option for option in options(kind) if option is not type(None)]


def literal_words(kinds: list) -> set:
    """Every value that the Literal types among `kinds` allow."""
    return {word for kind in kinds if typing.get_origin(kind) is typing.Literal for word in typing.get_args(kind)}


def is_typed_dict(kind: object) -> bool:
    """True for a TypedDict of `typing` or of `typing_extensions`, which keep separate metaclasses."""
    return isinstance(kind, type) and issubclass(kind, dict) and hasattr(kind, "__required_keys__")


def is_stripe_object(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, StripeObject)
