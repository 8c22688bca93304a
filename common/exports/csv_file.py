"""A download as CSV, in pieces as PostgreSQL sends them."""

from __future__ import annotations

from collections.abc import Iterator

from common.exports.tables import MONEY, TEXT, Column, Table, copied

# What a spreadsheet takes for a formula at the start of a cell, full-width forms and leading blanks included.
FORMULA = r"'^[\s\u3000]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]'"
# Codes of first characters that begin no formula: none, digits, letters. The regular expression costs ten times this.
HARMLESS = f"{{{','.join(map(str, [0, *range(48, 58), *range(65, 123)]))}}}"


def csv_lines(table: Table) -> Iterator[bytes]:
    """The download as CSV: UTF-8, a heading, lines ended by LF. Text like a formula gets an apostrophe before it."""
    yield (",".join(column.heading for column in table.columns) + "\n").encode()
    statement = table.select([_guarded(column) for column in table.columns])
    with copied(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv)", table.params) as copy:
        for piece in copy:
            yield bytes(piece)


def _guarded(column: Column) -> str:
    if column.kind == MONEY:
        return f"({column.sql}) * 0.01"
    if column.kind == TEXT:
        said = f"({column.sql})"
        guarded = f"WHEN {said} ~ {FORMULA} THEN '''' || {said} ELSE {said} END"
        return f"CASE WHEN ascii({said}) = ANY ('{HARMLESS}'::int[]) THEN {said} {guarded}"
    return column.sql
