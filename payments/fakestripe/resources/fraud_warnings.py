"""Early fraud warnings: the card's issuer reports a payment as fraud, which often becomes a dispute.

Source: docs.stripe.com/api/radar/early_fraud_warnings, docs.stripe.com/disputes/measuring#early-fraud-warnings.
"""

from __future__ import annotations

from payments.fakestripe import events
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.world import World

NAME = "radar.early_fraud_warning"


def warn(world: World, account: str, charge: dict) -> dict:
    """The issuer reports a charge; no money moves yet."""
    warning = new(
        world,
        NAME,
        actionable=not (charge["refunded"] or charge["disputed"]),
        charge=charge["id"],
        fraud_type="made_with_stolen_card",
        payment_intent=charge["payment_intent"],
    )
    world.store.add(account, warning)
    events.emit(world, f"{NAME}.created", warning)
    return warning


def settle(world: World, account: str, charge: dict) -> None:
    """Nothing can be done about a warning any more once its charge is refunded whole or disputed."""
    for warning in world.store.each(account, NAME, charge=charge["id"]):
        if warning["actionable"]:
            events.changed(world, f"{NAME}.updated", warning, actionable=False)


@answers("GET", "/v1/radar/early_fraud_warnings", f"{PAGE} charge payment_intent")
def list_warnings(world: World, account: str, params: dict) -> dict:
    return page(world, account, NAME, params, "/v1/radar/early_fraud_warnings", filters="charge payment_intent")


@answers("GET", "/v1/radar/early_fraud_warnings/{early_fraud_warning}")
def retrieve_warning(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, NAME, ident)
