"""Rows in and out without the ORM's building of statements, for the few verbs that a launch day runs by the thousand.

Half of a purchase's time went into composing the same nineteen statements anew. The models still say what the columns
are and how values are written, and the database's constraints and triggers still refuse what is wrong.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


@functools.cache
def columns(model: type[models.Model], alias: str) -> str:
    """The model's columns for a SELECT, in the order in which `instance` takes them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


@functools.cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def instance(model: type[M], values: Sequence) -> M:
    """A row of `columns(model, …)` as an instance. Not for models with JSON, whose text would stay text."""
    return model.from_db("default", _names(model), values)


def read(model: type[M], rest: str, params: Sequence) -> list[M]:
    """Instances of `SELECT columns FROM table AS row` and the rest of the statement: WHERE, ORDER BY, LIMIT."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns(model, 'row')} FROM {model._meta.db_table} AS row {rest}", params)
        return [instance(model, values) for values in cursor.fetchall()]


@functools.cache
def _shape(model: type[models.Model]) -> tuple[str, str]:
    names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    marks = ", ".join(["%s"] * len(model._meta.concrete_fields))
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ', f"({marks})"


def insertion(rows: Sequence[M], *, or_leave: bool = False) -> tuple[str, list]:
    """The statement that writes new rows of one model, and its values."""
    head, marks = _shape(type(rows[0]))
    fields = rows[0]._meta.concrete_fields
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    return head + ", ".join([marks] * len(rows)) + (" ON CONFLICT DO NOTHING" if or_leave else ""), values


def insert(rows: Sequence[models.Model], *, or_leave: bool = False, at_once: int = 1000) -> int:
    """Write new rows of one model; how many were written. `or_leave`: where a row is there already, it stands."""
    written = 0
    for batch in _batches(rows, at_once):
        with connection.cursor() as cursor:
            cursor.execute(*insertion(batch, or_leave=or_leave))
            written += cursor.rowcount
        for row in batch:
            row._state.adding, row._state.db = False, "default"
    return written


def insert_or_read(rows: Sequence[M], where: str, params: Sequence) -> list[M]:
    """Write new rows of one model and read those that `where` finds already, in one statement.

    What somebody else writes at this very moment is in neither: whoever misses a row reads again.
    """
    model = type(rows[0])
    insert_, values = insertion(rows, or_leave=True)
    wanted = columns(model, "row")
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH made AS ({insert_} RETURNING *) SELECT {wanted} FROM made AS row"
            f" UNION ALL SELECT {wanted} FROM {model._meta.db_table} AS row {where}",
            [*values, *params],
        )
        return [instance(model, found) for found in cursor.fetchall()]


def insert_both(first: Sequence[models.Model], second: Sequence[models.Model]) -> None:
    """Write new rows of two models in one statement; foreign keys between them are asked at the transaction's end."""
    (one, values), (other, more) = insertion(first), insertion(second)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH first AS ({one}) {other}", [*values, *more])
    for row in (*first, *second):
        row._state.adding, row._state.db = False, "default"


def _batches(rows: Sequence[M], size: int) -> Iterator[Sequence[M]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
