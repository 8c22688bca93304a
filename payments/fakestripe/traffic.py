"""Requests as they come over the wire, what was asked so far, and the faults that a test has ordered."""

from __future__ import annotations

import re
import typing
from collections import deque
from collections.abc import Mapping

FAULTS = {
    "timeout_before": "The request is dropped, nothing is done.",
    "timeout_after": "The work is done and the answer is lost: the crash that matters.",
    "500": "An error of Stripe's own; nothing is done, and the same key may be used again.",
    "500_saved": "The same, but the idempotency key keeps the 500 for ever, as Stripe's v1 does.",
    "429": "Too many requests.",
    "409": "Another request under the same key is being answered; nothing is done.",
    "half_answer": "The work is done, and the answer breaks off in the middle.",
    "silent_before": "Nothing is done and nothing is said: the client waits until its own patience ends.",
    "silent_after": "The same, but the work is done.",
}
_KEPT = 10_000
SILENCE = 60  # seconds, longer than any client of ours waits


class Call(typing.NamedTuple):
    """One HTTP request, its body as text."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str


class Reply(typing.NamedTuple):
    """One HTTP answer."""

    status: int
    text: str
    kind: str = "application/json"
    headers: Mapping[str, str] = {}


class Fault(typing.NamedTuple):
    method: str
    path: re.Pattern
    kind: str


class Traffic:
    """What was asked, for assertions (`requests`, `not_understood`), and which faults wait for their request."""

    def __init__(self) -> None:
        self.requests: deque[dict] = deque(maxlen=_KEPT)
        self.faults: list[Fault] = []
        self.not_understood: deque[str] = deque(maxlen=_KEPT)
        self.silence = SILENCE

    def inject(self, method: str, path: str, kind: str) -> None:
        """Once, at the next request whose path the regular expression finds. Raises ValueError for unknown kinds."""
        if kind not in FAULTS:
            raise ValueError(f"No such fault: {kind}. There are {', '.join(FAULTS)}.")
        self.faults.append(Fault(method.upper(), re.compile(path), kind))

    def take_fault(self, method: str, path: str) -> str:
        """The kind of the fault that was ordered for this request, used up by it; "" for none."""
        for fault in self.faults:
            if fault.method == method and fault.path.search(path):
                self.faults.remove(fault)
                return fault.kind
        return ""

    def clear(self) -> None:
        self.requests.clear()
        self.not_understood.clear()
        self.faults.clear()
