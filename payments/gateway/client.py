"""How every call to Stripe is made: the pinned version, the society's account, errors that become ours."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import stripe
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

API_VERSION = "2026-10-28.endive"  # said, not inherited: an upgrade of the library is a decision
TIMEOUT_SECONDS = 20
PAGE = 100  # the most that Stripe lists at once


class Unavailable(Exception):
    """Stripe could not be reached or answered with an error of its own; what was asked may or may not be done."""


class Refused(Exception):
    """Stripe understood and said no; the message is Stripe's, `code` its short name of the reason, if it gave one."""

    def __init__(self, message: str, *, code: str = ""):
        super().__init__(message)
        self.code = code

    @property
    def is_unknown(self) -> bool:
        """Whether Stripe says that there is no such object in the account that was asked."""
        return self.code == "resource_missing"


def is_live() -> bool:
    """Whether this site takes real money: its key is a live one."""
    return "_live_" in settings.STRIPE_SECRET_KEY


def is_configured() -> bool:
    """Whether this site may take card payments at all."""
    return bool(settings.STRIPE_SECRET_KEY)


@functools.cache
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base} if base else None,
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def client_of_this_site() -> stripe.StripeClient:
    """The library's client with this site's key and address, kept between calls.

    ImproperlyConfigured for a test key without an address outside production: no test and no demo calls Stripe itself
    because somebody forgot to say where the fake is (the start-up check of config/stripe_settings.py, again).
    """
    if not settings.STRIPE_API_BASE and not settings.PRODUCTION:
        raise ImproperlyConfigured("STRIPE_API_BASE must say where to call: docs/settings.md.")
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


def options(account: str, key: str | None = None) -> dict:
    """The only place where options are made: a misspelt name would be ignored and the call land on the platform."""
    if not account.startswith("acct_"):
        raise ValueError(f"{account!r} is no Stripe account.")
    return {"stripe_account": account} | ({"idempotency_key": key} if key else {})


def call(function, *args):
    """Run a call of the library; its errors become ours."""
    try:
        return function(*args)
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise Unavailable(str(error)) from error
    except stripe.StripeError as error:
        raise Refused(error.user_message or str(error), code=error.code or "") from error


def pages(function, *args) -> Iterator:
    """Everything of a list of Stripe's, page by page as it is read; errors become ours, on whichever page."""
    walk = call(function, *args).auto_paging_iter()
    while True:
        found = call(next, walk, None)
        if found is None:
            return
        yield found


def id_of(field) -> str:
    """The id of what a field of Stripe's points at, whether it stands there whole, as its id, or not at all."""
    return field if isinstance(field, str) else (field.id if field else "")


def movements_of(found) -> tuple[str, ...]:
    """Ids of the balance transactions of a refund or a payout: the one that took money, and the one that undid it."""
    fields = ("balance_transaction", "failure_balance_transaction")
    return tuple(moved for field in fields if (moved := id_of(getattr(found, field, None))))
