"""Stripe's form encoding: line_items[0][price_data][currency]=gbp becomes dicts, lists and strings.

Source: docs.stripe.com/api (request bodies are form-encoded); stripe-python's `_encode`.
"""

from __future__ import annotations

import re
import urllib.parse

from payments.fakestripe.errors import ApiError

_PART = re.compile(r"[^\[\]]+|(?<=\[)(?=\])")


def decoded(text: str) -> dict:
    """What a body or a query says. Raises ApiError where two keys contradict each other."""
    root: dict = {}
    for key, value in urllib.parse.parse_qsl(text, keep_blank_values=True):
        *path, last = _PART.findall(key) or [key]
        node = root
        for part in path:
            node = node.setdefault(_place(node, part), {})
            if not isinstance(node, dict):
                raise ApiError(400, "parameter_invalid", f"Invalid form key: {key}", key)
        node[_place(node, last)] = value
    return {key: _with_lists(value) for key, value in root.items()}


def _place(node: dict, part: str) -> str:
    """The empty brackets of `expand[]=` mean the next free place."""
    return part or str(len(node))


def _with_lists(node: object) -> object:
    if not isinstance(node, dict):
        return node
    if node and all(key.isdigit() for key in node):
        return [_with_lists(node[key]) for key in sorted(node, key=int)]
    return {key: _with_lists(value) for key, value in node.items()}
