"""Nothing is left out: each constraint and trigger that the database has was seen to refuse something."""

from __future__ import annotations

import pytest
from django.db import connection, models

from common import ids
from tests.constraints import test_compliance, test_members, test_offers, test_payments, test_statements
from tests.constraints.seeing import GROUP, MODELS, fields_of, pgids, refused_by, unique_columns

pytestmark = GROUP
TRIED = {*test_compliance.CASES, *test_offers.CASES, *test_payments.CASES, *test_members.CASES,
         *test_statements.CASES}  # fmt: skip
TABLES = [model._meta.db_table for model in MODELS]
APPEND_ONLY = [model for model in MODELS if getattr(model, "append_only", False)]
# Of every append-only table, tried below for each of them.
OF_ALL = {f"{model._meta.db_table}:{name}" for model in APPEND_ONLY for name in ("append_only", "never_truncated")}
POSITIVE = (models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField)
COUNTS = [(model, field) for model in MODELS for field in model._meta.local_fields if isinstance(field, POSITIVE)]
AUTOMATIC = {f"{model._meta.db_table}_{field.column}_check" for model, field in COUNTS}


def in_the_database() -> set[str]:
    """Every CHECK, UNIQUE and exclusion constraint, unique index and trigger of our tables, as PostgreSQL has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conname FROM pg_constraint WHERE contype IN ('c', 'u', 'x') AND conrelid::regclass::text = ANY (%s)
            UNION
            SELECT index.relname FROM pg_index JOIN pg_class index ON index.oid = indexrelid
            WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text = ANY (%s)
            """,
            [TABLES, TABLES],
        )
        names = {unique_columns().get(name, name) for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY (%s)",
                       [TABLES])  # fmt: skip
        return names | {pgids().get(name, name) for (name,) in cursor.fetchall()}


def test_every_fence_of_the_database_was_tried(world):
    assert in_the_database() == TRIED | OF_ALL | AUTOMATIC


def test_every_fence_of_the_models_is_in_the_database(world):
    named = {rule.name for model in MODELS for rule in model._meta.constraints}
    unique = {
        f"{model._meta.db_table}.{field.column}"
        for model in MODELS
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    }
    assert named | unique | set(pgids().values()) <= in_the_database()


def test_a_fence_without_a_test_would_be_seen(world):
    """The control: one more CHECK, and the comparison is red."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        cursor.execute("ALTER TABLE offers_party ADD CONSTRAINT party_is_odd CHECK (name <> 'Odd')")
        assert in_the_database() - (TRIED | OF_ALL | AUTOMATIC) == {"party_is_odd"}
        cursor.execute("ROLLBACK TO SAVEPOINT before")


@pytest.mark.parametrize(("model", "field"), COUNTS, ids=[str(field) for _model, field in COUNTS])
def test_what_is_counted_is_never_below_nought(world, model, field):
    row = model(**fields_of(world.row(model)) | {"id": ids.uuid7(), field.attname: -1})
    of_a_chain = {"seq": "follows_the_one_before", "number": "seal_follows_the_one_before"}
    rest = (of_a_chain | {"entries": "seal_follows_the_one_before"}).get(field.name)

    def write():
        if rest:
            world.rest(model, rest)
        model._base_manager.bulk_create([row])

    # Where a named rule asks for 1 at least, either of the two may speak first.
    assert refused_by(write) in {f"{model._meta.db_table}_{field.column}_check", *(rule.name for rule in checks(model))}


def checks(model) -> list[models.CheckConstraint]:
    return [rule for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
@pytest.mark.parametrize(
    ("statement", "trigger"),
    [
        ("UPDATE {} SET id = id", "append_only"),
        ("DELETE FROM {}", "append_only"),
        ("TRUNCATE {} CASCADE", "never_truncated"),
    ],
)
def test_the_trigger_refuses_even_the_owner_of_the_table(world, model, statement, trigger):
    table = model._meta.db_table

    def run():
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table))

    assert refused_by(run) == f"{table}:{trigger}"
