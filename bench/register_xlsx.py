"""The same register and ledger as XLSX, beside the same COPY as CSV."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import seeding
from bench.figure import Figure
from bench.register_csv import MEMBERS, ROUNDS, copied, tables
from bench.register_day import memory
from bench.timing import in_turns, seconds
from common import exports
from members import register


def written(society, folder: Path) -> float:
    """Seconds that our two sheets need."""

    def write(name: str, table: exports.Table) -> None:
        with (folder / f"{name}.xlsx").open("wb") as file:
            exports.write_xlsx(table, file, title=name)

    return sum(seconds(lambda name=name, table=table: write(name, table)) for name, table in tables(society).items())


def over_idle(society, folder: Path) -> float:
    """MiB that both sheets take at their most, over the idle process."""
    exports.count(register.statutory(society))
    Path("/proc/self/clear_refs").write_text("5")
    idle = memory("VmRSS")
    written(society, folder)
    return memory("VmHWM") - idle


def measure() -> list[Figure]:
    society = seeding.society_made_apart(members=MEMBERS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        grown = over_idle(society, folder)
        ours, limit = in_turns(lambda: written(society, folder), lambda: copied(society, folder), rounds=ROUNDS)
    said = "the same rows as two XLSX sheets; psql's own COPY of them to CSV"
    most = "memory over the idle process while they are written; the most wanted"
    return [
        Figure("register_xlsx", ours, limit, "s", bar=3, of=said),
        Figure("register_xlsx_memory", grown, 60, "MiB", bar=1, of=most),
    ]
