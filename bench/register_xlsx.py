"""The same register and ledger as XLSX, beside the same COPY as CSV."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import seeding
from bench.figure import Figure
from bench.register_csv import MEMBERS, copied, tables
from bench.timing import seconds
from common import exports


def written(society, folder: Path) -> float:
    """Seconds that our two sheets need."""

    def write(name: str, table: exports.Table) -> None:
        with (folder / f"{name}.xlsx").open("wb") as file:
            exports.write_xlsx(table, file, title=name)

    return sum(seconds(lambda name=name, table=table: write(name, table)) for name, table in tables(society).items())


def measure() -> list[Figure]:
    """One round only: it takes long, and is far from its limit."""
    society = seeding.society(members=MEMBERS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copied(society, folder)
        ours, limit = written(society, folder), copied(society, folder)
    said = "the same rows as two XLSX sheets; psql's own COPY of them to CSV"
    return [Figure("register_xlsx", ours, limit, "s", bar=3, of=said)]
