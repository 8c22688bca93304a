"""What happens to money after it was paid: warnings of fraud, inquiries, refunds and payouts that banks send back."""

from __future__ import annotations

import pytest
import stripe

from payments.fakestripe.errors import ApiError
from tests.payments.fakestripe.conftest import ACCOUNT, shares

DAY = 86_400


@pytest.fixture
def pay(fake, client, society):
    """Pays 250 shares in a way; the charge."""

    def pay(how: str = "success") -> stripe.Charge:
        session = client.v1.checkout.sessions.create(shares(), society)
        intent = fake.pay(session.id, how)["payment_intent"]
        return client.v1.charges.list({"payment_intent": intent}, society).data[0]

    return pay


def refund(client, society, charge, **changes) -> stripe.Refund:
    return client.v1.refunds.create({"charge": charge.id} | changes, society)


def net(client, society, source: str) -> int:
    return sum(one.net for one in client.v1.balance_transactions.list({"source": source}, society).data)


def test_a_warning_of_fraud_is_settled_by_a_refund(fake, client, society, inbox, pay):
    charge = pay("pm_card_createIssuerFraudRecord")
    warning = client.v1.radar.early_fraud_warnings.list({"charge": charge.id}, society).data[0]
    assert (warning.actionable, warning.payment_intent) == (True, charge.payment_intent)
    refund(client, society, charge)
    assert client.v1.radar.early_fraud_warnings.retrieve(warning.id, options=society).actionable is False
    fake.wait_until_quiet()
    assert inbox.types().count("radar.early_fraud_warning.created") == 1
    assert inbox.types().count("radar.early_fraud_warning.updated") == 1


def test_a_warning_becomes_a_dispute(fake, client, society, pay):
    charge = pay()
    warning = fake.do("warn_of_fraud", account=ACCOUNT, charge=charge.id)
    fake.dispute(ACCOUNT, charge.id)
    assert client.v1.radar.early_fraud_warnings.retrieve(warning["id"], options=society).actionable is False
    with pytest.raises(ApiError, match="cannot be disputed"):
        fake.dispute(ACCOUNT, charge.id)


def test_an_inquiry_moves_no_money_and_a_refund_ends_it(fake, client, society, pay):
    charge = pay("pm_card_createDisputeInquiry")
    inquiry = client.v1.disputes.list({}, society).data[0]
    assert (inquiry.status, inquiry.balance_transactions, inquiry.is_charge_refundable) == (
        "warning_needs_response",
        [],
        True,
    )
    assert refund(client, society, charge).status == "succeeded"
    assert client.v1.disputes.retrieve(inquiry.id, options=society).status == "warning_closed"


def test_an_inquiry_becomes_a_dispute_which_is_won(fake, client, society, inbox, pay):
    charge = pay("pm_card_createDisputeInquiry")
    inquiry = client.v1.disputes.list({}, society).data[0].id
    fake.do("escalate_inquiry", account=ACCOUNT, dispute=inquiry)
    assert net(client, society, inquiry) == -270_00
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refund(client, society, charge)
    assert refusal.value.code == "charge_disputed"
    assert fake.do("decide_dispute", account=ACCOUNT, dispute=inquiry, is_won=True)["status"] == "won"
    assert net(client, society, inquiry) == -20_00
    fake.wait_until_quiet()
    kinds = [kind for kind in inbox.types() if kind.startswith("charge.dispute.")]
    assert sorted(kinds) == sorted(
        f"charge.dispute.{word}" for word in ("created", "funds_withdrawn", "updated", "funds_reinstated", "closed")
    )


def test_an_inquiry_ends_by_itself_and_a_dispute_without_an_answer_is_lost(fake, client, society, pay):
    pay("pm_card_createDisputeInquiry")
    pay("pm_card_createDispute")
    fake.advance(8 * DAY)
    assert {one.status for one in client.v1.disputes.list({}, society).data} == {"lost", "warning_needs_response"}
    fake.advance(120 * DAY)
    assert {one.status for one in client.v1.disputes.list({}, society).data} == {"lost", "warning_closed"}


def test_evidence_is_looked_at_before_it_is_decided(fake, client, society, pay):
    pay("pm_card_createDispute")
    ident = client.v1.disputes.list({}, society).data[0].id
    draft = client.v1.disputes.update(ident, {"evidence": {"uncategorized_text": "x"}, "submit": False}, society)
    assert (draft.status, draft.evidence_details.submission_count) == ("needs_response", 0)
    sent = client.v1.disputes.update(ident, {"evidence": {"uncategorized_text": "They got a certificate."}}, society)
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    fake.advance(30 * DAY)  # the merchant has answered in time
    assert client.v1.disputes.retrieve(ident, options=society).status == "under_review"
    assert client.v1.disputes.close(ident, options=society).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        client.v1.disputes.update(ident, {"evidence": {"uncategorized_text": "but"}}, society)


def test_a_refund_may_take_days(fake, client, society, pay):
    sent = refund(client, society, pay("pm_card_pendingRefund"))
    assert (sent.status, sent.balance_transaction is None) == ("pending", False)
    fake.advance(4 * DAY)
    assert client.v1.refunds.retrieve(sent.id, options=society).status == "succeeded"


def test_a_refund_that_had_succeeded_fails_in_days(fake, client, society, inbox, pay):
    charge = pay("pm_card_refundFail")
    sent = refund(client, society, charge)
    assert sent.status == "succeeded"
    fake.advance(4 * DAY)
    failed = client.v1.refunds.retrieve(sent.id, options=society)
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert net(client, society, sent.id) == 0
    assert client.v1.charges.retrieve(charge.id, options=society).amount_refunded == 0
    fake.wait_until_quiet()
    assert inbox.types().count("refund.failed") == 1
    with pytest.raises(ApiError, match="failed already"):
        fake.fail_refund(ACCOUNT, sent.id)


def test_a_refund_that_fails_while_it_waits_for_money_is_not_sent_later(fake, client, society, pay):
    charge = pay()
    fake.advance(4 * DAY)
    fake.do("pay_out", account=ACCOUNT)
    waiting = refund(client, society, charge)
    assert (waiting.status, waiting.pending_reason) == ("pending", "insufficient_funds")
    fake.fail_refund(ACCOUNT, waiting.id)
    fake.top_up(ACCOUNT, 1_000_00)
    assert client.v1.refunds.retrieve(waiting.id, options=society).status == "failed"
    assert net(client, society, waiting.id) == 0


def test_a_refund_in_the_dashboard_is_like_any_other(fake, client, society, pay):
    charge = pay()
    made = fake.do("refund_in_dashboard", account=ACCOUNT, payment_intent=charge.payment_intent, amount=50_00)
    found = client.v1.refunds.list({"payment_intent": charge.payment_intent}, society).data
    assert [(one.id, one.amount, one.metadata.to_dict()) for one in found] == [(made["id"], 50_00, {})]


def test_a_payout_comes_back_days_after_it_was_paid(fake, client, society, inbox, pay):
    pay()
    fake.advance(4 * DAY)
    payout = client.v1.payouts.create({"amount": 246_05, "currency": "gbp"}, society)
    fake.advance(2 * DAY)
    assert client.v1.payouts.retrieve(payout.id, options=society).status == "paid"
    fake.do("fail_payout", account=ACCOUNT, payout=payout.id)
    failed = client.v1.payouts.retrieve(payout.id, {"expand": ["failure_balance_transaction"]}, society)
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert (failed.failure_balance_transaction.type, failed.failure_balance_transaction.amount) == (
        "payout_failure",
        246_05,
    )
    assert client.v1.balance.retrieve(options=society).available[0].amount == 246_05
    fake.wait_until_quiet()
    assert inbox.types().count("payout.failed") == 1
    with pytest.raises(ApiError, match="failed already"):
        fake.do("fail_payout", account=ACCOUNT, payout=payout.id)


def test_a_payout_by_schedule_says_what_is_in_it_and_one_by_hand_does_not(fake, client, society, pay):
    charges = [pay(), pay()]
    fake.advance(4 * DAY)
    payout = fake.do("pay_out", account=ACCOUNT)
    assert (payout["automatic"], payout["amount"]) == (True, 2 * 246_05)
    inside = client.v1.balance_transactions.list({"payout": payout["id"]}, society).data
    assert {one.source for one in inside} == {*(charge.id for charge in charges), payout["id"]}
    assert sum(one.net for one in inside) == 0
    with pytest.raises(ApiError, match="nothing to pay out"):
        fake.do("pay_out", account=ACCOUNT)
    fake.top_up(ACCOUNT, 10_00)
    by_hand = client.v1.payouts.create({"amount": 10_00, "currency": "gbp"}, society)
    with pytest.raises(stripe.InvalidRequestError, match="automatic transfers"):
        client.v1.balance_transactions.list({"payout": by_hand.id}, society)


def test_an_officer_changes_the_schedule_in_the_dashboard(fake, client, society, inbox):
    fake.do("set_payout_interval", account=ACCOUNT, interval="weekly")
    assert client.v1.balance_settings.retrieve(options=society).payments.payouts.schedule.interval == "weekly"
    fake.wait_until_quiet()
    assert "balance_settings.updated" in inbox.types()
    with pytest.raises(stripe.InvalidRequestError, match=r"payments\[payouts\]\[minimum_balance_by_currency\]"):
        asked = {"payments": {"payouts": {"minimum_balance_by_currency": {"gbp": 1}}}}
        client.v1.balance_settings.update(asked, society)
    assert "minimum_balance_by_currency" in fake.not_understood[0]


def test_top_ups_are_kept_and_listed(client, fake):
    made = client.v1.topups.create({"amount": 50_00, "currency": "gbp", "description": "Reserve"})
    assert [one.id for one in client.v1.topups.list().data] == [made.id]
    assert client.v1.topups.retrieve(made.id).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.topups.create({"amount": -1, "currency": "gbp"})


def test_pay_by_bank_may_be_refused_at_the_bank(fake, client, society):
    session = client.v1.checkout.sessions.create(shares(), society)
    assert fake.pay(session.id, "pm_payByBank_fail")["status"] == "open"
    assert fake.pay(session.id, "pm_payByBank_success")["payment_status"] == "paid"
