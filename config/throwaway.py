"""Databases that live for one run: for tests, rehearsals and measurements, never the books of a site.

A template database is migrated once for each state of the migrations and copied for each run, which takes
a tenth of a second instead of several. Copies are named after their process, so that what a killed run
left behind is known and dropped by the next one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from pathlib import Path

from django.core.management import call_command
from django.db import ProgrammingError, connections
from psycopg.errors import InsufficientPrivilege

from config.environment import BASE_DIR

PREFIX = "toad_lane_throwaway"
_LOCK = 7_462_183  # any number, the same in every process: one builds the template, the others wait


def _fingerprint() -> str:
    """Changes whenever a migration of ours or the rights of the roles change."""
    files = sorted([*BASE_DIR.glob("*/migrations/*.py"), BASE_DIR / "common" / "roles.py"])
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@contextlib.contextmanager
def _maintenance():
    """A cursor of the owner's in a database that is never dropped."""
    owner = connections["owner"]
    with owner._nodb_cursor() as cursor:
        yield cursor


def _alive(database: str) -> bool:
    match = re.fullmatch(rf"{PREFIX}_\w+_(\d+)", database)
    return match is None or Path(f"/proc/{match[1]}").exists()


def _drop(cursor, name: str) -> None:
    """Drop a database that nobody uses any more.

    The owner's role may not end connections of the site's role. One that was closed a moment ago may still be on
    its way out in the server, so it is waited for, up to ten seconds.
    """
    end = time.monotonic() + 10
    while True:
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except ProgrammingError as error:
            if not isinstance(error.__cause__, InsufficientPrivilege) or time.monotonic() > end:
                raise
        time.sleep(0.05)


def _template() -> str:
    """Name of an up-to-date template; made now if there is none."""
    name = f"{PREFIX}_template_{_fingerprint()}"
    with _maintenance() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
            known = {row[0] for row in cursor.fetchall()}
            for old in known:
                if not _alive(old) or (old.startswith(f"{PREFIX}_template_") and old != name):
                    _drop(cursor, old)
            if name not in known:
                draft = f"{PREFIX}_draft_{os.getpid()}"
                _drop(cursor, draft)
                cursor.execute(f'CREATE DATABASE "{draft}"')
                _point_at(draft)
                call_command("migrate", verbosity=0, interactive=False)
                connections.close_all()
                cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return name


@contextlib.contextmanager
def database(purpose: str, *, durable: bool = False, migrated: bool = True):
    """Point both connections of this process at a fresh, migrated database; drop it at the end.

    purpose: letters only, part of the database's name. durable: wait for the disk at each commit, as a site does
    (measurements); otherwise a crash of the machine may lose the last moments of a database that is dropped anyway.
    migrated: False for an empty one, to restore a backup into.
    Raises what PostgreSQL raises where the owner's role may not create databases (see `may_create_databases`).
    """
    before = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    name = f"{PREFIX}_{purpose}_{os.getpid()}"
    template = _template() if migrated else "template0"
    with _maintenance() as cursor:
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        if not durable:
            cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    _point_at(name)
    try:
        yield name
    finally:
        connections.close_all()
        with _maintenance() as cursor:
            _drop(cursor, name)
        for alias, old in before.items():
            connections[alias].settings_dict["NAME"] = old


def may_create_databases() -> bool:
    """Whether the owner's role may make databases on the server in use."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        return cursor.fetchone()[0]
