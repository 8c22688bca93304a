"""Taking the money of a charge, and booking it with its fees: at once, or after the world's booking delay.

Source: docs.stripe.com/payments/paymentintents/lifecycle. With `automatic_async` capture the charge has no balance
transaction in `charge.succeeded`; it comes with `charge.updated`.
"""

from __future__ import annotations

from payments.fakestripe import events
from payments.fakestripe.clock import on_time
from payments.fakestripe.resources import balance
from payments.fakestripe.resources import payment_methods as methods
from payments.fakestripe.resources.behaviours import SETTLES
from payments.fakestripe.world import World


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
        available_in=SETTLES[kind] if methods.behaviour_of(method).waits else 0,
        currency=currency,
    )
    events.changed(world, "charge.updated", found, balance_transaction=transaction["id"])


def _fee(kind: str, amount: int) -> int:
    """In pence, only a plausible number: 1.5 % + 20p for a card, 1 % between 20p and £2 for the rest."""
    if kind == "card":
        return (amount * 15 + 500) // 1000 + 20
    return min(200, max(20, amount // 100))
