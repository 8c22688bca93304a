"""Tests that need the tables' owner, or one set of rows for many cases: one transaction that is never committed."""

import contextlib

from django.db import connection, connections, transaction


@contextlib.contextmanager
def owned():
    """Everything inside runs as the owner of the tables, in a transaction that is undone at the end."""
    site = connections["default"].settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = connections["owner"].settings_dict["USER"]
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        connection.close()
        connection.settings_dict["USER"] = site


@contextlib.contextmanager
def undone():
    """What is done inside is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def run(*statements: str, params=None) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, params)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        return [name for (name,) in cursor.fetchall()]


def take_the_fences_down() -> None:
    """No trigger and no CHECK any more, until all is undone: what the keeper of the server's keys could do."""
    run("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")
    for table in tables():
        run(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conrelid::regclass, conname FROM pg_constraint
            JOIN pg_class ON pg_class.oid = conrelid
            WHERE contype = 'c' AND relnamespace = 'public'::regnamespace
              AND pg_has_role(current_user, relowner, 'USAGE')
            """
        )
        for table, name in cursor.fetchall():
            run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
