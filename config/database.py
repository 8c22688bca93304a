"""Which database, and under which of the two roles.

The site runs as a role that has no right to change ledgers; migrations run as the role that owns the
tables. Without DATABASE_URL the project starts its own PostgreSQL with both roles made.
"""

from __future__ import annotations

import contextlib
import os

import environ
from django.core.exceptions import ImproperlyConfigured

from config import embedded_postgres, environment

SITE_ROLE = "toad_lane_site"
OWNER_ROLE = "toad_lane_owner"
DATABASE_NAME = "toad_lane"


def uses_embedded_server() -> bool:
    """Whether the project brings its own PostgreSQL in this run."""
    return not os.environ.get("DATABASE_URL")


def ensure_server() -> None:
    """Start the project's own server if this run uses it and none runs; never on a production site."""
    if uses_embedded_server() and environment.mode() != "production":
        embedded_postgres.start()


def configuration() -> dict:
    """Django's DATABASES: `default` as the site's role, `owner` as the migrations' role."""
    if uses_embedded_server():
        if environment.mode() == "production":
            environment.required("DATABASE_URL")
        host = str(embedded_postgres.socket_folder())
        site, owner = ({"NAME": DATABASE_NAME, "HOST": host, "USER": role} for role in (SITE_ROLE, OWNER_ROLE))
    else:
        if not os.environ.get("MIGRATION_DATABASE_URL"):
            raise ImproperlyConfigured("DATABASE_URL is set, so MIGRATION_DATABASE_URL must be too (docs/settings.md).")
        site = environ.Env.db_url_config(os.environ["DATABASE_URL"])
        owner = environ.Env.db_url_config(os.environ["MIGRATION_DATABASE_URL"])
        if site["NAME"] != owner["NAME"]:
            raise ImproperlyConfigured("DATABASE_URL and MIGRATION_DATABASE_URL must name one database.")
        if site["USER"] == owner["USER"]:
            raise ImproperlyConfigured(
                "DATABASE_URL and MIGRATION_DATABASE_URL must name two roles: the site may not own its ledgers."
            )
    for part in (site, owner):
        part["ENGINE"] = "django.db.backends.postgresql"
        part["CONN_HEALTH_CHECKS"] = True
    site["CONN_MAX_AGE"] = None
    return {"default": site, "owner": owner}


def refuse_strong_role() -> None:
    """Stop a production site whose role could change ledgers. A database that is away is left to /readyz."""
    from django.db import DatabaseError, connections

    from common import roles

    if environment.mode() != "production":
        return
    try:
        excess = roles.excess_rights()
    except DatabaseError:
        return
    finally:
        connections.close_all()
    if excess:
        raise ImproperlyConfigured(f"DATABASE_URL names a role that is too strong: {', '.join(excess)}.")


@contextlib.contextmanager
def for_throwaways():
    """Where throw-away databases are made: on the site's server, or on our own where the owner may make none."""
    from django.db import connections

    from config import throwaway

    if uses_embedded_server() or throwaway.may_create_databases():
        yield
        return
    embedded_postgres.start()
    before = {alias: dict(connections[alias].settings_dict) for alias in ("default", "owner")}
    for alias, role in (("default", SITE_ROLE), ("owner", OWNER_ROLE)):
        connections[alias].close()
        connections[alias].settings_dict.update(
            HOST=str(embedded_postgres.socket_folder()), PORT="", USER=role, PASSWORD="", NAME=DATABASE_NAME, OPTIONS={}
        )
    try:
        yield
    finally:
        connections.close_all()
        for alias, settings in before.items():
            connections[alias].settings_dict.update(settings)


class MigrateAsOwner:
    """Database router: tables are made through `owner` only; everything is read and written through `default`."""

    def db_for_read(self, model, **hints):
        return "default"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, first, second, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == "owner"
