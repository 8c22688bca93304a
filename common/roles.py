"""What the site's database role may do: read everything, add to append-only tables, change the others.

Given anew after each `migrate`, by the owner, from the models themselves: a new append-only table can not
be forgotten. The site's role owns nothing, so it can neither make nor drop a table or a trigger.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connections
from psycopg import sql

# pgtrigger can be told to let its triggers rest. Only the owner may say so (tests do, to empty tables);
# what the site's role says there has no effect.
ONLY_THE_OWNER_MAY_REST_TRIGGERS = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN LANGUAGE sql STABLE AS $$
    SELECT coalesce(trigger_name = ANY (nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false)
       AND pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE')
$$
"""


def append_only_tables() -> set[str]:
    """Names of the tables to which rows are only ever added."""
    return {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}


def grant_rights(*, using: str = "owner") -> None:
    """Give the site's role its rights on every table, and no more. Runs as the owner of the tables."""
    site = sql.Identifier(connections["default"].settings_dict["USER"])
    ours = append_only_tables()
    with connections[using].cursor() as cursor:
        cursor.execute(ONLY_THE_OWNER_MAY_REST_TRIGGERS)
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        for (table,) in cursor.fetchall():
            rights = {"django_migrations": "SELECT"}.get(
                table, "SELECT, INSERT" if table in ours else "SELECT, INSERT, UPDATE, DELETE"
            )
            name = sql.Identifier("public", table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, site))
            cursor.execute(sql.SQL("GRANT " + rights + " ON {} TO {}").format(name, site))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(site))
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(site))


def excess_rights(*, using: str = "default") -> list[str]:
    """What the site's role may do and must not, in words; empty where its rights are as `grant_rights` gave them."""
    found = []
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        is_superuser, manages_roles = cursor.fetchone()
        if is_superuser or manages_roles:
            found.append("the role is a superuser" if is_superuser else "the role may change roles")
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND pg_has_role(current_user, relowner, 'USAGE')"
        )
        if cursor.fetchone()[0]:
            found.append("the role owns tables")
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY (%s)"
            " AND has_table_privilege(current_user, oid, 'UPDATE, DELETE, TRUNCATE')",
            [sorted(append_only_tables())],
        )
        if cursor.fetchone()[0]:
            found.append("the role may change ledgers")
    return found
