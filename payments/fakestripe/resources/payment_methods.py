"""Ways to pay, kept: made of Stripe's test methods, attached to customers. What each does stands in `behaviours`.

Source: docs.stripe.com/api/payment_methods.
"""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources.behaviours import BEHAVIOURS, DEFAULT, Behaviour
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World

_NO_DETAILS = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}


def behaviour_of(method: dict) -> Behaviour:
    return BEHAVIOURS[method["_name"]]


def resolve(world: World, account: str, ident: str) -> dict:
    """The payment method of an id; a test name makes a new one, as at Stripe. Raises ApiError."""
    found = world.store.find(account, "payment_method", ident)
    if found is not None:
        return found
    if ident not in BEHAVIOURS:
        raise errors.no_such("PaymentMethod", ident, "payment_method", status=400)
    return make(world, account, ident)


def make(world: World, account: str, name: str, **fields) -> dict:
    """Keeps a new payment method that behaves like the test method `name`."""
    behaviour = BEHAVIOURS[name]
    method = {
        "id": "",
        "object": "payment_method",
        "type": behaviour.kind,
        "created": world.now(),
        "livemode": False,
        "allow_redisplay": "unspecified",
        "billing_details": dict(_NO_DETAILS),
        "customer": None,
        "customer_account": None,
        "metadata": {},
        behaviour.kind: details(behaviour),
        "_name": name,
        "_is_set_up": False,
        "_is_used": False,
    }
    method["id"] = new(world, "payment_method")["id"]
    return world.store.add(account, method | fields)


def details(behaviour: Behaviour) -> dict:
    """The hash under the name of the type."""
    if behaviour.kind == "card":
        return {
            "brand": "visa",
            "country": "GB",
            "exp_month": 12,
            "exp_year": 2034,
            "funding": behaviour.funding,
            "last4": behaviour.last4,
        }
    if behaviour.kind == "bacs_debit":
        return {"fingerprint": None, "last4": behaviour.last4, "sort_code": "108800"}
    return {}


@answers("POST", "/v1/payment_methods", "type card bacs_debit sepa_debit pay_by_bank billing_details metadata")
def create_method(world: World, account: str, params: dict) -> dict:
    """By a test token or IBAN; without one, the method of this type that succeeds. Card numbers are refused."""
    kind = params.get("type", "card")
    card = params.get("card") or {}
    if "number" in card:
        raise errors.invalid("card[number]", "Card numbers are not taken here: use a test token such as tok_visa.")
    name = card.get("token") or (params.get("sepa_debit") or {}).get("iban") or DEFAULT.get(kind)
    if name not in BEHAVIOURS or BEHAVIOURS[name].kind != kind:
        raise errors.not_modelled(f"payment methods of the type {kind} with {name}", "type")
    billing = dict(_NO_DETAILS) | {k: v for k, v in (params.get("billing_details") or {}).items() if k != "address"}
    return make(world, account, name, metadata=checked(params.get("metadata")), billing_details=billing)


@answers("GET", "/v1/payment_methods", f"{PAGE} type customer")
def list_methods(world: World, account: str, params: dict) -> dict:
    return page(world, account, "payment_method", params, "/v1/payment_methods", filters="customer type")


@answers("GET", "/v1/payment_methods/{payment_method}")
def retrieve_method(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "payment_method", ident)


@answers("POST", "/v1/payment_methods/{payment_method}", "metadata billing_details")
def update_method(world: World, account: str, params: dict, ident: str) -> dict:
    method = world.store.get(account, "payment_method", ident)
    if not method["customer"]:
        message = "You must save this PaymentMethod to a customer before you can update it."
        raise errors.ApiError(400, None, message)
    fields = {"metadata": merged(method["metadata"], params)}
    if given := params.get("billing_details"):
        fields["billing_details"] = method["billing_details"] | given
    return events.changed(world, "payment_method.updated", method, **fields)


@answers("POST", "/v1/payment_methods/{payment_method}/attach", "customer")
def attach_method(world: World, account: str, params: dict, ident: str) -> dict:
    world.store.get(account, "customer", params.get("customer"), "customer")
    method = resolve(world, account, ident)
    behaviour = behaviour_of(method)
    if behaviour.is_decline and not behaviour.is_kept:
        raise errors.card_error("card_declined", "Your card was declined.", decline_code="generic_decline")
    return attach(world, method, params["customer"])


def attach(world: World, method: dict, customer: str) -> dict:
    """Keeps a method for a customer, and says so if it is new. Raises ApiError for another customer's."""
    if method["customer"] not in (None, customer):
        message = "The payment method you provided has already been attached to a customer."
        raise errors.ApiError(400, None, message, "payment_method")
    if method["customer"] != customer:
        world.store.change(method, customer=customer)
        events.emit(world, "payment_method.attached", method)
    return method


def refuse_strangers(method: dict, customer: str | None) -> None:
    """A method kept for a customer is charged for that one alone; one that is not kept, once. Raises ApiError."""
    if method["customer"] and method["customer"] != customer:
        message = (
            f"The payment method {method['id']} belongs to a customer. Please include that customer in the "
            "`customer` parameter."
        )
        raise errors.ApiError(400, None, message, "payment_method")
    if method["_is_used"] and not method["customer"]:
        message = (
            "The provided PaymentMethod was previously used without being attached to a Customer, and may not be "
            "used again."
        )
        raise errors.ApiError(400, None, message, "payment_method")


@answers("POST", "/v1/payment_methods/{payment_method}/detach")
def detach_method(world: World, account: str, params: dict, ident: str) -> dict:
    method = world.store.get(account, "payment_method", ident)
    if not method["customer"]:
        message = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise errors.ApiError(400, None, message)
    return events.changed(world, "payment_method.detached", method, customer=None, _is_used=True)
