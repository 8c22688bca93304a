"""Refunds, disputes and payouts: what the balance allows, and what each of them costs."""

from __future__ import annotations

import pytest
import stripe

from tests.payments.fakestripe.conftest import ACCOUNT, OTHER, shares

DAY = 86_400


@pytest.fixture
def pay(fake, client):
    """Pays 250 shares in a way; the intent's id."""

    def pay(how: str = "success", account: str = ACCOUNT) -> str:
        session = client.v1.checkout.sessions.create(shares(), {"stripe_account": account})
        return fake.pay(session.id, how)["payment_intent"]

    return pay


def refund(client, intent: str, account: str = ACCOUNT, **params) -> stripe.Refund:
    return client.v1.refunds.create({"payment_intent": intent, **params}, {"stripe_account": account})


def test_a_part_then_the_rest_then_no_more(fake, client, society, inbox, pay):
    intent = pay()
    assert refund(client, intent, amount=100_00).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        refund(client, intent, amount=150_01)
    assert refund(client, intent).amount == 150_00
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(client, intent)
    assert refusal.value.code == "charge_already_refunded"
    booked = client.v1.balance_transactions.list({"limit": 100}, society)
    assert sum(transaction.net for transaction in booked.data) == -3_95  # Stripe keeps its fee
    fake.wait_until_quiet()
    assert inbox.types().count("refund.created") == 2


def test_what_was_not_paid_cannot_go_back(fake, client, society, pay):
    intent = client.v1.payment_intents.create({"amount": 100_00, "currency": "gbp"}, society)
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        refund(client, intent.id)
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        client.v1.refunds.create({"amount": 1}, society)
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        refund(client, pay(), OTHER)


def test_refunding_everybody_is_short_of_the_fees(fake, client, pay):
    """The reason for a reserve. Banks first and cards last: a card waits for money, a bank refund fails."""
    ways = ["success", "success", "success", "pm_payByBank_success"]
    wrong = [pay(how) for how in ways]
    right = [pay(how, OTHER) for how in reversed(ways)]
    fake.advance(10 * DAY)
    assert [refund(client, intent).status for intent in wrong] == ["succeeded"] * 3 + ["failed"]
    assert [refund(client, intent, OTHER).status for intent in right] == ["succeeded"] * 3 + ["pending"]
    fake.top_up(OTHER, 50_00)
    refunds = client.v1.refunds.list({}, {"stripe_account": OTHER}).data
    assert [one.status for one in refunds] == ["succeeded"] * 4


def test_refunds_are_found_by_their_payment_and_carry_our_mark(client, society, pay):
    one, other = pay(), pay()
    ours = refund(client, one, amount=1_00, metadata={"refund": "77"})
    refund(client, other, amount=1_00)
    found = client.v1.refunds.list({"payment_intent": one}, society).data
    assert [(r.id, r.metadata.refund) for r in found] == [(ours.id, "77")]
    changed = client.v1.refunds.update(ours.id, {"metadata": {"refund": "", "note": "x"}}, society)
    assert changed.metadata.to_dict() == {"note": "x"}


def test_a_refund_may_fail_days_after_it_had_succeeded(fake, client, society, inbox, pay):
    intent = pay()
    sent = refund(client, intent)
    assert fake.fail_refund(ACCOUNT, sent.id)["status"] == "failed"
    failed = client.v1.refunds.retrieve(sent.id, options=society)
    assert failed.failure_reason == "expired_or_canceled_card"
    back = client.v1.balance_transactions.retrieve(failed.failure_balance_transaction, options=society)
    assert (back.amount, back.type) == (250_00, "refund_failure")
    assert client.v1.charges.list({}, society).data[0].amount_refunded == 0
    fake.wait_until_quiet()
    assert "refund.failed" in inbox.types()
    assert refund(client, intent).status == "succeeded"  # it may be sent once more


def test_a_dispute_takes_the_money_and_a_fee_and_bars_refunds(fake, client, society, inbox, pay):
    intent = pay("pm_card_createDispute")
    dispute = client.v1.disputes.list({}, society).data[0]
    assert (dispute.amount, dispute.balance_transactions[0].fee, dispute.status) == (250_00, 20_00, "needs_response")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(client, intent)
    assert refusal.value.code == "charge_disputed"
    fake.wait_until_quiet()
    assert {"charge.dispute.created", "charge.dispute.funds_withdrawn"} <= set(inbox.types())


@pytest.mark.parametrize(("evidence", "status", "net"), [("winning", "won", -20_00), ("losing", "lost", -270_00)])
def test_evidence_decides_a_dispute(fake, client, society, inbox, pay, evidence, status, net):
    pay("pm_card_createDispute")
    dispute = client.v1.disputes.list({}, society).data[0]
    params = {"evidence": {"uncategorized_text": f"{evidence}_evidence"}}
    assert client.v1.disputes.update(dispute.id, params, society).status == status
    booked = client.v1.balance_transactions.list({"source": dispute.id}, society).data
    assert sum(transaction.net for transaction in booked) == net
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        client.v1.disputes.close(dispute.id, options=society)
    fake.wait_until_quiet()
    assert ("charge.dispute.funds_reinstated" in inbox.types()) == (status == "won")


def test_a_bacs_dispute_is_lost_at_once(fake, client, society, pay):
    pay("pm_bacsDebit_success")
    fake.advance(7 * DAY)
    charge = client.v1.charges.list({}, society).data[0]
    assert fake.dispute(ACCOUNT, charge.id)["status"] == "lost"


def test_payouts_by_hand(fake, client, society, inbox, pay):
    client.v1.balance_settings.update({"payments": {"payouts": {"schedule": {"interval": "manual"}}}}, society)
    assert client.v1.balance_settings.retrieve(options=society).payments.payouts.schedule.interval == "manual"
    pay()
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payouts.create({"amount": 246_05, "currency": "gbp"}, society)
    assert refusal.value.code == "balance_insufficient"  # still pending
    fake.advance(4 * DAY)
    payout = client.v1.payouts.create({"amount": 246_05, "currency": "gbp"}, society)
    fake.advance(2 * DAY)
    assert client.v1.payouts.retrieve(payout.id, options=society).status == "paid"
    assert client.v1.balance.retrieve(options=society).available[0].amount == 0
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payouts.cancel(payout.id, options=society)
    fake.wait_until_quiet()
    assert {"balance_settings.updated", "payout.created", "payout.paid"} <= set(inbox.types())


def test_a_payout_that_is_cancelled_gives_the_money_back(fake, client, society, pay):
    pay("pm_card_bypassPending")
    payout = client.v1.payouts.create({"amount": 100_00, "currency": "gbp"}, society)
    assert client.v1.payouts.cancel(payout.id, options=society).status == "canceled"
    fake.advance(2 * DAY)
    assert client.v1.balance.retrieve(options=society).available[0].amount == 246_05


def test_a_booking_that_comes_later(fake, client, society, pay):
    fake.world.booking_delay = 60
    intent = pay()
    charge = client.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge"]}, society).latest_charge
    assert charge.balance_transaction is None
    fake.advance(61)
    charge = client.v1.charges.retrieve(charge.id, options=society)
    assert client.v1.balance_transactions.retrieve(charge.balance_transaction, options=society).amount == 250_00
