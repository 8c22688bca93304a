"""The thread that sends webhooks and lets timers run, and the way to wait for it or do its work by hand."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable

from payments.fakestripe import delivery
from payments.fakestripe.world import World

QUICK = (0.2, 0.5, 1.0)  # seconds between tries, for tests
PATIENT = (1, 2, 5, 15, 60, 300, 900, 3600)  # for a demo whose site may be restarting
_LONGEST_PAUSE, _SHORTEST_PAUSE = 1.0, 0.01
Send = Callable[[delivery.Letter], int]


class Deliverer:
    """Sends what is due, one after another. `sent` holds type, id, status and attempt of each try."""

    def __init__(self, world: World, retry_delays: tuple[float, ...] = QUICK) -> None:
        self.world = world
        self.retry_delays = retry_delays
        self.sent: list[dict] = []
        self._in_flight = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake-stripe-deliverer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; an attempt on its way is waited for."""
        self._stopping.set()
        self.world.wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.world.wake.wait(self._pause())
            self.world.wake.clear()
            try:
                self._turn()
            except Exception:
                traceback.print_exc()  # a defect of the fake: seen on its terminal, and the rest still goes out

    def _turn(self) -> None:
        """Timers that are due, then webhooks that are due."""
        with self.world.lock:
            self.world.advance(0)
            self.world.commit()
        for one in [] if self.world.manual else self._due():
            if self._stopping.is_set():
                return
            self._attempt(one, delivery.send)

    def _pause(self) -> float:
        """Seconds until something is due."""
        with self.world.lock:
            moments = [] if self.world.manual else [one["due"] - time.time() for one in self.world.outbox.values()]
            if (timer := self.world.clock.next_due()) is not None:
                moments.append(timer - self.world.now())
        return min(_LONGEST_PAUSE, max(_SHORTEST_PAUSE, min(moments, default=_LONGEST_PAUSE)))

    def _due(self) -> list[dict]:
        with self.world.lock:
            return delivery.due(self.world)

    def _attempt(self, one: dict, send: Send) -> int | None:
        """Sends one delivery outside the lock; its status, None where somebody else has taken it."""
        with self.world.lock:
            if not delivery.take(self.world, one):
                return None
            self._in_flight += 1
            letter = delivery.letter(self.world, one)
            event = delivery.event_of(self.world, one)
        try:
            status = send(letter) if letter else 0
        finally:
            with self.world.lock:
                self._in_flight -= 1
        with self.world.lock:
            delivery.settle(self.world, one, status, self.retry_delays)
            self.world.commit()
            if event:
                tried = {"type": event["type"], "id": event["id"], "status": status, "attempt": one["attempt"] + 1}
                self.sent.append(tried)
        return status

    def deliver_all(self, send: Send = delivery.send) -> list[dict]:
        """Sends everything that waits now, once, whether due or not; the tries."""
        with self.world.lock:
            waiting = sorted(self.world.outbox.values(), key=lambda one: one["number"])
        before = len(self.sent)
        for one in waiting:
            self._attempt(one, send)
        return self.sent[before:]

    def wait_until_quiet(self, timeout: float = 10) -> None:
        """Until nothing waits or is on its way. Raises TimeoutError after so many seconds."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            with self.world.lock:
                if not self.world.outbox and not self._in_flight:
                    return
            time.sleep(0.01)
        raise TimeoutError("Webhooks of the fake Stripe are still waiting.")
