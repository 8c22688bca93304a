"""Wrong rows, and which fence of the database refused each of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from common import ids

ROOMS = ("common", "compliance", "offers", "payments", "members")
MODELS = [model for model in apps.get_models() if model._meta.app_label in ROOMS]

GROUP = pytest.mark.xdist_group("constraints")  # one worker makes the world for all of them


def pgids() -> dict[str, str]:
    """What each trigger is called here, `table:name`, by what the database calls its function."""
    ours = [(model, trigger) for model, trigger in pgtrigger.registered() if model in MODELS]
    return {trigger.get_pgid(model): f"{model._meta.db_table}:{trigger.name}" for model, trigger in ours}


def refused_by(change: Callable[[], object]) -> str:
    """The fence that refused a change: a constraint's name, `table.column` of a unique column, `table:trigger`.

    "nothing" where the change stood; it is undone all the same.
    """
    try:
        with transaction.atomic():
            change()
            transaction.set_rollback(True)
    except DatabaseError as error:
        return _fence(error.__cause__.diag) or str(error)
    return "nothing"


def _fence(diag) -> str:
    if diag.constraint_name:
        return unique_columns().get(diag.constraint_name, diag.constraint_name)
    function = re.search(r"function (pgtrigger_\w+)\(\)", diag.context or "")
    return pgids().get(function[1], function[1]) if function else ""


def unique_columns() -> dict[str, str]:
    """Names that Django made up for unique columns, each as `table.column`; primary keys are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conname, conrelid::regclass || '.' || attname FROM pg_constraint
            JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'u' AND cardinality(conkey) = 1 AND conname LIKE '%_uniq' OR conname LIKE '%_key'
            """
        )
        return dict(cursor.fetchall())


def fields_of(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@dataclass(frozen=True)
class Insert:
    """A copy of the world's row of a table under a new key, with some columns changed; values may ask the row."""

    model: type
    changes: dict
    rest: str = ""  # a trigger that would refuse it before the fence that is tried

    def __call__(self, world) -> None:
        row = world.row(self.model)
        changes = {name: value(row) if callable(value) else value for name, value in self.changes.items()}
        if self.rest:
            world.rest(self.model, self.rest)
        self.model._base_manager.bulk_create([self.model(**fields_of(row) | {"id": ids.uuid7()} | changes)])


@dataclass(frozen=True)
class Twice:
    """The same row twice, under two keys; `second` differs in the second one."""

    model: type
    changes: dict
    second: dict

    def __call__(self, world) -> None:
        Insert(self.model, self.changes)(world)
        Insert(self.model, self.changes | self.second)(world)


@dataclass(frozen=True)
class Update:
    """The world's row of a table, changed in place."""

    model: type
    changes: dict

    def __call__(self, world) -> None:
        row = world.row(self.model)
        changes = {name: value(row) if callable(value) else value for name, value in self.changes.items()}
        self.model._base_manager.filter(pk=row.pk).update(**changes)


@dataclass(frozen=True)
class Both:
    """Two changes, one after the other; the first stands."""

    first: Callable
    second: Callable

    def __call__(self, world) -> None:
        self.first(world)
        self.second(world)


@dataclass(frozen=True)
class Delete:
    """The world's row of a table, deleted past Django's own protection."""

    model: type

    def __call__(self, world) -> None:
        row = world.row(self.model)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.model._meta.db_table} WHERE id = %s", [row.pk])


def insert(model, rest: str = "", **changes) -> Insert:
    return Insert(model, changes, rest)


def update(model, **changes) -> Update:
    return Update(model, changes)


def twice(model, second: dict | None = None, **changes) -> Twice:
    return Twice(model, changes, second or {})


def both(first: Callable, second: Callable) -> Both:
    return Both(first, second)


def tried(cases: dict):
    """The parametrisation of a file's cases: (fence, change); a fence may have several wrong rows."""
    pairs = [(name, case) for name, found in cases.items() for case in (found if isinstance(found, list) else [found])]
    return pytest.mark.parametrize(("fence", "change"), pairs, ids=[name for name, _case in pairs])
