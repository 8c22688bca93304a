"""Everything that one fake Stripe knows: objects, clock, timers, waiting webhooks, answers kept for their keys.

The other files are functions on a World. Who calls them holds `lock`; who has changed something calls
`commit` before letting go.
"""

from __future__ import annotations

import random
import string
import threading
import typing

from payments.fakestripe import clock
from payments.fakestripe.clock import Clock, Timer
from payments.fakestripe.statefile import StateFile
from payments.fakestripe.store import Store

PLATFORM = "acct_platform0000000"
ALNUM = string.ascii_letters + string.digits
CHAOS = {"duplicate": 0.0, "lose": 0.0, "reorder": False}


class World:
    """The state of one fake. `seed` makes ids repeatable; without it no two runs share an id."""

    def __init__(self, *, state: StateFile | None = None, seed: int | None = None) -> None:
        self.lock = threading.RLock()
        self.wake = threading.Event()  # set when the deliverer has something to do
        self.url = ""
        self.onboarding = False  # True: a new account takes no money until its onboarding page was finished
        self.booking_delay = 0  # seconds until a charge has its balance transaction
        self._state = state
        self._seed = seed
        self._clear()
        if state is not None:
            self._load(state)

    def _clear(self) -> None:
        self.random = random.Random(self._seed)
        self.clock = Clock()
        self.store = Store()
        self.store.accounts[PLATFORM] = None
        self.replays: dict[str, dict] = {}  # answers kept for their idempotency keys
        self.outbox: dict[int, dict] = {}  # webhooks not delivered yet, by number
        self.last_delivery = 0
        self.totals: dict[tuple[str, str], list[int]] | None = None  # see balance
        self.remarks: list[str] = []  # where an object differed from the package's classes
        self.manual = False  # True: no webhook is sent but by deliver()
        self.chaos = dict(CHAOS)
        self.request: dict | None = None  # the API request being answered, for its events
        self._changes: dict[tuple[str, str], typing.Any] = {}

    def reset(self) -> None:
        """As when new; the state file is emptied too."""
        self._clear()
        if self._state is not None:
            self._state.empty()

    # -- time ---------------------------------------------------------------------------------------

    def now(self) -> int:
        return self.clock.now()

    def at(self, due: int, kind: str, account: str, **arguments) -> None:
        """Something that shall happen at a time of the fake's clock; its kind is registered in `clock`."""
        timer = self.clock.set_timer(due, kind, account, **arguments)
        self.note("timer", timer.number, list(timer))

    def advance(self, seconds: int) -> None:
        """Moves the clock forward, and lets everything due on the way happen at its own time."""
        target = self.now() + seconds
        while timer := self.clock.take_due(target):
            self.note("timer", timer.number, None)
            if timer.due > self.now():
                self.clock.move_to(timer.due)
            clock.action(timer.kind)(self, timer.account, **timer.arguments)
        if seconds:
            self.clock.move_to(max(target, self.now()))
            self.note("fact", "offset", self.clock.offset)

    def set_now(self, moment: int) -> None:
        """Forward: like advance. Back: only the clock moves, and what is done stays done."""
        ahead = moment - self.now()
        if ahead > 0:
            self.advance(ahead)
        else:
            self.clock.move_to(moment)
            self.note("fact", "offset", self.clock.offset)

    # -- chance ---------------------------------------------------------------------------------------

    def letters(self, count: int) -> str:
        return "".join(self.random.choices(ALNUM, k=count))

    # -- keeping ----------------------------------------------------------------------------------------

    def note(self, drawer: str, key: object, value: typing.Any) -> None:
        """Marks a row for the next commit; None deletes it."""
        if self._state is not None:
            self._changes[drawer, str(key)] = value

    def commit(self) -> None:
        """Writes what has changed since the last time, if there is a state file."""
        changed, self.store.changed = self.store.changed, {}
        if self._state is None or not (changed or self._changes):
            return
        for key, obj in changed.items():
            self._changes["object", "/".join(key)] = obj
        self._state.write(self._changes)
        self._changes = {}

    def close(self) -> None:
        self.commit()
        if self._state is not None:
            self._state.close()

    def _load(self, state: StateFile) -> None:
        for obj in sorted((obj for _, obj in state.rows("object")), key=lambda obj: obj["_place"]):
            self.store.put(obj)
        self.store.accounts.update((key, None) for key, _ in state.rows("account"))
        for _, timer in state.rows("timer"):
            self.clock.restore(Timer(*timer))
        for key, delivery in state.rows("delivery"):
            self.outbox[int(key)] = delivery
        self.last_delivery = max(self.outbox, default=0)
        self.replays.update(state.rows("replay"))
        self.clock.offset = dict(state.rows("fact")).get("offset", 0)
