"""What every test stands on: a throw-away database under both roles, no network but loopback."""

import contextlib
import os
import shutil
import socket

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase

from config import database

database.ensure_server()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A fresh database, migrated as the owner; the tests themselves run as the site's role."""
    from config import throwaway

    with django_db_blocker.unblock(), throwaway.database("test"):
        yield


KEPT = {"django_migrations", "django_content_type", "auth_permission", "procrastinate_version"}


def _owner():
    """A connection of the tables' owner beside Django's own, in the test's database."""
    return psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True)


def _empty_tables(self):
    """After a transactional test: empty every table as the owner, whose triggers may rest for it."""
    with _owner() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        tables = ", ".join(f'"{name}"' for (name,) in cursor.fetchall() if name not in KEPT)
        cursor.execute("SELECT array_agg(tgname) FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%'")
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s::text[]::text, false)", [cursor.fetchone()[0]])
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        cursor.execute("SELECT set_config('pgtrigger.ignore', '', false)")


TransactionTestCase._fixture_teardown = _empty_tables


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch):
    """A test that reaches for another host is a defect, here and on every other machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise OSError(f"Tests use loopback only, not {address[0]}.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def as_owner(db):
    """A cursor of the role that owns the tables, outside the test's transaction."""
    with contextlib.closing(_owner()) as connection, connection.cursor() as cursor:
        yield cursor


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, or the one that CHROMIUM names; it fetches nothing by itself. One for all tests of a run."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert program, "Chromium was not found: bin/setup --dev installs it, or set CHROMIUM to its path."
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-gpu"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the test
        browser = playwright.chromium.launch(executable_path=program, args=quiet)
        yield browser
        browser.close()
