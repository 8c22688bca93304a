"""The societies' own accounts at Stripe: made, led through Stripe's questions, looked at; payouts by hand only.

Accounts of the v2 API with a full dashboard, fees and losses with Stripe: the society is the merchant, and Stripe's own
customer. Source: docs.stripe.com/api/v2/core/accounts, docs.stripe.com/api/balance-settings.
"""

from __future__ import annotations

from dataclasses import dataclass

from payments.gateway.client import Refused, call, client_of_this_site, options

MANUAL = "manual"
CAPABILITIES = ("card_payments", "bacs_debit_payments", "pay_by_bank_payments")


@dataclass(frozen=True)
class AccountFacts:
    """An account as it stands: each capability with its status, and how often Stripe pays it out."""

    capabilities: dict[str, str]  # name: active, pending, restricted, rejected, unsupported
    payouts: str  # manual, daily, weekly, monthly
    is_closed: bool


def open_account(*, key: str, name: str, email: str, society: str) -> str:
    """Make an account of the society's own; its id. The same `key` with the same facts gives the same account."""
    client = client_of_this_site()
    params = {
        "display_name": name,
        "contact_email": email,
        "dashboard": "full",
        "identity": {"country": "gb", "entity_type": "company"},
        "configuration": {"merchant": {"capabilities": {wanted: {"requested": True} for wanted in CAPABILITIES}}},
        "defaults": {
            "currency": "gbp",
            "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"},
        },
        "metadata": {"society": society},
    }
    return call(client.v2.core.accounts.create, params, {"idempotency_key": key}).id


def onboarding_page(*, account: str, return_url: str, refresh_url: str) -> str:
    """The address of Stripe's own questions to the society, for minutes and for once."""
    client = client_of_this_site()
    asked = {"return_url": return_url, "refresh_url": refresh_url}
    use_case = {"type": "account_onboarding", "account_onboarding": asked}
    return call(client.v2.core.account_links.create, {"account": _checked(account), "use_case": use_case}).url


def look_at_account(account: str) -> AccountFacts:
    """The account as it stands at Stripe now. Refused where this platform may not see it any more."""
    client = client_of_this_site()
    found = call(client.v2.core.accounts.retrieve, _checked(account), {"include": ["configuration.merchant"]})
    settings = call(client.v1.balance_settings.retrieve, None, options(account))
    return AccountFacts(
        capabilities=_capabilities(found),
        payouts=_interval(settings),
        is_closed=bool(getattr(found, "closed", None)),
    )


def pay_out_by_hand(*, account: str) -> str:
    """Stop Stripe from paying the account out by itself; the interval that it then says. Harmless to repeat."""
    client = client_of_this_site()
    wanted = {"payments": {"payouts": {"schedule": {"interval": MANUAL}}}}
    call(client.v1.balance_settings.update, wanted, options(account))
    return _interval(call(client.v1.balance_settings.retrieve, None, options(account)))


def is_gone(account: str) -> bool:
    """Whether the account has left this platform, or was closed. Raises Unavailable."""
    try:
        return look_at_account(account).is_closed
    except Refused:
        return True


def _checked(account: str) -> str:
    return options(account)["stripe_account"]


def _capabilities(found) -> dict[str, str]:
    merchant = getattr(found.configuration, "merchant", None)
    capabilities = getattr(merchant, "capabilities", None)
    if not capabilities:
        return {}
    said = {name: getattr(capabilities, name, None) for name in CAPABILITIES}
    return {name: capability.status for name, capability in said.items() if capability}


def _interval(settings) -> str:
    schedule = getattr(settings.payments.payouts, "schedule", None)
    return getattr(schedule, "interval", None) or ""
