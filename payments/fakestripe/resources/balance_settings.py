"""When an account is paid out: by itself, or by hand only. Source: docs.stripe.com/api/balance-settings."""

from __future__ import annotations

from payments.fakestripe import events
from payments.fakestripe.objects import new
from payments.fakestripe.resources import account_facts
from payments.fakestripe.routing import answers
from payments.fakestripe.world import PLATFORM, World


@answers("GET", "/v1/balance_settings")
def retrieve_settings(world: World, account: str, params: dict) -> dict:
    interval = "daily" if account == PLATFORM else account_facts.holder_of(world, account)["_interval"]
    payouts = {
        "minimum_balance_by_currency": None,
        "statement_descriptor": None,
        "status": "enabled",
        "schedule": {"interval": interval},
    }
    payments = {
        "debit_negative_balances": True,
        "payouts": payouts,
        "settlement_timing": {"delay_days": 3},
    }
    return new(world, "balance_settings", payments=payments)


@answers("POST", "/v1/balance_settings", "payments.payouts.schedule.interval")
def update_settings(world: World, account: str, params: dict) -> dict:
    """Takes the interval of payouts; the fake itself pays nothing out of its own accord."""
    schedule = ((params.get("payments") or {}).get("payouts") or {}).get("schedule") or {}
    return set_interval(world, account, schedule["interval"]) if schedule else retrieve_settings(world, account, {})


def set_interval(world: World, account: str, interval: str) -> dict:
    """What an officer of the society can do in Stripe's dashboard too: manual, daily, weekly or monthly payouts."""
    if account != PLATFORM:
        world.store.change(account_facts.holder_of(world, account), _interval=interval)
    settings = retrieve_settings(world, account, {})
    events.emit(world, "balance_settings.updated", settings, account=account)
    return settings
