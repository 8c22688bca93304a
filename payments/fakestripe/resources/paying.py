"""Paying a session without a browser, for tests, demos and the control door."""

from __future__ import annotations

from payments.fakestripe import errors
from payments.fakestripe.resources import payment_pages
from payments.fakestripe.world import World

_NAMES = {
    "success": "pm_card_visa_debit",
    "decline": "pm_card_visa_chargeDeclined",
    "3ds": "pm_card_authenticationRequired",
    "3ds-refused": "pm_card_authenticationRequired",
}


def pay(world: World, session_id: str, how: str) -> dict:
    """The session after one try to pay it; 3-D Secure is answered at once. Raises ApiError."""
    world.advance(0)
    session = _session(world, session_id)
    account = session["_account"]
    intent = payment_pages.confirm(world, account, session, _NAMES.get(how, how))
    if intent["status"] == "requires_action":
        payment_pages.authenticate(world, account, intent, is_approved=how != "3ds-refused")
    return session


def _session(world: World, ident: str) -> dict:
    """The session of whichever account has it."""
    for account in world.store.accounts:
        if found := world.store.find(account, "checkout.session", ident):
            return found
    raise errors.no_such("checkout.session", ident)
