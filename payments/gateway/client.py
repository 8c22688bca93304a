"""How every call to Stripe is made: the pinned version, the society's account, errors that become ours."""

from __future__ import annotations

import functools

import stripe
from django.conf import settings

API_VERSION = "2026-10-28.endive"  # said, not inherited: an upgrade of the library is a decision
TIMEOUT_SECONDS = 20


class Unavailable(Exception):
    """Stripe could not be reached or answered with an error of its own; what was asked may or may not be done."""


class Refused(Exception):
    """Stripe understood and said no; the message is Stripe's, `code` its short name of the reason, if it gave one."""

    def __init__(self, message: str, *, code: str = ""):
        super().__init__(message)
        self.code = code


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
    """The library's client with this site's key and address, kept between calls."""
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
