"""The time at the fake Stripe, which a test can move, and what is to happen at a given time.

A timer is data (a kind, an account, arguments), never a function, so that it survives a restart.
What a kind does is registered with `on_time` by the file that knows.
"""

from __future__ import annotations

import heapq
import time
import typing
from collections.abc import Callable
from datetime import UTC, datetime

DAY = 86400  # seconds

_ACTIONS: dict[str, Callable] = {}


def on_time(kind: str) -> Callable:
    """Registers what a kind of timer does: a function of (world, account, **arguments)."""

    def register(action: Callable) -> Callable:
        _ACTIONS[kind] = action
        return action

    return register


def action(kind: str) -> Callable:
    return _ACTIONS[kind]


class Timer(typing.NamedTuple):
    """Due at a Unix time of the fake's clock; `number` keeps timers of one second in their order."""

    due: int
    number: int
    kind: str
    account: str
    arguments: dict


class Clock:
    """Seconds since 1970, running like the machine's clock at a movable distance from it, or standing still."""

    def __init__(self) -> None:
        self.offset = 0
        self._stands_at: int | None = None
        self._timers: list[Timer] = []
        self._last_number = 0

    def now(self) -> int:
        return int(time.time()) + self.offset if self._stands_at is None else self._stands_at

    def move_to(self, moment: int) -> None:
        """Sets the clock, forward or back. Runs nothing: see World.advance."""
        self.offset = moment - int(time.time())
        if self._stands_at is not None:
            self._stands_at = moment

    def stop(self) -> None:
        """From now on the clock moves only where it is moved, so that a run is the same each time."""
        self._stands_at = self.now()

    def set_timer(self, due: int, kind: str, account: str, **arguments) -> Timer:
        self._last_number += 1
        timer = Timer(due, self._last_number, kind, account, arguments)
        self.restore(timer)
        return timer

    def restore(self, timer: Timer) -> None:
        """Puts a timer back that was kept in a state file."""
        self._last_number = max(self._last_number, timer.number)
        heapq.heappush(self._timers, timer)

    def take_due(self, until: int) -> Timer | None:
        """The next timer due by `until`, taken out; None when there is none."""
        return heapq.heappop(self._timers) if self._timers and self._timers[0].due <= until else None

    def next_due(self) -> int | None:
        return self._timers[0].due if self._timers else None

    def __len__(self) -> int:
        return len(self._timers)


def as_unix(moment: datetime) -> int:
    """Seconds since 1970 of an aware datetime. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("The fake's clock needs a datetime with a time zone.")
    return int(moment.timestamp())


def as_v2_text(unix: int) -> str:
    """A moment as the v2 API writes it."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
