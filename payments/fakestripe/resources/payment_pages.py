"""Paying a session on its hosted page: what the page itself, Stripe's command line tool and `FakeStripe.pay` call.

The route /v1/payment_pages is not in the package; Stripe's official tool uses it in its fixtures.
"""

from __future__ import annotations

from payments.fakestripe import errors
from payments.fakestripe.resources import charging, checkout_ends, customers, payment_intents, setup_intents
from payments.fakestripe.resources import payment_methods as methods
from payments.fakestripe.world import World


def confirm(world: World, account: str, session: dict, name: str) -> dict | None:
    """Tries to pay an open session with a payment method; the intent. Raises ApiError.

    The intent's status says what came of it: succeeded, processing, requires_action, requires_payment_method.
    """
    if session["status"] != "open":
        raise errors.ApiError(400, "checkout_session_not_open", "This Checkout Session is no longer open.")
    method = methods.resolve(world, account, name)
    behaviour = methods.behaviour_of(method)
    if behaviour.kind == "card" and behaviour.funding in session["_blocked"]:
        message = f"{behaviour.funding.capitalize()} cards are not accepted here. Please pay with another card."
        raise errors.card_error("card_declined", message, decline_code="card_not_supported")
    intent = intent_of(world, account, session) or _new_intent(world, account, session)
    if session["mode"] == "setup":
        setup_intents.attempt(world, account, intent, method)
    else:
        charging.attempt(world, account, intent, method)
        checkout_ends.complete(world, session, intent)
    return intent


def intent_of(world: World, account: str, session: dict) -> dict | None:
    """The intent that the session's page has made so far."""
    ident = session["_intent"]
    return world.store.get(account, f"{_kind(session)}_intent", ident) if ident else None


def _kind(session: dict) -> str:
    return "setup" if session["mode"] == "setup" else "payment"


def _new_intent(world: World, account: str, session: dict) -> dict:
    notes = {"_session": session["id"], "_return_url": session["success_url"]}
    types = session["payment_method_types"]
    if session["mode"] == "setup":
        params = {"customer": session["customer"], **session["_intent_data"]}
        intent = setup_intents.make(world, account, params, types, **notes)
    else:
        customer = session["customer"]
        if not customer and session["customer_creation"] == "always":
            customer = customers.make(world, account, {"email": session["customer_email"]})["id"]
        params = {"customer": customer, **session["_intent_data"]}
        asked = {"amount": session["amount_total"], "currency": session["currency"], "types": types}
        notes["_is_challenged"] = session["_is_challenged"]
        intent = payment_intents.make(world, account, **asked, params=params, **notes)
    world.store.change(session, _intent=intent["id"])
    return intent


def authenticate(world: World, account: str, intent: dict, *, is_approved: bool) -> None:
    """The payer's answer on the 3-D Secure page. Raises ApiError where none is asked for."""
    if intent["status"] != "requires_action":
        code = f"{intent['object']}_unexpected_state"
        raise errors.ApiError(400, code, "This payment asks for no authentication.")
    session = checkout_ends.session_of(world, account, intent)
    if session and session["status"] != "open":
        raise errors.ApiError(400, "checkout_session_not_open", "This Checkout Session is no longer open.")
    method = world.store.get(account, "payment_method", intent["payment_method"])
    if intent["object"] == "setup_intent":
        if is_approved:
            setup_intents.attempt(world, account, intent, method, is_authenticated=True)
        else:
            setup_intents.fail(world, account, intent, "authentication_failure")
        return
    if not is_approved:
        charging.fail(world, account, intent, None, "authentication_failure")
        return
    charging.attempt(world, account, intent, method, is_authenticated=True)
    if session:
        checkout_ends.complete(world, session, intent)


def answer(world: World, account: str, ident: str, params: dict | None) -> dict:
    """GET /v1/payment_pages/{id}, and with parameters POST …/confirm."""
    session = world.store.get(account, "checkout.session", ident)
    if params is None:
        return session
    if int(params.get("expected_amount", session["amount_total"] or 0)) != (session["amount_total"] or 0):
        raise errors.invalid("expected_amount", "expected_amount does not match.", "checkout_amount_mismatch")
    if not params.get("payment_method"):
        raise errors.missing("payment_method")
    confirm(world, account, session, params["payment_method"])
    return session
