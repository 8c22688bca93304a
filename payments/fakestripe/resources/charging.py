"""What happens when somebody pays: the intent's attempt, its charge, and what comes of it at once or days later.

Source: docs.stripe.com/payments/paymentintents/lifecycle. With `automatic_async` capture the charge has no balance
transaction in `charge.succeeded`; it comes with `charge.updated`.
"""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.clock import DAY, on_time
from payments.fakestripe.objects import new
from payments.fakestripe.resources import balance, checkout_ends, disputes
from payments.fakestripe.resources import payment_methods as methods
from payments.fakestripe.world import World

_WORDS = {
    "card_declined": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "payment_method_provider_decline": "The payment was refused by the payer's bank.",
    "authentication_failure": "We are unable to authenticate your payment method. Please choose another and try again.",
}
_AUTHORISED_FOR = 7 * DAY


def attempt(world: World, account: str, intent: dict, method: dict, *, is_authenticated: bool = False) -> None:
    """Tries to pay an intent with a payment method; the intent's status says what came of it."""
    behaviour = methods.behaviour_of(method)
    if behaviour.kind not in intent["payment_method_types"]:
        raise errors.ApiError(
            400,
            "payment_intent_incompatible_payment_method",
            f"The PaymentMethod provided ({behaviour.kind}) is not allowed for this PaymentIntent.",
            "payment_method",
        )
    world.store.change(intent, payment_method=method["id"])
    if behaviour.outcome == "3ds" and not is_authenticated:
        _ask_for_authentication(world, account, intent)
        return
    charge = _new_charge(world, account, intent, method)
    world.store.change(intent, next_action=None, latest_charge=charge["id"], last_payment_error=None)
    if behaviour.is_decline:
        fail(world, account, intent, charge, behaviour.outcome)
    elif behaviour.outcome.startswith("later"):
        _wait_for_the_bank(world, account, intent, charge, behaviour)
    else:
        _succeed(world, account, intent, charge)
        if behaviour.outcome == "dispute":
            disputes.open_dispute(world, account, charge)


def _ask_for_authentication(world: World, account: str, intent: dict) -> None:
    page = {"url": f"{world.url}/c/3ds/{account}/{intent['id']}", "return_url": intent["_return_url"]}
    world.store.change(
        intent, status="requires_action", next_action={"type": "redirect_to_url", "redirect_to_url": page}
    )
    events.emit(world, "payment_intent.requires_action", intent)


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
    )
    return world.store.add(account, charge)


def _wait_for_the_bank(world: World, account: str, intent: dict, charge: dict, behaviour: methods.Behaviour) -> None:
    world.store.change(intent, status="processing")
    events.emit(world, "payment_intent.processing", intent)
    events.emit(world, "charge.pending", charge)
    due = world.now() + methods.SETTLES[behaviour.kind]
    world.at(due, "bank_answers", account, charge=charge["id"], is_paid=behaviour.outcome == "later_ok")


@on_time("bank_answers")
def _bank_answers(world: World, account: str, charge: str, is_paid: bool) -> None:
    found = world.store.get(account, "charge", charge)
    intent = world.store.get(account, "payment_intent", found["payment_intent"])
    if is_paid:
        _succeed(world, account, intent, found)
    else:
        fail(world, account, intent, found, "payment_method_provider_decline")


def fail(world: World, account: str, intent: dict, charge: dict | None, code: str) -> None:
    """The attempt failed: the intent waits for another payment method."""
    message = _WORDS[code]
    error = {"type": "card_error", "code": _error_code(code), "decline_code": code, "message": message}
    if charge:
        error["charge"] = charge["id"]
        world.store.change(charge, status="failed", failure_code=code, failure_message=message)
        events.emit(world, "charge.failed", charge)
    fields = {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    world.store.change(intent, **fields, last_payment_error=error)
    events.emit(world, "payment_intent.payment_failed", intent)
    checkout_ends.payment_failed(world, account, intent)


def _error_code(code: str) -> str:
    if code == "authentication_failure":
        return "payment_intent_authentication_failure"
    return code if code == "payment_method_provider_decline" else "card_declined"


def _succeed(world: World, account: str, intent: dict, charge: dict) -> None:
    outcome = {"type": "authorized", "network_status": "approved_by_network", "risk_level": "normal"}
    world.store.change(charge, status="succeeded", paid=True, outcome=outcome)
    if intent["capture_method"] == "manual":
        world.store.change(intent, status="requires_capture", amount_capturable=intent["amount"])
        events.emit(world, "charge.succeeded", charge)
        events.emit(world, "payment_intent.amount_capturable_updated", intent)
        world.at(world.now() + _AUTHORISED_FOR, "authorisation_ends", account, intent=intent["id"])
        return
    capture(world, account, intent, charge, intent["amount"], kind="charge.succeeded")
    checkout_ends.payment_succeeded(world, account, intent)


@on_time("authorisation_ends")
def _authorisation_ends(world: World, account: str, intent: str) -> None:
    found = world.store.get(account, "payment_intent", intent)
    if found["status"] == "requires_capture":
        cancel(world, found, "automatic")


def capture(world: World, account: str, intent: dict, charge: dict, amount: int, *, kind: str) -> None:
    """Takes an amount in pence; its balance transaction follows, at once or after the world's booking delay."""
    world.store.change(charge, captured=True, amount_captured=amount)
    world.store.change(intent, status="succeeded", amount_received=amount, amount_capturable=0)
    events.emit(world, kind, charge)
    events.emit(world, "payment_intent.succeeded", intent)
    if world.booking_delay:
        world.at(world.now() + world.booking_delay, "book_charge", account, charge=charge["id"])
    else:
        book_charge(world, account, charge["id"])


@on_time("book_charge")
def book_charge(world: World, account: str, charge: str) -> None:
    """Books a captured charge with its fees, and says so."""
    found = world.store.get(account, "charge", charge)
    kind, currency, amount = found["payment_method_details"]["type"], found["currency"], found["amount_captured"]
    fees = [balance.fee(_fee(kind, amount), "Stripe processing fees", currency=currency)]
    if found["application_fee_amount"]:
        fees.append(
            balance.fee(found["application_fee_amount"], "platform application fee", "application_fee", currency)
        )
    method = world.store.get(account, "payment_method", found["payment_method"])
    transaction = balance.book(
        world,
        account,
        kind="charge" if kind == "card" else "payment",
        category="charge",
        amount=amount,
        fee_details=fees,
        source=found["id"],
        available_in=methods.SETTLES[kind] if methods.behaviour_of(method).waits else 0,
        currency=currency,
    )
    events.changed(world, "charge.updated", found, balance_transaction=transaction["id"])


def _fee(kind: str, amount: int) -> int:
    """In pence, only a plausible number: 1.5 % + 20p for a card, 1 % between 20p and £2 for the rest."""
    if kind == "card":
        return (amount * 15 + 500) // 1000 + 20
    return min(200, max(20, amount // 100))


def cancel(world: World, intent: dict, reason: str | None) -> None:
    """Ends an intent unpaid."""
    fields = {"status": "canceled", "canceled_at": world.now(), "cancellation_reason": reason, "amount_capturable": 0}
    world.store.change(intent, **fields, next_action=None)
    events.emit(world, "payment_intent.canceled", intent)
