"""Which keys and addresses of Stripe's go together: no real money in a demo, and no test that calls out by accident."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

STRIPE_ITSELF = "https://api.stripe.com"
PAYMENT_PAGE = "https://checkout.stripe.com"
THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


def refuse_wrong(*, key: str, api_base: str, webhook_secrets: list[str], production: bool) -> None:
    """Stop the start where a key and an address do not go together; ImproperlyConfigured says why."""
    is_live, is_fake = "_live_" in key, bool(api_base) and api_base != STRIPE_ITSELF
    if api_base and (production or is_live):
        raise ImproperlyConfigured(
            "STRIPE_API_BASE is for the fake Stripe: never on a production site or beside a live key."
        )
    if is_live and not production:
        raise ImproperlyConfigured("STRIPE_SECRET_KEY is a live key: only a production site may take real money.")
    if key and not api_base and not production:
        raise ImproperlyConfigured(
            "STRIPE_SECRET_KEY is set, so STRIPE_API_BASE must say where to call: the fake Stripe on this machine, "
            f"or {STRIPE_ITSELF} to try Stripe's own sandbox. Nothing calls out by accident."
        )
    if is_fake and urlsplit(api_base).hostname not in THIS_MACHINE:
        raise ImproperlyConfigured(f"STRIPE_API_BASE must be on this machine, or {STRIPE_ITSELF}: docs/settings.md.")
    if production and key and not webhook_secrets:
        raise ImproperlyConfigured("STRIPE_SECRET_KEY is set, so STRIPE_WEBHOOK_SECRETS must be too.")


def payment_page(api_base: str) -> str:
    """Where forms may lead to: the fake's own page, or Stripe's."""
    return api_base if api_base and api_base != STRIPE_ITSELF else PAYMENT_PAGE
