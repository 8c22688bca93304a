"""What a download is: columns over one statement; and its rows for a screen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

TEXT, CODE, NUMBER, MONEY, DAY = "text", "code", "number", "money", "day"
WORK_MEMORY = "64MB"  # for the sort of a download, which would otherwise go through the disk


@dataclass(frozen=True)
class Column:
    """One column: its heading, the SQL of its value, and what kind of value that is.

    MONEY is SQL of whole pence; it leaves as pounds with two places. DAY is SQL of a date. CODE is text that we make
    ourselves, such as a hash or a time: it begins with a letter or digit, and holds no &, < or >; all other text is
    TEXT. Texts are never null.
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

    def select(self, parts: Sequence[str]) -> str:
        """The statement with these expressions in place of the columns."""
        return f"{self.common} SELECT {', '.join(parts)} {self.source} ORDER BY {self.order}"


@contextlib.contextmanager
def copied(statement: str, params: dict):
    """COPY in a transaction of its own, with room to sort in memory."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEMORY])
        with cursor.copy(statement, params) as copy:
            yield copy


def rows(table: Table, *, most: int | None = None, skip: int = 0) -> list[dict]:
    """Rows as dicts by heading, for a screen. Money stays whole pence here."""
    statement = table.select([f'{column.sql} AS "{column.heading}"' for column in table.columns])
    if most is not None:
        statement += f" LIMIT {int(most)} OFFSET {int(skip)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, table.params)
        headings = [column.heading for column in table.columns]
        return [dict(zip(headings, row, strict=True)) for row in cursor.fetchall()]


def texts(table: Table, headings: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Some columns of each row as texts, as in the CSV but without its guard; empty where there is nothing."""
    chosen = [column for column in table.columns if column.heading in headings]
    parts = [f"coalesce(({_said(column)})::text, '')" for column in chosen]
    with copied(f"COPY ({table.select(parts)}) TO STDOUT", table.params) as copy:
        yield from copy.rows()


def _said(column: Column) -> str:
    return f"({column.sql}) * 0.01" if column.kind == MONEY else column.sql


def count(table: Table) -> int:
    """How many rows the download has."""
    with connection.cursor() as cursor:
        cursor.execute(f"{table.common} SELECT count(*) {table.source}", table.params)
        return cursor.fetchone()[0]


def sums(table: Table, headings: Sequence[str]) -> tuple[int, dict[str, int]]:
    """How many rows the download has, and the sums of some of its columns: whole shares, whole pence."""
    added = [f'coalesce(sum("{heading}"), 0)::bigint' for heading in headings]
    statement = table.select([f'{column.sql} AS "{column.heading}"' for column in table.columns])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(['count(*)', *added])} FROM ({statement}) download", table.params)
        number, *totals = cursor.fetchone()
    return number, dict(zip(headings, totals, strict=True))
