"""The limits of metadata, and how an update changes it. Source: docs.stripe.com/api/metadata."""

from __future__ import annotations

from payments.fakestripe import errors

_MOST_KEYS = 50
_LONGEST_KEY = 40
_LONGEST_VALUE = 500


def checked(metadata: dict | str | None, param: str = "metadata") -> dict:
    """Metadata of a new object; "" and null mean none. Raises ApiError beyond Stripe's limits."""
    metadata = dict(metadata or {})
    if len(metadata) > _MOST_KEYS:
        raise errors.invalid(param, f"Metadata can have up to {_MOST_KEYS} keys.")
    for key, value in metadata.items():
        if len(key) > _LONGEST_KEY:
            raise errors.invalid(param, f"Metadata keys can be up to {_LONGEST_KEY} characters long: {key}.")
        if len(value) > _LONGEST_VALUE:
            raise errors.invalid(f"{param}[{key}]", f"Metadata values can be up to {_LONGEST_VALUE} characters long.")
    return metadata


def merged(present: dict | None, params: dict) -> dict:
    """Metadata after an update: keys are added or replaced, a key set to "" goes, "" for all clears all."""
    if "metadata" not in params:
        return present or {}
    if not params["metadata"]:
        return {}
    new = checked((present or {}) | params["metadata"])
    return {key: value for key, value in new.items() if value != ""}
