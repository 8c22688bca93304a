"""Connected accounts of the v1 API; for both APIs the onboarding and how an account leaves.

Source: docs.stripe.com/api/accounts.
"""

from __future__ import annotations

from payments.fakestripe import events, thin_events
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import list_of, new
from payments.fakestripe.paging import page
from payments.fakestripe.resources.account_facts import USUAL, as_v1, holder_of, notes
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.store import public
from payments.fakestripe.world import PLATFORM, World

_LINK_LIVES = 300  # seconds
_APPLICATION = {"id": "ca_fake", "object": "application", "name": "The platform"}


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
    asked = [name for name, wish in (params.get("capabilities") or {}).items() if wish.get("requested")]
    controller = params.get("controller")
    account = new(
        world,
        "account",
        country=params.get("country", "GB"),
        email=params.get("email"),
        metadata=checked(params.get("metadata")),
        default_currency=params.get("default_currency", "gbp"),
        type="none" if controller else params.get("type", "none"),
        business_type=params.get("business_type"),
        controller=_controller(controller) if controller else None,
        **notes(world, asked or list(USUAL), is_ready=is_ready),
        **fields,
    )
    account |= {name: value for name, value in as_v1(world, account).items() if name not in account or name[0] != "_"}
    world.store.add(PLATFORM, account)
    enter(world, account["id"])
    events.emit(world, "account.updated", account, account=account["id"])
    return account


def _controller(asked: dict) -> dict:
    defaults = {"fees": {"payer": "account"}, "losses": {"payments": "stripe"}, "stripe_dashboard": {"type": "full"}}
    return {"type": "application", "is_controller": True, "requirement_collection": "stripe"} | defaults | asked


@answers("POST", "/v1/accounts", "type country email metadata business_type controller capabilities default_currency")
def create_account(world: World, account: str, params: dict) -> dict:
    return _make(world, params, is_ready=not world.onboarding)


@answers("GET", "/v1/accounts", PAGE)
def list_accounts(world: World, account: str, params: dict) -> dict:
    return page(world, PLATFORM, "account", params, "/v1/accounts")


@answers("GET", "/v1/accounts/{account}")
def retrieve_account(world: World, account: str, params: dict, ident: str) -> dict:
    return as_v1(world, holder_of(world, ident))


@answers("GET", "/v1/account")
def retrieve_own_account(world: World, account: str, params: dict) -> dict:
    return as_v1(world, holder_of(world, account))


@answers("POST", "/v1/accounts/{account}", "email metadata business_type capabilities")
def update_account(world: World, account: str, params: dict, ident: str) -> dict:
    found = world.store.get(PLATFORM, "account", ident)
    fields = {key: params[key] for key in ("email", "business_type") if key in params}
    ask_for(world, found, params.get("capabilities") or {})
    world.store.change(found, **fields, metadata=merged(found["metadata"], params))
    return tell(world, found)


def ask_for(world: World, holder: dict, wishes: dict) -> None:
    """Adds and takes away capabilities as `{"card_payments": {"requested": True}}` asks."""
    wanted = [name for name, wish in wishes.items() if wish.get("requested")]
    kept = [name for name in holder["_capabilities"] if name not in wishes]
    world.store.change(holder, _capabilities=[*kept, *wanted])


def tell(world: World, holder: dict, *what: str) -> dict:
    """Writes down and says how an account stands now; `what`: the parts of a v2 account that have changed."""
    ident, shown = holder["id"], public(as_v1(world, holder))
    if holder["object"] == "account":
        world.store.change(holder, **shown)
    events.emit(world, "account.updated", shown, account=ident)
    for part in what:
        thin_events.emit(world, f"v2.core.account[{part}].updated", ident)
    return holder


@answers("DELETE", "/v1/accounts/{account}")
def delete_account(world: World, account: str, params: dict, ident: str) -> dict:
    leave(world, ident)
    return {"id": ident, "object": "account", "deleted": True}


def leave(world: World, ident: str) -> dict:
    """The society ends the connection: the platform is told, and its key opens this account no more."""
    holder = holder_of(world, ident)
    events.emit(world, "account.application.deauthorized", dict(_APPLICATION), account=ident)
    world.store.accounts.pop(ident, None)
    world.note("account", ident, None)
    return holder


@answers("GET", "/v1/accounts/{account}/capabilities")
def list_capabilities(world: World, account: str, params: dict, ident: str) -> dict:
    holder = holder_of(world, ident)
    data = [_capability(world, holder, name) for name in holder["_capabilities"]]
    return list_of(data, f"/v1/accounts/{ident}/capabilities")


def _capability(world: World, holder: dict, name: str) -> dict:
    shown = as_v1(world, holder)
    fields = {"account": holder["id"], "requested": True, "status": shown["capabilities"][name]}
    return new(
        world,
        "capability",
        id=name,
        requested_at=holder.get("_created") or holder["created"],
        requirements=shown["requirements"],
        **fields,
    )


@answers("POST", "/v1/account_links", "account type refresh_url return_url collection_options")
def create_account_link(world: World, account: str, params: dict) -> dict:
    world.store.get(PLATFORM, "account", params["account"], "account", status=400)
    return link(world, params["account"], params.get("return_url"), lives=_LINK_LIVES)


def link(world: World, ident: str, return_url: str | None, *, lives: int) -> dict:
    """A way to the onboarding page; `lives` in seconds."""
    holder = holder_of(world, ident)
    world.store.change(holder, _return_url=return_url)
    return new(world, "account_link", expires_at=world.now() + lives, url=f"{world.url}/onboard/{ident}")


def set_ready(world: World, ident: str, *, is_ready: bool, without: list[str] | None = None) -> dict:
    """Lets an account take payments, or none any more; `without`: capabilities that Stripe stops all the same."""
    holder = holder_of(world, ident)
    world.store.change(holder, _is_ready=is_ready, _stopped=list(without or ()))
    return tell(world, holder, "configuration.merchant", "requirements")
