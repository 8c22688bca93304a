"""What the role of the site may do in SQL: nothing to a row that is written once, nothing to a table."""

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from common.append_only import AppendOnly, AppendOnlyError

pytestmark = pytest.mark.django_db
ONCE = [model for model in apps.get_models() if issubclass(model, AppendOnly)]


def refusal(statement: str) -> type[Exception] | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return type(error.__cause__)
    return None


def test_the_ledgers_are_all_here():
    assert {"members.LedgerEntry", "members.EntryInterest", "members.Particulars", "payments.Receipt",
            "compliance.Decision", "compliance.Certificate", "common.AuditEvent"} <= {
        model._meta.label for model in ONCE}  # fmt: skip


@pytest.mark.parametrize("model", ONCE, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_sites_role_has_no_right_to_change_what_is_written_once(model, statement):
    assert refusal(statement.format(model._meta.db_table)) is psycopg.errors.InsufficientPrivilege


@pytest.mark.parametrize("model", ONCE, ids=lambda model: model._meta.label)
def test_the_rights_are_to_read_and_to_add(model):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT array_agg(right_ ORDER BY right_) FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE',
                'TRUNCATE', 'REFERENCES', 'TRIGGER']) right_ WHERE has_table_privilege(current_user, %s, right_)
            """,
            [model._meta.db_table],
        )
        assert cursor.fetchone()[0] == ["INSERT", "SELECT"]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE members_ledgerentry DISABLE TRIGGER ALL",
        "ALTER TABLE payments_receipt DROP CONSTRAINT receipt_amount_positive",
        "DROP TABLE payments_receipt CASCADE",
        "CREATE TABLE mine (id int)",
        "SET session_replication_role = replica",
        "SET ROLE {owner}",
        "UPDATE django_migrations SET app = ''",
    ],
)
def test_the_sites_role_can_not_take_a_fence_down(statement):
    statement = statement.format(owner=connections["owner"].settings_dict["USER"])
    assert refusal(statement) is psycopg.errors.InsufficientPrivilege


def test_triggers_do_not_rest_because_the_site_says_so():
    """`pgtrigger.ignore` is for the owner: what the site sets there has no effect (common/roles.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{a}', true)")
        cursor.execute("SELECT _pgtrigger_should_ignore('a')")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("model", ONCE, ids=lambda model: model._meta.label)
def test_the_model_refuses_before_the_database_does(model):
    row = model()
    row._state.adding = False
    rows = model._default_manager.all()
    for change in (row.save, row.delete, rows.delete, lambda: rows.update(id=None), lambda: rows.bulk_update([], [])):
        with pytest.raises(AppendOnlyError):
            change()
