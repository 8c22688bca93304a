"""How a Checkout session ends: complete, then paid or failed when the bank has answered; or expired.

Source: docs.stripe.com/checkout/fulfillment.
"""

from __future__ import annotations

from payments.fakestripe import events
from payments.fakestripe.clock import on_time
from payments.fakestripe.world import World


def session_of(world: World, account: str, intent: dict) -> dict | None:
    """The session that made an intent."""
    ident = intent.get("_session")
    return world.store.find(account, "checkout.session", ident) if ident else None


def complete(world: World, session: dict, intent: dict) -> None:
    """The payer has done their part, if the intent says so: nothing more can be done on this page."""
    if intent["status"] not in ("succeeded", "processing", "requires_capture"):
        return
    fields = {intent["object"]: intent["id"], "customer": intent["customer"], "customer_details": _details(session)}
    if intent["object"] == "payment_intent":
        fields["payment_status"] = "paid" if intent["status"] == "succeeded" else "unpaid"
    world.store.change(session, status="complete", url=None, **fields)
    events.emit(world, "checkout.session.completed", session)


def _details(session: dict) -> dict:
    """Who the payer said they are: their e-mail address, as far as the session had it."""
    nothing = dict.fromkeys(("address", "business_name", "individual_name", "name", "phone", "tax_ids"))
    return nothing | {"email": session["customer_email"], "tax_exempt": "none"}


def payment_succeeded(world: World, account: str, intent: dict) -> None:
    session = session_of(world, account, intent)
    if session and session["status"] == "complete" and session["payment_status"] == "unpaid":
        world.store.change(session, payment_status="paid")
        events.emit(world, "checkout.session.async_payment_succeeded", session)


def payment_failed(world: World, account: str, intent: dict) -> None:
    session = session_of(world, account, intent)
    if session and session["status"] == "complete":
        events.emit(world, "checkout.session.async_payment_failed", session)


def expire(world: World, session: dict) -> dict:
    world.store.change(session, status="expired", url=None)
    events.emit(world, "checkout.session.expired", session)
    return session


@on_time("session_ends")
def _session_ends(world: World, account: str, session: str) -> None:
    found = world.store.get(account, "checkout.session", session)
    if found["status"] == "open":
        expire(world, found)
