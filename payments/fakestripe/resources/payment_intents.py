"""PaymentIntents: one sum to be paid, by as many attempts as it takes. Source: docs.stripe.com/api/payment_intents."""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import accounts, charging, checkout_lines
from payments.fakestripe.resources import payment_methods as methods
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.store import public
from payments.fakestripe.world import World

_COMMON = "amount currency payment_method metadata description receipt_email customer application_fee_amount"
_CREATE = (
    f"{_COMMON} allowed_payment_method_types excluded_payment_method_types payment_method_types capture_method "
    "confirm off_session return_url setup_future_usage automatic_payment_methods"
)


def make(world: World, account: str, *, amount: int, currency: str, types: list[str], params: dict, **notes) -> dict:
    """Keeps a new intent over `amount` pence. `notes` are the fake's own."""
    intent = new(
        world,
        "payment_intent",
        amount=amount,
        amount_capturable=0,
        amount_received=0,
        capture_method=params.get("capture_method", "automatic_async"),
        confirmation_method="automatic",
        currency=currency.lower(),
        metadata=checked(params.get("metadata")),
        payment_method_types=list(types),
        description=params.get("description"),
        customer=params.get("customer"),
        receipt_email=params.get("receipt_email"),
        setup_future_usage=params.get("setup_future_usage"),
        status="requires_payment_method",
        application_fee_amount=params.get("application_fee_amount"),
        **({"_session": None, "_return_url": params.get("return_url")} | notes),
    )
    intent["client_secret"] = f"{intent['id']}_secret_{world.letters(24)}"
    world.store.add(account, intent)
    events.emit(world, "payment_intent.created", intent)
    return intent


@answers("POST", "/v1/payment_intents", _CREATE)
def create_intent(world: World, account: str, params: dict) -> dict:
    accounts.refuse_unready(world, account)
    if not checkout_lines.SMALLEST <= params["amount"] <= checkout_lines.LARGEST:
        code = "amount_too_small" if params["amount"] < checkout_lines.SMALLEST else "amount_too_large"
        raise errors.invalid("amount", f"The amount {params['amount']} is out of bounds.", code)
    types = params.get("allowed_payment_method_types") or params.get("payment_method_types")
    types = types or ["card", "bacs_debit", "pay_by_bank"]
    types = [kind for kind in types if kind not in params.get("excluded_payment_method_types", ())]
    method = methods.resolve(world, account, params["payment_method"]) if params.get("payment_method") else None
    if params.get("confirm") and method is None:
        raise errors.missing("payment_method")
    intent = make(world, account, amount=params["amount"], currency=params["currency"], types=types, params=params)
    if method:
        world.store.change(intent, status="requires_confirmation", payment_method=method["id"])
    if params.get("confirm"):
        _confirm(world, account, intent, method, off_session=bool(params.get("off_session")))
    return intent


def _confirm(world: World, account: str, intent: dict, method: dict, *, off_session: bool) -> None:
    charging.attempt(world, account, intent, method)
    if intent["status"] == "requires_action" and off_session:
        charging.fail(world, account, intent, None, "authentication_failure")
        raise errors.card_error(
            "authentication_required",
            "Your card was declined. This transaction requires authentication.",
            decline_code="authentication_required",
            payment_intent=public(intent),
        )
    if intent["status"] == "requires_payment_method":
        failure = intent["last_payment_error"]
        raise errors.card_error(
            failure["code"],
            failure["message"],
            decline_code=failure["decline_code"],
            charge=intent["latest_charge"],
            payment_intent=public(intent),
        )


@answers("GET", "/v1/payment_intents", f"{PAGE} customer")
def list_intents(world: World, account: str, params: dict) -> dict:
    return page(world, account, "payment_intent", params, "/v1/payment_intents", filters="customer")


@answers("GET", "/v1/payment_intents/{intent}")
def retrieve_intent(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "payment_intent", ident)


@answers("POST", "/v1/payment_intents/{intent}", "metadata description receipt_email")
def update_intent(world: World, account: str, params: dict, ident: str) -> dict:
    intent = world.store.get(account, "payment_intent", ident)
    fields = {key: params[key] for key in ("description", "receipt_email") if key in params}
    return world.store.change(intent, **fields, metadata=merged(intent["metadata"], params))


@answers("POST", "/v1/payment_intents/{intent}/confirm", "payment_method off_session return_url")
def confirm_intent(world: World, account: str, params: dict, ident: str) -> dict:
    intent = world.store.get(account, "payment_intent", ident)
    _need(intent, "confirm", "requires_payment_method", "requires_confirmation", "requires_action")
    name = params.get("payment_method") or intent["payment_method"]
    if not name:
        raise errors.missing("payment_method")
    method = methods.resolve(world, account, name)
    _confirm(world, account, intent, method, off_session=bool(params.get("off_session")))
    return intent


@answers("POST", "/v1/payment_intents/{intent}/cancel", "cancellation_reason")
def cancel_intent(world: World, account: str, params: dict, ident: str) -> dict:
    intent = world.store.get(account, "payment_intent", ident)
    _need(intent, "cancel", "requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")
    charging.cancel(world, intent, params.get("cancellation_reason"))
    return intent


@answers("POST", "/v1/payment_intents/{intent}/capture", "amount_to_capture")
def capture_intent(world: World, account: str, params: dict, ident: str) -> dict:
    intent = world.store.get(account, "payment_intent", ident)
    _need(intent, "capture", "requires_capture")
    amount = params.get("amount_to_capture", intent["amount"])
    if not 0 < amount <= intent["amount_capturable"]:
        raise errors.invalid("amount_to_capture", "The amount is more than can be captured.", "amount_too_large")
    charge = world.store.get(account, "charge", intent["latest_charge"])
    charging.capture(world, account, intent, charge, amount, kind="charge.captured")
    return intent


def _need(intent: dict, what: str, *states: str) -> None:
    if intent["status"] not in states:
        raise errors.ApiError(
            400,
            "payment_intent_unexpected_state",
            f"You cannot {what} this PaymentIntent because it has a status of {intent['status']}.",
            payment_intent=public(intent),
        )
