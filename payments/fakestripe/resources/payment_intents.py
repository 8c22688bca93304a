"""PaymentIntents: one sum to be paid, by as many attempts as it takes. Source: docs.stripe.com/api/payment_intents."""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import account_facts, capturing, charging, checkout_lines
from payments.fakestripe.resources import payment_methods as methods
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.store import public
from payments.fakestripe.world import World

_CREATE = (
    "amount currency payment_method metadata description receipt_email customer application_fee_amount shipping "
    "allowed_payment_method_types excluded_payment_method_types payment_method_types capture_method "
    "confirmation_method confirm off_session return_url setup_future_usage mandate_data statement_descriptor_suffix "
    "automatic_payment_methods.enabled automatic_payment_methods.allow_redirects"
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
        confirmation_method=params.get("confirmation_method", "automatic"),
        currency=currency.lower(),
        metadata=checked(params.get("metadata")),
        payment_method_types=list(types),
        description=params.get("description"),
        customer=params.get("customer"),
        receipt_email=params.get("receipt_email"),
        setup_future_usage=params.get("setup_future_usage"),
        status="requires_payment_method",
        application_fee_amount=params.get("application_fee_amount"),
        shipping=_shipping(params.get("shipping")),
        statement_descriptor_suffix=params.get("statement_descriptor_suffix"),
        **({"_session": None, "_return_url": params.get("return_url"), "_is_challenged": False} | notes),
    )
    intent["client_secret"] = f"{intent['id']}_secret_{world.letters(24)}"
    world.store.add(account, intent)
    events.emit(world, "payment_intent.created", intent)
    return intent


def _shipping(given: dict | None) -> dict | None:
    """As the API shows it: every part of the address, and the names, perhaps null."""
    if not given:
        return None
    names = ("carrier", "name", "phone", "tracking_number")
    lines = ("city", "country", "line1", "line2", "postal_code", "state")
    address = dict.fromkeys(lines) | (given.get("address") or {})
    return dict.fromkeys(names) | given | {"address": address}


@answers("POST", "/v1/payment_intents", _CREATE)
def create_intent(world: World, account: str, params: dict) -> dict:
    account_facts.refuse_unready(world, account)
    if not checkout_lines.SMALLEST <= params["amount"] <= checkout_lines.LARGEST:
        code = "amount_too_small" if params["amount"] < checkout_lines.SMALLEST else "amount_too_large"
        raise errors.invalid("amount", f"The amount {params['amount']} is out of bounds.", code)
    _check_together(world, account, params)
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


def _check_together(world: World, account: str, params: dict) -> None:
    """What the types cannot know: which parameters need or exclude each other."""
    for name in ("off_session", "mandate_data"):
        if params.get(name) and not params.get("confirm"):
            raise errors.invalid(name, f"`{name}` can only be used when `confirm` is true.", None)
    if "automatic_payment_methods" in params and "confirmation_method" in params:
        raise errors.exclusive("automatic_payment_methods", "confirmation_method")
    if "automatic_payment_methods" in params and "allowed_payment_method_types" in params:
        raise errors.exclusive("automatic_payment_methods", "allowed_payment_method_types")
    if params.get("off_session") and params.get("setup_future_usage"):
        raise errors.exclusive("off_session", "setup_future_usage")
    if params.get("customer"):
        world.store.get(account, "customer", params["customer"], "customer", status=400)
    if params.get("application_fee_amount", 0) > params["amount"]:
        raise errors.invalid("application_fee_amount", "The application fee cannot be more than the amount.", None)


def _confirm(world: World, account: str, intent: dict, method: dict, *, off_session: bool) -> None:
    methods.refuse_strangers(method, intent["customer"])
    charging.attempt(world, account, intent, method, off_session=off_session)
    if intent["status"] == "requires_payment_method":
        failure = intent["last_payment_error"]
        raise errors.card_error(
            failure["code"],
            failure["message"],
            decline_code=failure["decline_code"],
            charge=intent["latest_charge"],
            payment_intent=public(intent),
            payment_method=failure.get("payment_method"),
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


@answers("POST", "/v1/payment_intents/{intent}/confirm", "payment_method off_session return_url mandate_data")
def confirm_intent(world: World, account: str, params: dict, ident: str) -> dict:
    intent = world.store.get(account, "payment_intent", ident)
    _need(intent, "confirm", "requires_payment_method", "requires_confirmation", "requires_action")
    name = params.get("payment_method") or intent["payment_method"]
    if not name:
        raise errors.missing("payment_method")
    method = methods.resolve(world, account, name)
    if params.get("return_url"):
        world.store.change(intent, _return_url=params["return_url"])
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
    capturing.capture(world, account, intent, charge, amount, kind="charge.captured")
    return intent


def _need(intent: dict, what: str, *states: str) -> None:
    if intent["status"] not in states:
        raise errors.ApiError(
            400,
            "payment_intent_unexpected_state",
            f"You cannot {what} this PaymentIntent because it has a status of {intent['status']}.",
            payment_intent=public(intent),
        )
