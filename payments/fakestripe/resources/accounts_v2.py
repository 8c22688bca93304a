"""Accounts of the v2 API, which new platforms make. Source: docs.stripe.com/api/v2/core/accounts."""

from __future__ import annotations

from payments.fakestripe import errors
from payments.fakestripe.clock import as_v2_text
from payments.fakestripe.objects import new_id
from payments.fakestripe.resources import accounts
from payments.fakestripe.routing import answers
from payments.fakestripe.world import PLATFORM, World

_LINK_LIVES = 600  # seconds
_EVERY = ("card_payments", "bacs_debit_payments", "pay_by_bank_payments")
_INCLUDED_ON_REQUEST = ("configuration", "defaults", "identity", "requirements", "future_requirements")


@answers(
    "POST",
    "/v2/core/accounts",
    "display_name contact_email contact_phone dashboard identity configuration defaults metadata include",
)
def create_account(world: World, account: str, params: dict) -> dict:
    duties = (params.get("defaults") or {}).get("responsibilities") or {}
    if params.get("dashboard") == "express" and duties.get("losses_collector") == "stripe":
        raise errors.ApiError(
            400, "invalid_configuration", "The Express Dashboard needs losses_collector: application."
        )
    kept = {
        "id": new_id(world, "v2.core.account"),
        "object": "v2.core.account",
        "created": as_v2_text(world.now()),
        "livemode": False,
        "applied_configurations": list(params.get("configuration") or {}),
        "dashboard": params.get("dashboard"),
        "display_name": params.get("display_name"),
        "contact_email": params.get("contact_email"),
        "contact_phone": params.get("contact_phone"),
        "metadata": params.get("metadata") or {},
        "_interval": "daily",
        "_is_ready": not world.onboarding,
        "_is_merchant": "merchant" in (params.get("configuration") or {}),
        "_capabilities": _requested(params),
        "_duties": _duties(duties),
    }
    world.store.add(PLATFORM, kept)
    accounts.enter(world, kept["id"])
    return _shown(kept, params)


@answers("GET", "/v2/core/accounts/{id}", "include")
def retrieve_account(world: World, account: str, params: dict, ident: str) -> dict:
    found = world.store.find(PLATFORM, "v2.core.account", ident)
    return _shown(found or _of_version_one(world, ident), params)


def _of_version_one(world: World, ident: str) -> dict:
    """An account that was made by the v1 API, as the v2 API shows it."""
    made = world.store.get(PLATFORM, "account", ident)
    return {
        "id": ident,
        "object": "v2.core.account",
        "created": as_v2_text(made["created"]),
        "livemode": False,
        "applied_configurations": ["merchant"],
        "dashboard": "full",
        "display_name": None,
        "contact_email": made["email"],
        "contact_phone": None,
        "metadata": made["metadata"],
        "_is_ready": made["charges_enabled"],
        "_is_merchant": True,
        "_capabilities": list(_EVERY),
        "_duties": None,
    }


def _requested(params: dict) -> list[str]:
    """The capabilities of a merchant that were asked for."""
    merchant = (params.get("configuration") or {}).get("merchant") or {}
    return [name for name, wish in (merchant.get("capabilities") or {}).items() if (wish or {}).get("requested")]


def _duties(asked: dict) -> dict | None:
    """Who collects the requirements follows from who bears the losses."""
    if not asked:
        return None
    fees, losses = asked.get("fees_collector"), asked.get("losses_collector")
    return {"fees_collector": fees, "losses_collector": losses, "requirements_collector": losses or "stripe"}


def _shown(kept: dict, params: dict) -> dict:
    """v2 answers leave out what was not asked for by `include`."""
    asked = {name.split(".")[0] for name in params.get("include") or ()}
    full = dict.fromkeys(_INCLUDED_ON_REQUEST) | {"closed": None}
    if "configuration" in asked and kept["_is_merchant"]:
        status = "active" if kept["_is_ready"] else "restricted"
        capabilities = {name: {"status": status, "status_details": []} for name in kept["_capabilities"]}
        full["configuration"] = {"merchant": {"applied": True, "capabilities": capabilities}}
    if "defaults" in asked and kept["_duties"]:
        full["defaults"] = {"responsibilities": kept["_duties"]}
    return full | kept


@answers("POST", "/v2/core/account_links", "account use_case")
def create_account_link(world: World, account: str, params: dict) -> dict:
    use_case = params["use_case"]
    wishes = use_case.get(use_case["type"]) or {}
    link = accounts.link(world, params["account"], wishes.get("return_url"), lives=_LINK_LIVES)
    return {
        "object": "v2.core.account_link",
        "account": params["account"],
        "created": as_v2_text(world.now()),
        "expires_at": as_v2_text(link["expires_at"]),
        "livemode": False,
        "use_case": use_case,
        "url": link["url"],
    }
