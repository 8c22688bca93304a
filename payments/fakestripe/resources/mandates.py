"""Mandates: a payer's leave to take money by Direct Debit, which the payer or the bank can end.

Made with the first payment or setup by Bacs, pending until the bank has accepted it.
Source: docs.stripe.com/api/mandates, docs.stripe.com/payments/payment-methods/bacs-debit.
"""

from __future__ import annotations

from payments.fakestripe import errors, events
from payments.fakestripe.clock import DAY, on_time
from payments.fakestripe.objects import new
from payments.fakestripe.routing import answers
from payments.fakestripe.world import World

_BANK_TAKES = 2 * DAY


def of(world: World, account: str, method: dict) -> dict | None:
    """The newest mandate of a Bacs method, made now if it has none; None for every other kind of method."""
    if method["type"] != "bacs_debit":
        return None
    return next(world.store.newest(account, "mandate", payment_method=method["id"]), None) or _make(
        world, account, method
    )


def _make(world: World, account: str, method: dict) -> dict:
    online = {"ip_address": "127.0.0.1", "user_agent": "Fake Stripe"}
    mandate = new(
        world,
        "mandate",
        customer_acceptance={"accepted_at": world.now(), "online": online, "type": "online"},
        payment_method=method["id"],
        payment_method_details={"type": "bacs_debit", "bacs_debit": _details(world)},
        status="pending",
        type="multi_use",
        multi_use={},
    )
    world.store.add(account, mandate)
    world.at(world.now() + _BANK_TAKES, "bank_reads_mandate", account, mandate=mandate["id"])
    return mandate


def _details(world: World) -> dict:
    reference = world.letters(10).upper()
    return {
        "display_name": None,
        "network_status": "pending",
        "reference": reference,
        "revocation_reason": None,
        "service_user_number": None,
        "url": f"{world.url}/mandate/{reference}",
    }


@on_time("bank_reads_mandate")
def _bank_reads(world: World, account: str, mandate: str) -> None:
    found = world.store.get(account, "mandate", mandate)
    if found["status"] == "pending":
        _write(world, found, "active", network_status="accepted")


def end(world: World, mandate: dict) -> dict:
    """The payer tells the bank to pay nothing more. Raises ApiError where it has ended already."""
    if mandate["status"] == "inactive":
        raise errors.ApiError(400, None, "This mandate has ended already.")
    return _write(world, mandate, "inactive", network_status="revoked", revocation_reason="debit_not_authorized")


def _write(world: World, mandate: dict, status: str, **details) -> dict:
    outer = mandate["payment_method_details"]
    outer = outer | {"bacs_debit": outer["bacs_debit"] | details}
    return events.changed(world, "mandate.updated", mandate, status=status, payment_method_details=outer)


def has_ended(world: World, account: str, method: dict) -> bool:
    """Whether the newest mandate of a method has ended; False for a method without one."""
    newest = next(world.store.newest(account, "mandate", payment_method=method["id"]), None)
    return newest is not None and newest["status"] == "inactive"


def refuse_ended(world: World, account: str, method: dict) -> None:
    """Raises ApiError for a method whose mandate has ended."""
    if has_ended(world, account, method):
        message = "The provided mandate is invalid and can not be used for the payment intent."
        raise errors.ApiError(400, "payment_intent_mandate_invalid", message, "payment_method")


@answers("GET", "/v1/mandates/{mandate}")
def retrieve_mandate(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "mandate", ident)
