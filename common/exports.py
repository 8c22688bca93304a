"""Downloads that stream: CSV straight out of PostgreSQL by COPY, XLSX row by row, neither with a live formula.

A download is one SQL statement and its columns; it is never built object by object (peers that do need tens of
thousands of queries and hundreds of megabytes for a register).
"""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import xlsxwriter
from django.db import connection, transaction

TEXT, CODE, NUMBER, MONEY, DAY = "text", "code", "number", "money", "day"

# What a spreadsheet takes for a formula at the start of a cell, full-width forms and leading blanks included.
FORMULA = r"'^[\s\u3000]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]'"
# Codes of first characters that begin no formula: none, digits, letters. The regular expression costs ten times this.
HARMLESS = f"{{{','.join(map(str, [0, *range(48, 58), *range(65, 123)]))}}}"
WORK_MEMORY = "64MB"  # for the sort of a download, which would otherwise go through the disk


@dataclass(frozen=True)
class Column:
    """One column: its heading, the SQL of its value, and what kind of value that is.

    MONEY is SQL of whole pence; it leaves as pounds with two places. DAY is SQL of a date. CODE is text that we make
    ourselves, such as a hash or a time, and that begins with a letter or digit; all other text is TEXT.
    """

    heading: str
    sql: str
    kind: str = TEXT
    width: int = 16


@dataclass(frozen=True)
class Table:
    """A download: columns over a FROM clause with named parameters, in a given order."""

    columns: Sequence[Column]
    source: str  # WITH … is in `common`, this begins at FROM
    order: str
    params: dict
    common: str = ""

    def select(self, *, guarded: bool) -> str:
        """The statement. `guarded`: text that could be taken for a formula gets an apostrophe before it."""
        parts = [_as_text(column) if guarded else _as_value(column) for column in self.columns]
        return f"{self.common} SELECT {', '.join(parts)} {self.source} ORDER BY {self.order}"


def _as_text(column: Column) -> str:
    if column.kind == MONEY:
        return f"round(({column.sql}) / 100.0, 2)"
    if column.kind == TEXT:
        said = f"({column.sql})"
        guarded = f"WHEN {said} ~ {FORMULA} THEN '''' || {said} ELSE {said} END"
        return f"CASE WHEN ascii({said}) = ANY ('{HARMLESS}'::int[]) THEN {said} {guarded}"
    return column.sql


def _as_value(column: Column) -> str:
    return f"({column.sql}) / 100.0" if column.kind == MONEY else column.sql


def csv_lines(table: Table) -> Iterator[bytes]:
    """The download as CSV (UTF-8, a heading, lines ended by LF), in pieces as PostgreSQL sends them."""
    yield (",".join(column.heading for column in table.columns) + "\n").encode()
    with _copied(f"COPY ({table.select(guarded=True)}) TO STDOUT WITH (FORMAT csv)", table.params) as copy:
        for piece in copy:
            yield bytes(piece)


@contextlib.contextmanager
def _copied(statement: str, params: dict):
    """COPY in a transaction of its own, with room to sort in memory."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEMORY])
        with cursor.copy(statement, params) as copy:
            yield copy


def rows(table: Table, *, most: int | None = None, skip: int = 0) -> list[dict]:
    """Rows as dicts by heading, for a screen. Money stays whole pence here."""
    parts = [f'{column.sql} AS "{column.heading}"' for column in table.columns]
    statement = f"{table.common} SELECT {', '.join(parts)} {table.source} ORDER BY {table.order}"
    if most is not None:
        statement += f" LIMIT {int(most)} OFFSET {int(skip)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, table.params)
        headings = [column.heading for column in table.columns]
        return [dict(zip(headings, row, strict=True)) for row in cursor.fetchall()]


def count(table: Table) -> int:
    """How many rows the download has."""
    with connection.cursor() as cursor:
        cursor.execute(f"{table.common} SELECT count(*) {table.source}", table.params)
        return cursor.fetchone()[0]


def write_xlsx(table: Table, target: IO[bytes], *, title: str) -> None:
    """The download as one sheet. Text cells are typed as text, so that nothing in them is ever a formula."""
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "in_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    formats = {MONEY: book.add_format({"num_format": "#,##0.00"}), DAY: book.add_format({"num_format": "yyyy-mm-dd"})}
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.heading, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(_fetched(table), start=1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _write_cell(sheet, number, place, column.kind, value, formats)
    book.close()


def _write_cell(sheet, row: int, place: int, kind: str, value, formats: dict) -> None:
    if value is None or value == "":
        return
    if kind in (TEXT, CODE):
        sheet.write_string(row, place, str(value))
    elif kind == DAY:
        moment = datetime.datetime.combine(value, datetime.time())
        sheet.write_datetime(row, place, moment, formats[DAY])
    else:
        sheet.write_number(row, place, value, formats.get(kind))


def _fetched(table: Table, size: int = 5000) -> Iterator[tuple]:
    """Rows of the statement, a few thousand in memory at a time (COPY needs no server-side cursor)."""
    with _copied(f"COPY ({table.select(guarded=False)}) TO STDOUT", table.params) as copy:
        copy.set_types([{NUMBER: "int8", MONEY: "numeric", DAY: "date"}.get(c.kind, "text") for c in table.columns])
        yield from copy.rows()


def xlsx_file(table: Table, *, title: str) -> IO[bytes]:
    """The XLSX in a temporary file, open at its beginning: a sheet is a zip, whose index comes last."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it when it has been sent
    write_xlsx(table, target, title=title)
    target.seek(0)
    return target
