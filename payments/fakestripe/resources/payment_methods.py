"""Test payment methods under Stripe's own test names, and what each of them does.

Source: docs.stripe.com/testing. Where Stripe's own method is a credit card, it is one here too; the declining
and the 3-D Secure card are debit cards here, so that a page that takes no credit cards can show them.
"""

from __future__ import annotations

import typing

from payments.fakestripe import errors
from payments.fakestripe.clock import DAY
from payments.fakestripe.metadata import checked, merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World


class Behaviour(typing.NamedTuple):
    """What happens when somebody pays with it: ok, a decline code, 3ds, dispute, later_ok, later_fail."""

    kind: str
    outcome: str
    label: str
    last4: str = ""
    funding: str = "debit"
    waits: bool = True  # False: its money is available at once

    @property
    def is_decline(self) -> bool:
        return self.outcome in ("card_declined", "insufficient_funds")


_DECLINED = Behaviour("card", "card_declined", "Card is declined", "0002")
_SECURE = Behaviour("card", "3ds", "Card that asks for 3-D Secure", "3155")
_CREDIT = Behaviour("card", "ok", "Credit card", "4242", "credit")
_DEBIT = Behaviour("card", "ok", "Payment succeeds", "5556")
_DISPUTED = Behaviour("card", "dispute", "Payment succeeds, then is disputed", "0259")

BEHAVIOURS = {
    "pm_card_visa_debit": _DEBIT,
    "tok_visa_debit": _DEBIT,
    "pm_card_visa_chargeDeclined": _DECLINED,
    "pm_card_chargeDeclined": _DECLINED,
    "pm_card_visa_chargeDeclinedInsufficientFunds": Behaviour(
        "card", "insufficient_funds", "Card has too little money", "9995"
    ),
    "pm_card_authenticationRequired": _SECURE,
    "pm_card_threeDSecure2Required": _SECURE,
    "pm_card_createDispute": _DISPUTED,
    "pm_card_createDisputeInquiry": _DISPUTED,
    "pm_card_visa": _CREDIT,
    "tok_visa": _CREDIT,
    "pm_card_gb": _CREDIT,
    "pm_card_bypassPending": Behaviour("card", "ok", "Payment succeeds, its money at once", "0077", waits=False),
    "pm_payByBank_success": Behaviour("pay_by_bank", "ok", "Pay by Bank succeeds"),
    "pm_bacsDebit_success": Behaviour("bacs_debit", "later_ok", "Bacs Direct Debit succeeds in days", "2345"),
    "pm_bacsDebit_fail": Behaviour("bacs_debit", "later_fail", "Bacs Direct Debit fails in days", "3335"),
    # Stripe's test IBANs
    "AT611904300234573201": Behaviour("sepa_debit", "later_ok", "SEPA debit succeeds in days", "3201"),
    "AT321904300235473204": Behaviour("sepa_debit", "later_ok", "SEPA debit succeeds in days", "3204"),
    "IT60X0542811101000000123456": Behaviour("sepa_debit", "later_fail", "SEPA debit fails in days", "3456"),
}
# What the hosted page offers, the usual first.
ON_THE_PAGE = (
    "pm_card_visa_debit",
    "pm_card_visa_chargeDeclined",
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "pm_card_authenticationRequired",
    "pm_card_visa",
    "pm_card_createDispute",
    "pm_payByBank_success",
    "pm_bacsDebit_success",
    "pm_bacsDebit_fail",
)
# Seconds until the money of a method is available.
SETTLES = {"card": 3 * DAY, "bacs_debit": 6 * DAY, "pay_by_bank": 3 * DAY, "sepa_debit": 6 * DAY}
_DEFAULT = {"bacs_debit": "pm_bacsDebit_success", "pay_by_bank": "pm_payByBank_success", "card": "pm_card_visa"}
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
        "metadata": {},
        behaviour.kind: details(behaviour),
        "_name": name,
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
    name = card.get("token") or (params.get("sepa_debit") or {}).get("iban") or _DEFAULT.get(kind)
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


@answers("POST", "/v1/payment_methods/{payment_method}", "metadata")
def update_method(world: World, account: str, params: dict, ident: str) -> dict:
    method = world.store.get(account, "payment_method", ident)
    return world.store.change(method, metadata=merged(method["metadata"], params))


@answers("POST", "/v1/payment_methods/{payment_method}/attach", "customer")
def attach_method(world: World, account: str, params: dict, ident: str) -> dict:
    world.store.get(account, "customer", params.get("customer"), "customer")
    return world.store.change(resolve(world, account, ident), customer=params["customer"])


@answers("POST", "/v1/payment_methods/{payment_method}/detach")
def detach_method(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.change(world.store.get(account, "payment_method", ident), customer=None)
