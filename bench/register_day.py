"""The statutory register of 10,000 members on a past day, as a download: time, statements, memory."""

from __future__ import annotations

import statistics
from datetime import timedelta
from pathlib import Path
from unittest import mock

import psycopg
from django.db import connection

from bench import seeding
from bench.figure import Figure
from bench.timing import seconds
from common import clock, exports
from members import register

MEMBERS, TIMES = 10_000, 5


def memory(what: str) -> float:
    """MiB of this process: "VmRSS" now, "VmHWM" the most since it was last reset."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what))
    return int(line.split()[1]) / 1024


def download(society) -> int:
    """Every line of the register as it stood 300 days ago; how many bytes they are."""
    table = register.statutory(society, on=clock.today() - timedelta(days=300))
    return sum(len(piece) for piece in exports.csv_lines(table))


def as_sheet(society) -> None:
    with exports.xlsx_file(register.statutory(society), title="Register") as file:
        file.seek(0, 2)


def statements(society) -> int:
    """Statements of a download; COPY does not pass by Django's own count, so it is counted where it is begun."""
    begun, copy = [], psycopg.Cursor.copy

    def counted(execute, *arguments):
        begun.append("statement")
        return execute(*arguments)

    def counted_copy(*arguments, **named):
        begun.append("copy")
        return copy(*arguments, **named)

    with connection.execute_wrapper(counted), mock.patch.object(psycopg.Cursor, "copy", counted_copy):
        download(society)
    assert "copy" in begun
    return len(begun)


def over_idle(society) -> float:
    """MiB that a download and a sheet take at their most, over the idle process."""
    exports.count(register.statutory(society))
    Path("/proc/self/clear_refs").write_text("5")
    idle = memory("VmRSS")
    download(society)
    as_sheet(society)
    return memory("VmHWM") - idle


def measure() -> list[Figure]:
    small = seeding.society_made_apart(members=100, slug="small")
    society = seeding.society_made_apart(members=MEMBERS)
    grown = over_idle(society)
    taken = statistics.median(seconds(lambda: download(society)) for _ in range(TIMES))
    said = f"{MEMBERS:,} members"
    return [
        Figure("register_day", taken, 1, "s", bar=1, of=f"the register of {said} on a past day; the most wanted"),
        Figure("register_day_queries", statements(society), statements(small), "statements", bar=1,
               of=f"statements for {said}; the same for 100, since their number must not grow"),
        Figure("register_day_memory", grown, 50, "MiB", bar=1,
               of="memory over the idle process for that download and the same as a sheet; the most wanted"),
    ]  # fmt: skip
