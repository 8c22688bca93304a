"""Connected accounts of the v1 API, and their onboarding. Source: docs.stripe.com/api/accounts."""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import PLATFORM, World

_LINK_LIVES = 300  # seconds


def enter(world: World, ident: str) -> None:
    """Makes an account known: from now on requests may name it."""
    world.store.accounts[ident] = None
    world.note("account", ident, True)


def ensure(world: World, ident: str) -> dict:
    """The connected account of this id, ready to take payments; made if it was not there. Raises ValueError."""
    if not (ident.startswith("acct_") and ident[5:].isalnum()):
        raise ValueError(f"{ident!r} is no account id: acct_ and letters or digits.")
    return world.store.find(PLATFORM, "account", ident) or _make(world, {}, id=ident, is_ready=True)


def _make(world: World, params: dict, *, is_ready: bool, **fields) -> dict:
    account = new(
        world,
        "account",
        country=params.get("country", "GB"),
        email=params.get("email"),
        charges_enabled=is_ready,
        payouts_enabled=is_ready,
        details_submitted=is_ready,
        metadata=checked(params.get("metadata")),
        default_currency="gbp",
        type=params.get("type", "none"),
        business_type=params.get("business_type"),
        _interval="daily",
        **fields,
    )
    world.store.add(PLATFORM, account)
    enter(world, account["id"])
    events.emit(world, "account.updated", account, account=account["id"])
    return account


@answers("POST", "/v1/accounts", "type country email metadata business_type controller capabilities default_currency")
def create_account(world: World, account: str, params: dict) -> dict:
    return _make(world, params, is_ready=not world.onboarding)


@answers("GET", "/v1/accounts", PAGE)
def list_accounts(world: World, account: str, params: dict) -> dict:
    return page(world, PLATFORM, "account", params, "/v1/accounts")


@answers("GET", "/v1/accounts/{account}")
def retrieve_account(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(PLATFORM, "account", ident)


@answers("GET", "/v1/account")
def retrieve_own_account(world: World, account: str, params: dict) -> dict:
    return world.store.get(PLATFORM, "account", account)


@answers("POST", "/v1/accounts/{account}", "email metadata business_type")
def update_account(world: World, account: str, params: dict, ident: str) -> dict:
    found = world.store.get(PLATFORM, "account", ident)
    fields = {key: params[key] for key in ("email", "business_type") if key in params}
    world.store.change(found, **fields, metadata=merged(found["metadata"], params))
    events.emit(world, "account.updated", found, account=ident)
    return found


@answers("POST", "/v1/account_links", "account type refresh_url return_url collection_options")
def create_account_link(world: World, account: str, params: dict) -> dict:
    world.store.get(PLATFORM, "account", params["account"], "account", status=400)
    return link(world, params["account"], params.get("return_url"), lives=_LINK_LIVES)


def link(world: World, ident: str, return_url: str | None, *, lives: int) -> dict:
    """A way to the onboarding page; `lives` in seconds."""
    holder = holder_of(world, ident)
    world.store.change(holder, _return_url=return_url)
    return new(world, "account_link", expires_at=world.now() + lives, url=f"{world.url}/onboard/{ident}")


def holder_of(world: World, ident: str) -> dict:
    """The object of an account, made by either API. Raises ApiError."""
    found = world.store.find(PLATFORM, "v2.core.account", ident)
    return found or world.store.get(PLATFORM, "account", ident)


def finish_onboarding(world: World, ident: str) -> dict:
    """What the button of the onboarding page does: the account may take payments."""
    found = holder_of(world, ident)
    if found["object"] == "account":
        world.store.change(found, charges_enabled=True, payouts_enabled=True, details_submitted=True)
        events.emit(world, "account.updated", found, account=ident)
    else:
        world.store.change(found, _is_ready=True)
    return found


def refuse_unready(world: World, ident: str) -> None:
    """Raises ApiError for an account that has not finished its onboarding."""
    if ident == PLATFORM:
        return
    found = holder_of(world, ident)
    if not (found["charges_enabled"] if found["object"] == "account" else found["_is_ready"]):
        message = "Your account cannot currently make live charges: its onboarding is not finished."
        raise errors.ApiError(400, "account_invalid", message)
