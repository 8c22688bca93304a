"""Accounts of the v2 API, which new platforms make. Source: docs.stripe.com/api/v2/core/accounts."""

from __future__ import annotations

from payments.fakestripe import errors, thin_events
from payments.fakestripe.clock import as_v2_text
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new_id
from payments.fakestripe.resources import account_facts, accounts
from payments.fakestripe.routing import answers
from payments.fakestripe.world import PLATFORM, World

_LINK_LIVES = 600  # seconds
_INCLUDED_ON_REQUEST = ("configuration", "defaults", "identity", "requirements", "future_requirements")
_WRITABLE = (
    "display_name contact_email contact_phone dashboard metadata include identity.country identity.entity_type "
    "configuration.merchant.capabilities defaults.currency defaults.responsibilities"
)
_OF_MERCHANTS = frozenset(account_facts.NEEDS.values())
_STATUS = {"active": "active", "inactive": "restricted"}


@answers("POST", "/v2/core/accounts", _WRITABLE)
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
        "metadata": checked(params.get("metadata")),
        "closed": None,
        "_created": world.now(),
        "_identity": params.get("identity"),
        "_duties": _duties(duties),
        **account_facts.notes(world, [], is_ready=not world.onboarding),
    }
    world.store.add(PLATFORM, kept)
    accounts.enter(world, kept["id"])
    accounts.ask_for(world, kept, _wishes(params))
    thin_events.emit(world, "v2.core.account.created", kept["id"])
    return _shown(kept, params)


def _wishes(params: dict) -> dict:
    """Which capabilities a request asks for, or no longer."""
    merchant = (params.get("configuration") or {}).get("merchant") or {}
    return merchant.get("capabilities") or {}


@answers("GET", "/v2/core/accounts/{id}", "include")
def retrieve_account(world: World, account: str, params: dict, ident: str) -> dict:
    found = world.store.find(PLATFORM, "v2.core.account", ident)
    return _shown(found or _of_version_one(world, ident), params)


def _of_version_one(world: World, ident: str) -> dict:
    """An account that was made by the v1 API, as the v2 API shows it."""
    made = world.store.get(PLATFORM, "account", ident)
    notes = {name: value for name, value in made.items() if name[0] == "_"}
    return notes | {
        "id": ident,
        "object": "v2.core.account",
        "created": as_v2_text(made["created"]),
        "livemode": False,
        "applied_configurations": ["merchant"],
        "closed": None,
        "dashboard": "full",
        "display_name": None,
        "contact_email": made["email"],
        "contact_phone": None,
        "metadata": made["metadata"],
        "_identity": {"country": made["country"].lower(), "entity_type": made["business_type"]},
        "_capabilities": [name for name in made["_capabilities"] if name in _OF_MERCHANTS],
        "_duties": None,
    }


@answers("GET", "/v2/core/accounts", "limit closed")
def list_accounts(world: World, account: str, params: dict) -> dict:
    """The newest first, all on one page."""
    limit, closed = params.get("limit", 20), params.get("closed", False)
    found = [one for one in world.store.newest(PLATFORM, "v2.core.account") if bool(one["closed"]) == closed]
    if len(found) > limit:
        raise errors.not_modelled("more than one page of v2 accounts", "limit")
    return {"data": [_shown(one, {}) for one in found], "next_page_url": None, "previous_page_url": None}


@answers("POST", "/v2/core/accounts/{id}", _WRITABLE)
def update_account(world: World, account: str, params: dict, ident: str) -> dict:
    kept = world.store.get(PLATFORM, "v2.core.account", ident)
    for fixed in ("identity", "defaults"):
        if fixed in params:
            raise errors.not_modelled(f"a change of an account's {fixed}", fixed)
    fields = ("display_name", "contact_email", "contact_phone", "dashboard")
    given = {name: params[name] for name in fields if name in params}
    world.store.change(kept, **given, metadata=merged(kept["metadata"], params))
    accounts.ask_for(world, kept, _wishes(params))
    thin_events.emit(world, "v2.core.account.updated", ident)
    accounts.tell(world, kept, *(["configuration.merchant"] if _wishes(params) else []))
    return _shown(kept, params)


@answers("POST", "/v2/core/accounts/{id}/close", "applied_configurations")
def close_account(world: World, account: str, params: dict, ident: str) -> dict:
    """For good: nothing can be paid to it any more."""
    kept = world.store.get(PLATFORM, "v2.core.account", ident)
    world.store.change(kept, closed=True, _is_ready=False)
    thin_events.emit(world, "v2.core.account.closed", ident)
    return _shown(kept, {})


def _duties(asked: dict) -> dict | None:
    """Who collects the requirements follows from who bears the losses."""
    if not asked:
        return None
    fees, losses = asked.get("fees_collector"), asked.get("losses_collector")
    return {"fees_collector": fees, "losses_collector": losses, "requirements_collector": losses or "stripe"}


def _shown(kept: dict, params: dict) -> dict:
    """v2 answers leave out what was not asked for by `include`."""
    asked = {name.split(".")[0] for name in params.get("include") or ()}
    full = dict.fromkeys(_INCLUDED_ON_REQUEST)
    if "configuration" in asked and "merchant" in kept["applied_configurations"]:
        full["configuration"] = {"merchant": {"applied": True, "capabilities": _capabilities(kept)}}
    if "defaults" in asked and kept["_duties"]:
        full["defaults"] = {"currency": "gbp", "responsibilities": kept["_duties"]}
    if "identity" in asked:
        full["identity"] = {"country": None, "entity_type": None} | (kept["_identity"] or {})
    if "requirements" in asked:
        entries = [] if kept["_is_ready"] else [_entry(kept)]
        full["requirements"] = {"alternatives": [], "entries": entries, "summary": _summary(kept)}
    return full | kept


def _capabilities(kept: dict) -> dict:
    statuses = {name: _STATUS[account_facts.status(kept, name)] for name in kept["_capabilities"]}
    why = [{"code": "requirements_past_due", "resolution": "provide_info"}]
    return {
        name: {"status": status, "status_details": [] if status == "active" else list(why)}
        for name, status in statuses.items()
    }


def _entry(kept: dict) -> dict:
    """One thing that Stripe still asks the society for."""
    past_due = {"status": "past_due"}
    restricts = [
        {"capability": name, "configuration": "merchant", "deadline": past_due} for name in kept["_capabilities"]
    ]
    return {
        "awaiting_action_from": "user",
        "description": "representative.given_name",
        "errors": [],
        "impact": {"restricts_capabilities": restricts},
        "minimum_deadline": past_due,
        "reference": None,
        "requested_reasons": [{"code": "routine_onboarding"}],
    }


def _summary(kept: dict) -> dict:
    return {"minimum_deadline": None if kept["_is_ready"] else {"status": "past_due", "time": None}}


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
