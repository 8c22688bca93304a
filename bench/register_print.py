"""The printed register of 100,000 members: time and memory, beside the most that is wanted."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from bench import seeding
from bench.figure import Figure
from bench.register_day import memory
from bench.timing import seconds
from common import clock, exports
from members.register import BY_NAME, Options
from members.register.printed import write_pdf

MEMBERS, ROUNDS = 100_000, 3


def measure() -> list[Figure]:
    society = seeding.society_made_apart(members=MEMBERS)
    download, options = BY_NAME["register"], Options(on=clock.today(), known_at=clock.now())
    assert exports.count(download.made(society, options)) == MEMBERS
    with tempfile.TemporaryDirectory() as name:

        def printed() -> None:
            with (Path(name) / "register.pdf").open("wb") as file:
                write_pdf(download, society, options, file)

        Path("/proc/self/clear_refs").write_text("5")
        idle = memory("VmRSS")
        taken = [seconds(printed) for _ in range(ROUNDS)]
        grown = memory("VmHWM") - idle
    said = f"the register of {MEMBERS:,} members as a PDF to be printed and signed"
    return [
        Figure("register_print", statistics.median(taken), 10, "s", bar=1, of=f"{said}; the most wanted"),
        Figure("register_print_memory", grown, 200, "MiB", bar=1, of="memory over the idle process for it"),
    ]
