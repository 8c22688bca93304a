"""What is done about each kind of event, over HTTP: disputes, payouts, debits that bounce, orphans, others' refunds."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from common import clock, outbox
from common.models import OutgoingMail
from payments import clearing, gateway, lapsing, reactions, refunds, sending, webhooks
from payments.fakestripe import schema
from payments.models import Dispute, Payout, Receipt, Refund, StripeEventOutcome, SuspenseItem
from tests.payments.conftest import ACCOUNT, kinds, open_accounts

pytestmark = pytest.mark.django_db
LISTED = [
    *(f"checkout.session.{end}" for end in
      ("completed", "async_payment_succeeded", "async_payment_failed", "expired")),
    *(f"payment_intent.{end}" for end in ("processing", "succeeded", "payment_failed", "canceled")),
    "charge.updated",
    *(f"refund.{end}" for end in ("created", "updated", "failed")),
    *(f"charge.dispute.{end}" for end in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")),
    *(f"payout.{end}" for end in ("created", "paid", "failed", "canceled")),
    "radar.early_fraud_warning.created",
    "mandate.updated", "setup_intent.succeeded", "setup_intent.setup_failed",
]  # fmt: skip


@pytest.mark.parametrize("kind", LISTED)
def test_every_event_that_we_subscribe_to_is_answered_or_left_on_purpose(kind):
    assert (kind in reactions.REACTIONS) != (kind in reactions.NOT_NEEDED)


def test_the_tables_name_only_events_that_stripe_has():
    assert {*reactions.REACTIONS, *reactions.NOT_NEEDED} <= set(schema.event_names())


def test_a_card_payment_leaves_nothing_open_and_its_fee_comes_from_its_movement(site, paid):
    totals = {str(total.account): total.pence for total in clearing.totals(paid.society_id) if total.pence}
    assert totals == {"applicants": -500_00, "stripe": 500_00 - 7_70, "fees": 7_70}
    assert site.attempt(paid).charge_id == site.charges()[0]["id"]
    assert kinds() == []


def test_no_fee_is_booked_while_stripe_has_not_booked_it(site):
    site.fake.world.booking_delay = 3600
    application = site.applied()
    site.paid(application)
    site.deliver()
    application.refresh_from_db()
    assert application.state == "paid"
    assert open_accounts(application.society_id) == {"in-transit": 500_00}
    site.fake.advance(3601)
    site.deliver()
    assert open_accounts(application.society_id) == {}


def debit(site, how: str):
    """An application that is paid by Direct Debit, whose bank answers later."""
    application = site.applied(3_000_00, method="direct-debit")
    site.paid(application, how)
    site.deliver()
    return application


def test_a_debit_that_bounces_fails_and_its_place_is_free_again(site):
    application = debit(site, "pm_bacsDebit_fail")
    assert site.attempt(application).state == "processing"
    site.fake.advance(10 * 86_400)
    site.deliver()
    assert (site.attempt(application).state, Receipt.objects.count()) == ("failed", 0)
    application.refresh_from_db()
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        assert lapsing.lapse_due() == 1


def test_a_refund_of_part_and_of_all_shows_on_the_attempt(site, paid):
    refunds.owe(paid, 200_00, rule="OFF-5", reason="Scaled back.")
    sending.send_due()
    site.deliver()
    assert site.attempt(paid).state == "part-refunded"
    refunds.owe(paid, 300_00, rule="OFF-5", reason="All of it.")
    sending.send_due()
    site.deliver()
    assert site.attempt(paid).state == "refunded"
    assert open_accounts(paid.society_id) == {}


def test_money_that_belongs_to_no_application_has_a_name_and_its_payer_is_told(site, paid):
    charge = site.orphan()
    site.deliver()
    item = SuspenseItem.objects.get()
    assert (item.kind, item.subject, item.amount_pence) == ("no-application", charge["id"], 70_00)
    assert open_accounts(paid.society_id) == {"in-transit": -70_00}
    mail = OutgoingMail.objects.get(kind="money-not-placed")
    outbox.send_due()
    mail.refresh_from_db()
    assert (mail.to, bool(mail.sent_at)) == ("stranger@example.org", True)
    assert "Your money is safe" in mail.text
    assert "£70" in mail.text


def test_a_refund_made_in_the_dashboard_is_an_exception_and_changes_no_state(site, paid):
    made = site.refund_in_dashboard(site.charges()[0])
    site.deliver()
    item = SuspenseItem.objects.get()
    assert (item.kind, item.subject, item.application_id) == ("outside-refund", made.id, paid.pk)
    paid.refresh_from_db()
    assert (paid.state, site.attempt(paid).state) == ("paid", "refunded")
    assert open_accounts(paid.society_id) == {"refunds": 500_00}


def test_a_refund_made_in_the_dashboard_that_was_owed_is_that_refund(site, paid):
    refunds.owe_all(paid, rule="OFF-2", reason="The offer failed.")
    made = site.refund_in_dashboard(site.charges()[0])
    site.deliver()
    row = Refund.objects.get()
    assert (row.state, row.stripe_id, kinds()) == ("done", made.id, [])
    assert open_accounts(paid.society_id) == {}
    assert sending.send_due() == 0


def test_a_refused_refund_that_was_made_in_the_dashboard_after_all_is_done(site, paid):
    refunds.owe_all(paid, rule="OFF-2", reason="The offer failed.")
    site.refund_in_dashboard(site.charges()[0])
    sending.send_due()  # refused: it went back already
    assert Refund.objects.get().state == "failed"
    site.deliver()
    assert (Refund.objects.get().state, kinds()) == ("done", [])


def test_a_dispute_is_kept_and_named_and_a_won_one_brings_the_money_back(site, paid):
    site.dispute()
    site.deliver()
    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.attempt, dispute.amount_pence) == ("open", site.attempt(paid), 500_00)
    assert (kinds(), open_accounts(paid.society_id)) == (["dispute"], {"disputes": 500_00})
    site.decide_dispute(is_won=True)
    dispute.refresh_from_db()
    assert (dispute.state, kinds(), open_accounts(paid.society_id)) == ("won", [], {})
    paid.refresh_from_db()
    assert paid.state == "paid"  # a flag on the payment, never a state


def test_a_lost_dispute_waits_for_a_person(site, paid):
    site.dispute()
    site.decide_dispute(is_won=False)
    assert (Dispute.objects.get().state, kinds()) == ("lost", ["dispute-lost"])
    assert open_accounts(paid.society_id) == {"disputes": 500_00}


def test_a_refund_that_a_dispute_overtook_is_done_when_the_payer_has_the_money(site, paid):
    site.dispute()
    refunds.owe_all(paid, rule="OFF-2", reason="The offer failed.")
    sending.send_due()
    site.deliver()
    assert (Refund.objects.get().state, kinds()) == ("failed", ["dispute"])
    site.decide_dispute(is_won=False)
    row = Refund.objects.get()
    assert (row.state, row.stripe_id, kinds()) == ("done", Dispute.objects.get().stripe_id, [])
    assert open_accounts(paid.society_id) == {}


def test_a_refund_that_only_the_dispute_held_up_is_tried_again_when_it_is_won(site, paid):
    site.dispute()
    refunds.owe_all(paid, rule="OFF-2", reason="The offer failed.")
    sending.send_due()
    site.decide_dispute(is_won=True)
    assert kinds() == []
    assert list(sending.waiting()) == [Refund.objects.get()]  # it waits for Stripe, no more for a person


def test_a_debit_taken_back_is_lost_from_its_first_moment(site):
    debit(site, "pm_bacsDebit_success")
    site.fake.advance(10 * 86_400)
    site.deliver()
    site.dispute()
    site.deliver()
    assert (Dispute.objects.get().state, kinds()) == ("lost", ["dispute-lost"])


def pay_out(site) -> object:
    api, account = site.stripe()
    site.fake.advance(10 * 86_400)
    return api.payouts.create({"amount": 100_00, "currency": "gbp"}, account)


def test_a_payout_is_posted_when_it_leaves_and_stripes_word_moves_nothing(site, paid):
    made = pay_out(site)
    site.deliver()
    assert (Payout.objects.get().state, open_accounts(paid.society_id)) == ("pending", {"payouts": 100_00})
    site.fake.advance(2 * 86_400)
    site.deliver()
    payout = Payout.objects.get()
    assert (payout.stripe_id, payout.state) == (made.id, "paid")
    assert payout.reference.startswith("FP")
    assert open_accounts(paid.society_id) == {"payouts": 100_00}  # until the bank's statement has it


def test_a_payout_that_is_cancelled_leaves_nothing_open(site, paid):
    made = pay_out(site)
    api, account = site.stripe()
    api.payouts.cancel(made.id, None, account)
    site.deliver()
    assert (Payout.objects.get().state, open_accounts(paid.society_id), kinds()) == ("canceled", {}, [])


def test_a_payout_that_the_bank_sends_back_is_named(site, paid):
    made = pay_out(site)
    site.fake.advance(2 * 86_400)
    site.deliver()
    site.fake.do("fail_payout", account=ACCOUNT, payout=made.id)
    site.deliver()
    payout = Payout.objects.get()
    assert (payout.state, kinds(), open_accounts(paid.society_id)) == ("failed", ["payout-failed"], {})
    assert payout.failure
    assert {str(t.account): t.pence for t in clearing.totals(paid.society_id)}["bank"] == 0


def test_money_that_stripe_pays_out_by_its_schedule_is_named(site, paid):
    site.fake.advance(10 * 86_400)
    site.fake.do("pay_out", account=ACCOUNT)
    site.deliver()
    assert (Payout.objects.get().is_automatic, kinds()) == (True, ["automatic-payout"])


def test_a_warning_of_fraud_is_named_beside_its_application(site, paid):
    site.fake.do("warn_of_fraud", account=ACCOUNT, charge=site.charges()[0]["id"])
    site.deliver()
    item = SuspenseItem.objects.get()
    assert (item.kind, item.application_id, item.amount_pence) == ("fraud-warning", paid.pk, 500_00)
    assert StripeEventOutcome.objects.filter(outcome="a warning for a person").count() == 1


def only(site, kind: str) -> None:
    """Of all that Stripe has sent, only word of this kind arrives."""
    site.fake.deliver(lambda letter: site.post(letter) if json.loads(letter.body)["type"] == kind else 500)
    webhooks.work_through()


@pytest.mark.parametrize(
    ("deed", "kind", "named"),
    [
        ("dispute", "charge.dispute.created", "dispute"),
        ("warn_of_fraud", "radar.early_fraud_warning.created", "fraud-warning"),
    ],
)
def test_what_a_bank_says_of_a_payment_that_we_were_not_told_of_is_about_its_application(site, deed, kind, named):
    application = site.applied()
    site.paid(application)
    site.fake.do(deed, account=ACCOUNT, charge=site.charges()[0]["id"])
    only(site, kind)
    application.refresh_from_db()
    item = SuspenseItem.objects.get()
    assert (item.kind, item.application_id, item.amount_pence) == (named, application.pk, 500_00)
    assert application.state == "paid"
    assert [dispute.attempt for dispute in Dispute.objects.all()] in ([], [site.attempt(application)])


def test_a_bank_that_only_asks_is_named_and_may_come_to_a_dispute(site, paid):
    site.fake.do("inquire", account=ACCOUNT, charge=site.charges()[0]["id"])
    site.deliver()
    dispute = Dispute.objects.get()
    assert (dispute.state, kinds(), open_accounts(paid.society_id)) == ("inquiry", ["dispute"], {})
    site.fake.do("escalate_inquiry", account=ACCOUNT, dispute=dispute.stripe_id)
    site.deliver()
    dispute.refresh_from_db()
    assert (dispute.state, open_accounts(paid.society_id)) == ("open", {"disputes": 500_00})


def test_money_of_another_currency_is_named_and_the_payer_is_told_that_we_are_checking(site, client):
    application = site.applied()
    attempt = site.paid(application)
    site.fake.world.store.change(site.sessions()[0], currency="eur")
    webhooks.store(gateway.Event("evt_eur", "checkout.session.completed", ACCOUNT, attempt.session_id, False))
    webhooks.work_through()
    item = SuspenseItem.objects.get()
    assert (item.kind, item.currency, item.application_id) == ("wrong-currency", "eur", application.pk)
    assert OutgoingMail.objects.filter(kind="money-not-placed", to=application.email).count() == 1
    assert "We are checking your payment" in client.get(f"/a/{application.token}/").content.decode()


def test_money_of_another_sum_is_named_beside_its_application(site):
    application = site.applied()
    attempt = site.paid(application)
    site.fake.world.store.change(site.sessions()[0], amount_total=1_00)
    webhooks.store(gateway.Event("evt_sum", "checkout.session.completed", ACCOUNT, attempt.session_id, False))
    webhooks.work_through()
    item = SuspenseItem.objects.get()
    assert (item.kind, item.amount_pence, item.facts["asked_pence"]) == ("wrong-amount", 1_00, 500_00)
