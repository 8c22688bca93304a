"""A download as JSON: what was asked, then the rows, each made by PostgreSQL in the COPY."""

from __future__ import annotations

import json
from collections.abc import Iterator

from common.exports.tables import MONEY, Column, Table, copied


def json_lines(table: Table, *, said: dict) -> Iterator[bytes]:
    """One object: `said` as it is, and "rows". Sums are whole pence under a name that ends in _pence; days are ISO."""
    pairs = ", ".join(f"'{_name(column)}', {column.sql}" for column in table.columns)
    yield (json.dumps(said, ensure_ascii=False, sort_keys=True)[:-1] + ', "rows": [\n').encode()
    way = "FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02'"  # JSON holds neither, nor a bare line break
    with copied(f"COPY ({table.select([f'json_build_object({pairs})'])}) TO STDOUT WITH ({way})", table.params) as copy:
        begun = False
        for row in copy:
            yield (b",\n" if begun else b"") + bytes(row).rstrip(b"\n")
            begun = True
    yield b"\n]}\n"


def _name(column: Column) -> str:
    return f"{column.heading}_pence" if column.kind == MONEY else column.heading
