"""Settings: one table in code and on paper, and a production site that will not start insecure."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from psycopg import sql

from common import roles
from config.environment import VARIABLES
from payments import gateway

ROOT = Path(__file__).resolve().parent.parent
GOOD = {
    "TOAD_LANE": "production",
    "SECRET_KEY": "Zq8vX2mN7pL4kJ9hG6fD3sA1wE5rT0yUiOpQzXcVbNmLkJhGfDs-3",
    "SIGNING_SECRET": "pR7wK2vX9mQ4tN6hB3sD8fG1jL5zC0yUiOeAaEwQrTyPoIuLkM-3",
    "SITE_URL": "https://shares.example.org",
    "DATABASE_URL": "postgres://toad_lane_site:one@database.invalid:5432/toad_lane",
    "MIGRATION_DATABASE_URL": "postgres://toad_lane_owner:two@database.invalid:5432/toad_lane",
    "EMAIL_URL": "smtp+tls://user:three@mail.invalid:587",
    "MAIL_FROM": "Toad Lane <shares@example.org>",
}


def manage(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess:
    """`manage.py` with the good production settings but for `changes`; None takes a variable away."""
    ours = {variable.name for variable in VARIABLES} | {"DJANGO_ALLOW_ASYNC_UNSAFE"}  # a browser test's, if one ran
    variables = {name: value for name, value in os.environ.items() if name not in ours} | GOOD | changes
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={name: value for name, value in variables.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def documented() -> dict[str, tuple[str, ...]]:
    """The table of the page: default, "yes" where production needs it, and meaning, by name."""
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (yes|) \| (.*) \|$", (ROOT / "docs/settings.md").read_text(), re.M)
    return {name: tuple(cells) for name, *cells in rows}


def test_the_page_says_what_the_code_says():
    code = {v.name: (v.default, "yes" if v.production else "", v.meaning) for v in VARIABLES}
    assert documented() == code


def test_every_variable_that_is_read_is_in_the_table():
    read = set()
    for path in [*ROOT.glob("config/*.py"), *ROOT.glob("[cmop]*/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("env.", "os.environ", "required")):
                read |= {str(name.value) for name in node.args[:1] if isinstance(name, ast.Constant)}
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                read |= {str(node.slice.value)} if isinstance(node.slice, ast.Constant) else set()
    assert {"SECRET_KEY", "LOG_LEVEL", "DATABASE_URL", "EMAIL_URL"} <= read  # the walk sees all the ways of reading
    assert read - {"DJANGO_SETTINGS_MODULE"} <= {variable.name for variable in VARIABLES}


def test_the_good_settings_are_those_that_production_needs():
    assert set(GOOD) == {variable.name for variable in VARIABLES if variable.production}


def test_good_settings_start_and_pass_djangos_own_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout


def test_without_a_mode_the_project_serves_this_machine_only():
    asked = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    done = manage("shell", "-v0", "-c", asked, TOAD_LANE=None)
    assert done.stdout.strip() == "['localhost', '127.0.0.1', '[::1]']"


@pytest.mark.parametrize("name", [name for name in GOOD if name != "TOAD_LANE"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_missing_stops_the_site(name, value):
    done = manage("check", **{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith("Toad Lane does not start: ")
    assert name in done.stderr
    assert "Traceback" not in done.stderr


BAD = {
    "a word that is no mode": ({"TOAD_LANE": "live"}, "development, demo or production"),
    "a key that is short": (
        {"SECRET_KEY": "Zq8vX2mN7pL4kJ9hG6fD3sA1wE5rT0yUiOpQzXcVbNmLkJhGf"},
        "50 random characters",
    ),
    "a key that is one letter": ({"SECRET_KEY": "a" * 60}, "50 random characters"),
    "a secret of keys that is short": ({"SIGNING_SECRET": "a1b2c3d4e5f6" * 4}, "SIGNING_SECRET must be at least 50"),
    "one secret for both": ({"SIGNING_SECRET": GOOD["SECRET_KEY"]}, "not be the same as SECRET_KEY"),
    "an address without TLS": ({"SITE_URL": "http://shares.example.org"}, "https://"),
    "every host": ({"ALLOWED_HOSTS": "shares.example.org,*"}, "may not be *"),
    "the fake Stripe": ({"STRIPE_API_BASE": "http://localhost:8001"}, "fake Stripe"),
    "the fake Stripe and a live key": (
        {"TOAD_LANE": "demo", "STRIPE_API_BASE": "http://localhost:8001", "STRIPE_SECRET_KEY": "rk_live_1"},
        "fake Stripe",
    ),
    "a live key in a demo": ({"TOAD_LANE": "demo", "STRIPE_SECRET_KEY": "sk_live_1"}, "only a production site"),
    "a test key in a demo that does not say where the fake is": (
        {"TOAD_LANE": "demo", "STRIPE_SECRET_KEY": "sk_test_1"},
        "STRIPE_API_BASE must say where to call",
    ),
    "a test key of a developer's, the same": (
        {"TOAD_LANE": None, "STRIPE_SECRET_KEY": "rk_test_1", "STRIPE_API_BASE": ""},
        "STRIPE_API_BASE must say where to call",
    ),
    "a fake Stripe elsewhere": (
        {"TOAD_LANE": "demo", "STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_API_BASE": "https://stripe.example.org"},
        "must be on this machine",
    ),
    "a fake Stripe that only looks like this machine": (
        {"TOAD_LANE": "demo", "STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_API_BASE": "http://localhost@example.org"},
        "must be on this machine",
    ),
    "cards without webhooks": ({"STRIPE_SECRET_KEY": "rk_live_1"}, "STRIPE_WEBHOOK_SECRETS"),
    "one role for both": ({"MIGRATION_DATABASE_URL": GOOD["DATABASE_URL"]}, "two roles"),
    "two databases": ({"MIGRATION_DATABASE_URL": GOOD["MIGRATION_DATABASE_URL"] + "_2"}, "one database"),
}


@pytest.mark.parametrize(
    ("where", "page"),
    [("http://127.0.0.1:8001", "http://127.0.0.1:8001"), ("https://api.stripe.com", "https://checkout.stripe.com")],
)
def test_a_test_key_goes_with_the_fake_or_with_stripes_own_sandbox(where, page):
    asked = "from django.conf import settings; print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'][1])"
    done = manage("shell", "-v0", "-c", asked, TOAD_LANE="demo", STRIPE_SECRET_KEY="sk_test_1", STRIPE_API_BASE=where)
    assert done.stdout.strip() == page


def test_a_call_without_an_address_is_refused_before_it_is_made(settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_1", ""
    with pytest.raises(ImproperlyConfigured, match="must say where to call"):
        gateway.client.client_of_this_site()


@pytest.mark.parametrize(("changes", "words"), BAD.values(), ids=BAD.keys())
def test_insecure_settings_stop_the_site(changes, words):
    done = manage("check", **changes)
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_refusal_never_shows_a_secret():
    done = manage("check", ALLOWED_HOSTS="*", DATABASE_URL=GOOD["MIGRATION_DATABASE_URL"])
    assert not {GOOD["SECRET_KEY"], "two"} & set(re.findall(r"\w[\w-]*", done.stderr))


def address(alias: str) -> str:
    """The test's own database as an address, under one of its two roles."""
    params = connections[alias].get_connection_params()
    who = ":".join(quote(params[part], safe="") for part in ("user", "password") if params.get(part))
    host, port = str(params.get("host", "")), f":{params['port']}" if params.get("port") else ""
    if host.startswith("/"):
        return f"postgres://{who}@{port}/{params['dbname']}?host={host}"
    return f"postgres://{who}@{host}{port}/{params['dbname']}"


def serve(**changes: str) -> subprocess.CompletedProcess:
    """Load the application as a server does."""
    variables = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-c", "from config.wsgi import application"],
        cwd=ROOT, env=variables | GOOD | changes, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_site_serves_under_its_own_role(db):
    done = serve(DATABASE_URL=address("default"), MIGRATION_DATABASE_URL=address("owner"))
    assert done.returncode == 0
    assert "too strong" not in done.stderr


def test_the_site_does_not_serve_under_the_owners_role(db):
    done = serve(DATABASE_URL=address("owner"), MIGRATION_DATABASE_URL=address("default"))
    assert done.returncode == 1
    assert "too strong: the role owns tables, the role may change ledgers" in done.stderr


def test_a_database_that_is_away_does_not_stop_the_start():
    """The site comes up red on /readyz and serves as soon as its database does."""
    away = address("default").replace("toad_lane_", "nobody_knows_")
    done = serve(DATABASE_URL=away, MIGRATION_DATABASE_URL=away.replace("nobody", "somebody", 1))
    assert done.returncode == 0


def test_a_single_right_too_many_is_seen(as_owner):
    assert roles.excess_rights() == []
    site = sql.Identifier(connections["default"].settings_dict["USER"])
    as_owner.execute(sql.SQL("GRANT TRUNCATE ON members_ledgerentry TO {}").format(site))
    try:
        assert roles.excess_rights() == ["the role may change ledgers"]
    finally:
        as_owner.execute(sql.SQL("REVOKE TRUNCATE ON members_ledgerentry FROM {}").format(site))
