"""Every environment variable that the project reads, in one table.

`docs/settings.md` shows the same table to the person who runs a site; a test compares the two.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
env = environ.Env()


@dataclass(frozen=True)
class Variable:
    """One variable: its name, what it is when absent, whether a production site must set it, and why."""

    name: str
    default: str
    meaning: str
    production: bool = False


VARIABLES = [
    Variable(
        "TOAD_LANE",
        "development",
        "`development`, `demo` or `production`. Only `production` serves other hosts than localhost.",
        production=True,
    ),
    Variable("SECRET_KEY", "made and kept in .local/", "At least 50 random characters.", production=True),
    Variable(
        "SIGNING_SECRET",
        "made and kept in .local/",
        "At least 50 random characters, not those of SECRET_KEY. Keys that sign certificates are encrypted under it.",
        production=True,
    ),
    Variable(
        "SITE_URL",
        "http://localhost:8000",
        "The public address, without a slash at the end.",
        production=True,
    ),
    Variable("ALLOWED_HOSTS", "host of SITE_URL", "Host names served, with commas between."),
    Variable(
        "DATABASE_URL",
        "the project's own server",
        "PostgreSQL 15 or newer, as the role that the site runs under: it may not change ledgers.",
        production=True,
    ),
    Variable(
        "MIGRATION_DATABASE_URL",
        "the project's own server",
        "The same database, as the role that owns the tables; used by `migrate` and `restore`.",
        production=True,
    ),
    Variable(
        "EMAIL_URL",
        "files in .local/mail",
        "Mail server, such as smtp+tls://user:password@host:587.",
        production=True,
    ),
    Variable("MAIL_FROM", "Toad Lane <shares@localhost>", "The sender of the site's mail.", production=True),
    Variable(
        "STRIPE_SECRET_KEY",
        "none: card payments are off",
        "A restricted key `rk_live_…`; `sk_test_…` in the demo.",
    ),
    Variable(
        "STRIPE_WEBHOOK_SECRETS",
        "none: webhooks are refused",
        "Signing secrets, with commas between; two at once while one is replaced.",
    ),
    Variable(
        "STRIPE_API_BASE",
        "Stripe itself, on a production site only",
        "Address of the fake Stripe on this machine; never together with a live key.",
    ),
    Variable("TRUSTED_PROXIES", "0", "How many proxies of yours stand in front and set X-Forwarded-For."),
    Variable(
        "SOURCE_URL",
        "none: the foot of each page names the licence only",
        "Where visitors get the source of what this site runs: the licence asks for it (AGPL, section 13).",
    ),
    Variable("LOG_LEVEL", "INFO", "Lowest level that is logged."),
    Variable("PORT", "8000", "Port of `make demo`."),
    Variable("CHROMIUM", "found on the PATH", "The browser that the tests drive."),
]


def mode() -> str:
    """Which of the three ways the project runs in; refuses any other word."""
    name = env.str("TOAD_LANE", "development")
    if name not in ("development", "demo", "production"):
        raise ImproperlyConfigured(
            f"TOAD_LANE is {name!r}. It must be development, demo or production (docs/settings.md)."
        )
    return name


def required(name: str) -> str:
    """The variable's value; where a production site lacks it, a message that says how to go on."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} must be set on a production site. See docs/settings.md.")
    return value


def secret_key() -> str:
    """From SECRET_KEY; a development site makes one and keeps it out of the repository."""
    return _secret("SECRET_KEY", os.environ.get("SECRET_KEY", ""))


def signing_secret() -> str:
    """From SIGNING_SECRET, in the same way. Never the same as SECRET_KEY: whoever learns one has not the other."""
    secret = _secret("SIGNING_SECRET", os.environ.get("SIGNING_SECRET", ""))
    if secret == os.environ.get("SECRET_KEY"):
        raise ImproperlyConfigured("SIGNING_SECRET must not be the same as SECRET_KEY. See docs/settings.md.")
    return secret


def _secret(name: str, value: str) -> str:
    if mode() == "production":
        required(name)
        if len(value) < 50 or len(set(value)) < 10:
            raise ImproperlyConfigured(f"{name} must be at least 50 random characters. See docs/settings.md.")
    return value or _kept(LOCAL_DIR / name.lower())


def _kept(path: Path) -> str:
    """The secret in a file of this machine, made when it is first asked for."""
    if not path.exists():
        LOCAL_DIR.mkdir(exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # atomic: of two processes at once, the first one's secret stands
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
