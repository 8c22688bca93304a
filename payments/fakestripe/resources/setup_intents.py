"""SetupIntents: a payment method is kept for a charge later, nothing is paid.

Source: docs.stripe.com/api/setup_intents. For offers where people commit now and pay when the offer succeeds.
"""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.metadata import checked
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import account_facts, charging, checkout_ends, customers, mandates
from payments.fakestripe.resources import payment_methods as methods
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.store import public
from payments.fakestripe.world import World

_KINDS = ["card", "bacs_debit"]  # Pay by Bank pays once and cannot be kept
_CREATE = (
    "customer description metadata payment_method confirm usage return_url allowed_payment_method_types "
    "excluded_payment_method_types payment_method_types mandate_data"
)


def make(world: World, account: str, params: dict, types: list[str], **notes) -> dict:
    """Keeps a new intent. `notes` are the fake's own. Raises ApiError for a customer that is not there."""
    if params.get("customer"):
        world.store.get(account, "customer", params["customer"], "customer", status=400)
    intent = new(
        world,
        "setup_intent",
        customer=params.get("customer"),
        description=params.get("description"),
        metadata=checked(params.get("metadata")),
        payment_method_types=list(types),
        status="requires_payment_method",
        usage=params.get("usage", "off_session"),
        **({"_session": None, "_return_url": params.get("return_url")} | notes),
    )
    intent["client_secret"] = f"{intent['id']}_secret_{world.letters(24)}"
    world.store.add(account, intent)
    events.emit(world, "setup_intent.created", intent)
    return intent


def attempt(world: World, account: str, intent: dict, method: dict, *, is_authenticated: bool = False) -> None:
    """Tries to keep a method; the intent's status says what came of it."""
    behaviour = methods.behaviour_of(method)
    charging.refuse_kind(intent, behaviour)
    world.store.change(intent, payment_method=method["id"], last_setup_error=None)
    if behaviour.is_decline and not behaviour.is_kept:
        fail(world, account, intent, behaviour.outcome)
    elif behaviour.asks in ("always", "unless_set_up") and not is_authenticated:
        charging.ask_for_authentication(world, account, intent)
    else:
        _succeed(world, account, intent, method)


def fail(world: World, account: str, intent: dict, code: str) -> None:
    """The method is not kept: the intent waits for another one."""
    error = charging.failure(world, account, intent, code)
    world.store.change(
        intent, status="requires_payment_method", payment_method=None, next_action=None, last_setup_error=error
    )
    events.emit(world, "setup_intent.setup_failed", intent)


def _succeed(world: World, account: str, intent: dict, method: dict) -> None:
    session = checkout_ends.session_of(world, account, intent)
    if session and not intent["customer"] and session["customer_creation"] == "always":
        customer = customers.make(world, account, {"email": session["customer_email"]})
        world.store.change(intent, customer=customer["id"])
    if intent["customer"]:
        methods.attach(world, method, intent["customer"])
    mandate = mandates.of(world, account, method)
    world.store.change(method, _is_set_up=True)
    fields = {"status": "succeeded", "next_action": None, "mandate": mandate["id"] if mandate else None}
    world.store.change(intent, **fields)
    events.emit(world, "setup_intent.succeeded", intent)
    if session:
        checkout_ends.complete(world, session, intent)


@answers("POST", "/v1/setup_intents", _CREATE)
def create_intent(world: World, account: str, params: dict) -> dict:
    account_facts.refuse_unready(world, account)
    method = methods.resolve(world, account, params["payment_method"]) if params.get("payment_method") else None
    if params.get("confirm") and method is None:
        raise errors.missing("payment_method")
    if params.get("mandate_data") and not params.get("confirm"):
        raise errors.invalid("mandate_data", "`mandate_data` can only be used when `confirm` is true.", None)
    types = params.get("allowed_payment_method_types") or params.get("payment_method_types") or _KINDS
    types = [kind for kind in types if kind not in params.get("excluded_payment_method_types", ())]
    intent = make(world, account, params, types)
    if method:
        world.store.change(intent, status="requires_confirmation", payment_method=method["id"])
    if params.get("confirm"):
        return _confirm(world, account, intent, method)
    return intent


def _confirm(world: World, account: str, intent: dict, method: dict) -> dict:
    methods.refuse_strangers(method, intent["customer"])
    attempt(world, account, intent, method)
    if intent["status"] == "requires_payment_method":
        error = intent["last_setup_error"]
        raise errors.card_error(
            error["code"], error["message"], decline_code=error["decline_code"], setup_intent=public(intent)
        )
    return intent


@answers("GET", "/v1/setup_intents", f"{PAGE} customer")
def list_intents(world: World, account: str, params: dict) -> dict:
    return page(world, account, "setup_intent", params, "/v1/setup_intents", filters="customer")


@answers("GET", "/v1/setup_intents/{intent}")
def retrieve_intent(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "setup_intent", ident)


@answers("POST", "/v1/setup_intents/{intent}/confirm", "payment_method return_url mandate_data")
def confirm_intent(world: World, account: str, params: dict, ident: str) -> dict:
    intent = world.store.get(account, "setup_intent", ident)
    if intent["status"] not in ("requires_payment_method", "requires_confirmation", "requires_action"):
        raise errors.ApiError(400, "setup_intent_unexpected_state", "You cannot confirm this SetupIntent.")
    name = params.get("payment_method") or intent["payment_method"]
    if not name:
        raise errors.missing("payment_method")
    if params.get("return_url"):
        world.store.change(intent, _return_url=params["return_url"])
    return _confirm(world, account, intent, methods.resolve(world, account, name))


@answers("POST", "/v1/setup_intents/{intent}/cancel", "cancellation_reason")
def cancel_intent(world: World, account: str, params: dict, ident: str) -> dict:
    intent = world.store.get(account, "setup_intent", ident)
    if intent["status"] in ("succeeded", "canceled"):
        raise errors.ApiError(400, "setup_intent_unexpected_state", "You cannot cancel this SetupIntent.")
    world.store.change(intent, status="canceled", cancellation_reason=params.get("cancellation_reason"))
    events.emit(world, "setup_intent.canceled", intent)
    return intent
