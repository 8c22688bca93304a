"""What a test or a demo does to the fake besides asking the API: payers, banks and officers at their dashboards.

A deed is a function of (world, **arguments) that answers with an object; the control door takes each by its name.
"""

from __future__ import annotations

from collections.abc import Callable

from payments.fakestripe.resources import (
    account_facts,
    accounts,
    balance_settings,
    disputes,
    fraud_warnings,
    mandates,
    paying,
    payouts,
    refunds,
    topups,
)
from payments.fakestripe.store import public
from payments.fakestripe.world import World


def pay(world: World, *, session: str, how: str = "success") -> dict:
    """A payer's one try at a session's page."""
    return paying.pay(world, session, how)


def dispute(world: World, *, account: str, charge: str, amount: int | None = None) -> dict:
    """The payer disputes a charge, or a part of it in pence."""
    return disputes.open_dispute(world, account, world.store.get(account, "charge", charge), amount)


def inquire(world: World, *, account: str, charge: str) -> dict:
    """The payer's bank asks about a charge, before it disputes it or not."""
    return disputes.inquire(world, account, world.store.get(account, "charge", charge))


def escalate_inquiry(world: World, *, account: str, dispute: str) -> dict:
    """The bank disputes what it has asked about."""
    return disputes.escalate(world, account, world.store.get(account, "dispute", dispute))


def decide_dispute(world: World, *, account: str, dispute: str, is_won: bool) -> dict:
    """The bank's word on a dispute."""
    return disputes.decide(world, account, world.store.get(account, "dispute", dispute), is_won=is_won)


def warn_of_fraud(world: World, *, account: str, charge: str) -> dict:
    """The card's issuer reports a charge as fraud."""
    return fraud_warnings.warn(world, account, world.store.get(account, "charge", charge))


def refund_in_dashboard(world: World, *, account: str, payment_intent: str, amount: int | None = None) -> dict:
    """An officer of the society refunds a payment in Stripe's dashboard, past the site."""
    asked = {"payment_intent": payment_intent} | ({"amount": amount} if amount else {})
    return refunds.create_refund(world, account, asked)


def fail_refund(world: World, *, account: str, refund: str) -> dict:
    """The payer's bank sends a refund back, perhaps days after it had succeeded."""
    found = world.store.get(account, "refund", refund)
    refunds.fail(world, account, found, "expired_or_canceled_card")
    return found


def pay_out(world: World, *, account: str) -> dict:
    """All that is available goes to the society's bank, as Stripe's schedule or an officer would."""
    return payouts.pay_out(world, account)


def fail_payout(world: World, *, account: str, payout: str, code: str = "account_closed") -> dict:
    """The society's bank sends a payout back, perhaps days after it was paid."""
    return payouts.fail(world, account, world.store.get(account, "payout", payout), code)


def set_payout_interval(world: World, *, account: str, interval: str) -> dict:
    """An officer of the society changes the schedule of payouts in Stripe's dashboard."""
    return balance_settings.set_interval(world, account, interval)


def set_ready(world: World, *, account: str, is_ready: bool = True, without: list[str] | None = None) -> dict:
    """Stripe lets an account take payments, or stops it; `without` names capabilities that it stops all the same."""
    return accounts.set_ready(world, account, is_ready=is_ready, without=without)


def deauthorize(world: World, *, account: str) -> dict:
    """The society cuts its account off from the platform."""
    return accounts.leave(world, account_facts.holder_of(world, account)["id"])


def end_mandate(world: World, *, account: str, mandate: str) -> dict:
    """The payer tells the bank to pay no more Direct Debits."""
    return mandates.end(world, world.store.get(account, "mandate", mandate))


def top_up(world: World, *, account: str, amount: int) -> dict:
    """The society puts money into its balance, in pence."""
    return topups.top_up(world, account, amount)


DEEDS: dict[str, Callable[..., dict]] = {
    deed.__name__: deed
    for deed in (
        deauthorize,
        decide_dispute,
        dispute,
        end_mandate,
        escalate_inquiry,
        fail_payout,
        fail_refund,
        inquire,
        pay,
        pay_out,
        refund_in_dashboard,
        set_payout_interval,
        set_ready,
        top_up,
        warn_of_fraud,
    )
}


def do(world: World, name: str, arguments: dict) -> dict:
    """Does a deed by its name, and what is due by then; the object afterwards. Raises ApiError, TypeError, KeyError."""
    with world.lock:
        world.advance(0)
        try:
            found = DEEDS[name](world, **arguments)
            world.advance(0)
        finally:
            world.commit()
        return public(found)
