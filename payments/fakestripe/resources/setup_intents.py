"""SetupIntents: a payment method is kept for a charge later, nothing is paid.

Source: docs.stripe.com/api/setup_intents. For offers where people commit now and pay when the offer succeeds.
"""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.metadata import checked
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import payment_methods as methods
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.store import public
from payments.fakestripe.world import World


def make(world: World, account: str, params: dict, types: list[str]) -> dict:
    intent = new(
        world,
        "setup_intent",
        customer=params.get("customer"),
        description=params.get("description"),
        metadata=checked(params.get("metadata")),
        payment_method_types=list(types),
        status="requires_payment_method",
        usage=params.get("usage", "off_session"),
    )
    intent["client_secret"] = f"{intent['id']}_secret_{world.letters(24)}"
    world.store.add(account, intent)
    events.emit(world, "setup_intent.created", intent)
    return intent


def confirm(world: World, account: str, intent: dict, method: dict) -> dict:
    """Keeps the method. A declining one leaves the intent waiting; 3-D Secure is taken as given."""
    behaviour = methods.behaviour_of(method)
    if behaviour.kind not in intent["payment_method_types"]:
        raise errors.invalid("payment_method", f"The PaymentMethod provided ({behaviour.kind}) is not allowed here.")
    if behaviour.is_decline:
        error = {
            "type": "card_error",
            "code": "card_declined",
            "decline_code": behaviour.outcome,
            "message": "Your card was declined.",
        }
        world.store.change(intent, status="requires_payment_method", last_setup_error=error)
        events.emit(world, "setup_intent.setup_failed", intent)
        return intent
    world.store.change(intent, status="succeeded", payment_method=method["id"], last_setup_error=None)
    if intent["customer"]:
        world.store.change(method, customer=intent["customer"])
    events.emit(world, "setup_intent.succeeded", intent)
    return intent


def finish_session(world: World, account: str, session: dict, method: dict) -> dict:
    """What the hosted page of a session in mode=setup does."""
    data = {"customer": session["customer"], **session["_setup_data"]}
    found = world.store.find(account, "setup_intent", session["setup_intent"])
    intent = found or make(world, account, data, session["payment_method_types"])
    world.store.change(session, setup_intent=intent["id"])
    confirm(world, account, intent, method)
    if intent["status"] == "succeeded":
        world.store.change(session, status="complete", url=None)
        events.emit(world, "checkout.session.completed", session)
    return intent


@answers("POST", "/v1/setup_intents", "customer description metadata payment_method confirm usage return_url")
def create_intent(world: World, account: str, params: dict) -> dict:
    method = methods.resolve(world, account, params["payment_method"]) if params.get("payment_method") else None
    intent = make(world, account, params, ["card", "bacs_debit"])
    if method:
        world.store.change(intent, status="requires_confirmation", payment_method=method["id"])
    if params.get("confirm"):
        if method is None:
            raise errors.missing("payment_method")
        return _confirm(world, account, intent, method)
    return intent


def _confirm(world: World, account: str, intent: dict, method: dict) -> dict:
    confirm(world, account, intent, method)
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


@answers("POST", "/v1/setup_intents/{intent}/confirm", "payment_method return_url")
def confirm_intent(world: World, account: str, params: dict, ident: str) -> dict:
    intent = world.store.get(account, "setup_intent", ident)
    if intent["status"] not in ("requires_payment_method", "requires_confirmation"):
        raise errors.ApiError(400, "setup_intent_unexpected_state", "You cannot confirm this SetupIntent.")
    name = params.get("payment_method") or intent["payment_method"]
    if not name:
        raise errors.missing("payment_method")
    return _confirm(world, account, intent, methods.resolve(world, account, name))


@answers("POST", "/v1/setup_intents/{intent}/cancel", "cancellation_reason")
def cancel_intent(world: World, account: str, params: dict, ident: str) -> dict:
    intent = world.store.get(account, "setup_intent", ident)
    if intent["status"] in ("succeeded", "canceled"):
        raise errors.ApiError(400, "setup_intent_unexpected_state", "You cannot cancel this SetupIntent.")
    world.store.change(intent, status="canceled", cancellation_reason=params.get("cancellation_reason"))
    events.emit(world, "setup_intent.canceled", intent)
    return intent
