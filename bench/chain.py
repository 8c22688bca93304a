"""The chain of 1,000,000 entries, every hash computed anew by the database, as verify_books does each night."""

from __future__ import annotations

import statistics

from bench import seeding
from bench.figure import Figure
from bench.timing import seconds
from members.books import chain_of_entries

MEMBERS, TIMES, MOST_SECONDS = 333_334, 3, 3


def measure() -> list[Figure]:
    society = seeding.society_made_apart(members=MEMBERS)
    faults: list = []
    taken = statistics.median(seconds(lambda: faults.extend(chain_of_entries.entries(society))) for _ in range(TIMES))
    assert faults == [], faults[:3]
    of = f"the chain of {MEMBERS * seeding.ENTRIES_EACH:,} entries verified; the most wanted"
    return [Figure("chain", taken, MOST_SECONDS, "s", bar=1, of=of)]
