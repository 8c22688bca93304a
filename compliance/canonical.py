"""JSON that is the same bytes whoever writes it: sorted keys, no spaces, UTF-8. For hashes of facts."""

from __future__ import annotations

import hashlib
import json


def canonical(facts) -> bytes:
    """Facts as canonical JSON. Only text, whole numbers, booleans, None, lists and dicts: a float raises TypeError."""

    def refuse_floats(value):
        if isinstance(value, float):
            raise TypeError("Facts hold no floats: they are not the same everywhere.")
        if isinstance(value, dict):
            for key, item in value.items():
                if not isinstance(key, str):
                    raise TypeError("Facts have text for keys.")
                refuse_floats(item)
        elif isinstance(value, list | tuple):
            for item in value:
                refuse_floats(item)

    refuse_floats(facts)
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(facts) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(facts)).hexdigest()
