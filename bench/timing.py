"""How time is taken: ours and the limit in turns, so that whatever else the machine does falls on both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one run."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def in_turns(ours: Callable[[], float], limit: Callable[[], float], *, rounds: int) -> tuple[float, float]:
    """Medians of two measurements taken in turns, after a turn of each that is not counted."""
    ours(), limit()
    taken = [(ours(), limit()) for _ in range(rounds)]
    return statistics.median(first for first, _ in taken), statistics.median(second for _, second in taken)
