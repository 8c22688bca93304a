"""What an account of either API can do, and what the fake notes of it: capabilities, readiness, payout schedule.

An account is ready once its onboarding is finished; then everything that was asked for is active.
"""

from __future__ import annotations

from payments.fakestripe import errors
from payments.fakestripe.objects import new
from payments.fakestripe.world import PLATFORM, World

# What a method needs before it is offered on an account's pages.
NEEDS = {
    "card": "card_payments",
    "bacs_debit": "bacs_debit_payments",
    "pay_by_bank": "pay_by_bank_payments",
    "sepa_debit": "sepa_debit_payments",
}
USUAL = ("card_payments", "bacs_debit_payments", "pay_by_bank_payments", "transfers")
_DUE = ["business_profile.url", "external_account", "representative.first_name"]


def holder_of(world: World, ident: str) -> dict:
    """The object of an account, made by either API. Raises ApiError."""
    found = world.store.find(PLATFORM, "v2.core.account", ident)
    return found or world.store.get(PLATFORM, "account", ident)


def notes(world: World, capabilities: list[str], *, is_ready: bool) -> dict:
    """The fake's own fields of a new account."""
    return {"_interval": "daily", "_is_ready": is_ready, "_capabilities": capabilities, "_stopped": []}


def status(holder: dict, capability: str) -> str:
    """active, inactive (not ready, or stopped by Stripe) or unrequested."""
    if capability not in holder["_capabilities"]:
        return "unrequested"
    return "active" if holder["_is_ready"] and capability not in holder["_stopped"] else "inactive"


def can_take(world: World, ident: str, kind: str) -> bool:
    """Whether an account's pages may offer a kind of payment method now."""
    if ident == PLATFORM or kind not in NEEDS:
        return True
    return status(holder_of(world, ident), NEEDS[kind]) == "active"


def refuse_unready(world: World, ident: str) -> None:
    """Raises ApiError for an account that cannot take payments: not onboarded yet, or stopped by Stripe."""
    if ident != PLATFORM and not holder_of(world, ident)["_is_ready"]:
        message = "Your account cannot currently make live charges: its onboarding is not finished."
        raise errors.ApiError(400, "account_invalid", message)


def as_v1(world: World, holder: dict) -> dict:
    """The account as the v1 API shows it, whichever API made it."""
    is_v1 = holder["object"] == "account"
    shown = holder if is_v1 else new(world, "account", **_of_v2(holder))
    is_ready = holder["_is_ready"]
    statuses = {name: status(holder, name) for name in holder["_capabilities"]}
    return shown | {
        "capabilities": statuses,
        "charges_enabled": is_ready and statuses.get("card_payments", "active") == "active",
        "payouts_enabled": is_ready,
        "details_submitted": is_ready,
        "requirements": _requirements(is_ready=is_ready),
    }


def _of_v2(holder: dict) -> dict:
    identity = holder["_identity"] or {}
    return {
        "id": holder["id"],
        "created": holder["_created"],
        "country": (identity.get("country") or "gb").upper(),
        "business_type": identity.get("entity_type"),
        "default_currency": "gbp",
        "email": holder["contact_email"],
        "metadata": holder["metadata"],
        "type": "none",
    }


def _requirements(*, is_ready: bool) -> dict:
    due = [] if is_ready else list(_DUE)
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": due,
        "disabled_reason": None if is_ready else "requirements.past_due",
        "errors": [],
        "eventually_due": due,
        "past_due": due,
        "pending_verification": [],
    }
