"""Several at once: each function in a thread of its own, with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def at_once(*functions: Callable) -> list:
    """What each function returned or raised, in their order. They begin together."""
    start = threading.Barrier(len(functions))

    def run(function: Callable):
        try:
            start.wait(10)
            return function()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


class Meeting:
    """A place in the code where two threads meet if nothing keeps the second one out; else the first goes on alone."""

    def __init__(self, seconds: float = 0.4):
        self.barrier = threading.Barrier(2)
        self.seconds = seconds
        self.met = False

    def __call__(self) -> None:
        try:
            self.barrier.wait(self.seconds)
            self.met = True
        except threading.BrokenBarrierError:
            pass
