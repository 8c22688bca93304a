"""What happens when somebody pays: the intent's attempt, its charge, and what comes of it at once or days later.

Source: docs.stripe.com/payments/paymentintents/lifecycle, docs.stripe.com/testing.
"""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.clock import DAY, on_time
from payments.fakestripe.objects import new
from payments.fakestripe.resources import capturing, checkout_ends, disputes, fraud_warnings, mandates
from payments.fakestripe.resources import payment_methods as methods
from payments.fakestripe.resources.behaviours import SETTLES, Behaviour
from payments.fakestripe.store import public
from payments.fakestripe.world import World

_WORDS = {
    "card_declined": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "payment_method_provider_decline": "The payment was refused by the payer's bank.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "authentication_failure": "We are unable to authenticate your payment method. Please choose another and try again.",
}
_AUTHORISED_FOR = 7 * DAY


def attempt(
    world: World,
    account: str,
    intent: dict,
    method: dict,
    *,
    is_authenticated: bool = False,
    off_session: bool = False,
) -> None:
    """Tries to pay an intent with a payment method; the intent's status says what came of it.

    `off_session`: the payer is not there, so where the bank asks for them the attempt fails. Raises ApiError for a
    method that the intent does not take, and for a debit whose mandate has ended.
    """
    behaviour = methods.behaviour_of(method)
    refuse_kind(intent, behaviour)
    mandates.refuse_ended(world, account, method)
    world.store.change(intent, payment_method=method["id"])
    if not is_authenticated and _is_asked(intent, method, behaviour, off_session=off_session):
        if off_session:
            fail(world, account, intent, None, "authentication_required")
        else:
            ask_for_authentication(world, account, intent)
        return
    charge = _new_charge(world, account, intent, method)
    world.store.change(intent, next_action=None, latest_charge=charge["id"], last_payment_error=None)
    if behaviour.is_decline:
        fail(world, account, intent, charge, behaviour.outcome)
    elif behaviour.outcome.startswith("later"):
        _wait_for_the_bank(world, account, intent, charge, behaviour)
    else:
        _succeed(world, account, intent, charge)
        _follow(world, account, charge, behaviour.outcome)


def refuse_kind(intent: dict, behaviour: Behaviour) -> None:
    """Raises ApiError where an intent takes no payment method of this kind."""
    if behaviour.kind not in intent["payment_method_types"]:
        raise errors.ApiError(
            400,
            f"{intent['object']}_incompatible_payment_method",
            f"The PaymentMethod provided ({behaviour.kind}) is not allowed for this {intent['object']}.",
            "payment_method",
        )


def _is_asked(intent: dict, method: dict, behaviour: Behaviour, *, off_session: bool) -> bool:
    asks = behaviour.asks_now(off_session=off_session, is_set_up=method["_is_set_up"])
    return asks or (intent["_is_challenged"] and behaviour.kind == "card" and not off_session)


def _follow(world: World, account: str, charge: dict, outcome: str) -> None:
    """What a test method does after its payment has succeeded."""
    if outcome == "dispute":
        disputes.open_dispute(world, account, charge)
    elif outcome == "inquiry":
        disputes.inquire(world, account, charge)
    elif outcome == "fraud_warning":
        fraud_warnings.warn(world, account, charge)


def ask_for_authentication(world: World, account: str, intent: dict) -> None:
    """The payer's bank wants to see the payer, for a payment or for keeping a card."""
    page = {"url": f"{world.url}/c/3ds/{account}/{intent['id']}", "return_url": intent["_return_url"]}
    world.store.change(
        intent, status="requires_action", next_action={"type": "redirect_to_url", "redirect_to_url": page}
    )
    events.emit(world, f"{intent['object']}.requires_action", intent)


def _new_charge(world: World, account: str, intent: dict, method: dict) -> dict:
    charge = new(
        world,
        "charge",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        captured=False,
        currency=intent["currency"],
        disputed=False,
        paid=False,
        refunded=False,
        status="pending",
        payment_intent=intent["id"],
        payment_method=method["id"],
        metadata=dict(intent["metadata"]),
        customer=intent["customer"],
        description=intent["description"],
        billing_details=dict(method["billing_details"]),
        payment_method_details={"type": method["type"], method["type"]: dict(method[method["type"]])},
        receipt_email=intent["receipt_email"],
        application_fee_amount=intent["application_fee_amount"],
        shipping=intent["shipping"],
    )
    if mandate := mandates.of(world, account, method):
        charge["payment_method_details"][method["type"]]["mandate"] = mandate["id"]
    world.store.change(method, _is_used=True)
    return world.store.add(account, charge)


def _wait_for_the_bank(world: World, account: str, intent: dict, charge: dict, behaviour: Behaviour) -> None:
    world.store.change(intent, status="processing")
    events.emit(world, "payment_intent.processing", intent)
    events.emit(world, "charge.pending", charge)
    due = world.now() + SETTLES[behaviour.kind]
    world.at(due, "bank_answers", account, charge=charge["id"], is_paid=behaviour.outcome == "later_ok")


@on_time("bank_answers")
def _bank_answers(world: World, account: str, charge: str, is_paid: bool) -> None:
    found = world.store.get(account, "charge", charge)
    intent = world.store.get(account, "payment_intent", found["payment_intent"])
    method = world.store.get(account, "payment_method", found["payment_method"])
    if is_paid and not mandates.has_ended(world, account, method):
        _succeed(world, account, intent, found)
    else:
        fail(world, account, intent, found, "payment_method_provider_decline")


def fail(world: World, account: str, intent: dict, charge: dict | None, code: str) -> None:
    """The attempt failed: the intent waits for another payment method."""
    error = failure(world, account, intent, code)
    if charge:
        error["charge"] = charge["id"]
        world.store.change(charge, status="failed", failure_code=error["code"], failure_message=error["message"])
        events.emit(world, "charge.failed", charge)
    fields = {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    world.store.change(intent, **fields, last_payment_error=error)
    events.emit(world, "payment_intent.payment_failed", intent)
    checkout_ends.payment_failed(world, account, intent)


def failure(world: World, account: str, intent: dict, code: str) -> dict:
    """The error that stays with an intent whose method was refused."""
    error = {"type": "card_error", "code": _error_code(intent, code), "decline_code": code, "message": _WORDS[code]}
    if intent["payment_method"]:
        error["payment_method"] = public(world.store.get(account, "payment_method", intent["payment_method"]))
    return error


def _error_code(intent: dict, code: str) -> str:
    if code == "authentication_failure":
        return f"{intent['object']}_authentication_failure"
    return code if code in ("payment_method_provider_decline", "authentication_required") else "card_declined"


def _succeed(world: World, account: str, intent: dict, charge: dict) -> None:
    outcome = {"type": "authorized", "network_status": "approved_by_network", "risk_level": "normal"}
    world.store.change(charge, status="succeeded", paid=True, outcome=outcome)
    if intent["capture_method"] == "manual":
        world.store.change(intent, status="requires_capture", amount_capturable=intent["amount"])
        events.emit(world, "charge.succeeded", charge)
        events.emit(world, "payment_intent.amount_capturable_updated", intent)
        world.at(world.now() + _AUTHORISED_FOR, "authorisation_ends", account, intent=intent["id"])
        return
    capturing.capture(world, account, intent, charge, intent["amount"], kind="charge.succeeded")
    checkout_ends.payment_succeeded(world, account, intent)


@on_time("authorisation_ends")
def _authorisation_ends(world: World, account: str, intent: str) -> None:
    found = world.store.get(account, "payment_intent", intent)
    if found["status"] == "requires_capture":
        cancel(world, found, "automatic")


def cancel(world: World, intent: dict, reason: str | None) -> None:
    """Ends an intent unpaid."""
    fields = {"status": "canceled", "canceled_at": world.now(), "cancellation_reason": reason, "amount_capturable": 0}
    world.store.change(intent, **fields, next_action=None)
    events.emit(world, "payment_intent.canceled", intent)
