"""reconcile: without one webhook the books are Stripe's to the penny, and run twice it changes nothing."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from common import clock
from members import books
from payments import clearing, gateway, lapsing, reconciling, refunds, sending, webhooks
from payments.models import (
    CheckoutAttempt,
    Dispute,
    Payout,
    Posting,
    PostingSet,
    Receipt,
    Reconciliation,
    Refund,
    StripeEvent,
    SuspenseItem,
)
from tests.payments.conftest import ACCOUNT, open_accounts

pytestmark = pytest.mark.django_db
TABLES = [Dispute, Payout, Posting, PostingSet, Receipt, Refund, SuspenseItem]


def everything() -> dict:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}


@pytest.fixture
def offer(site):
    return site.offer(max_application_pence=None)


def reconciled(offer) -> Reconciliation:
    (report,) = reconciling.reconcile(offer.society)
    assert report.differences == []
    assert report.ledger_pence == report.stripe_pence == clearing.balance_pence(offer.society_id, ACCOUNT)
    return report


def test_without_one_webhook_everything_is_found(site, offer):
    applications = [site.applied(pence, offer=offer) for pence in (500_00, 400_00, 300_00)]
    for application in applications:
        site.paid(application)
    charges = site.charges()
    site.refund_in_dashboard(charges[1])
    site.orphan()
    site.fake.advance(10 * 86_400)
    site.fake.do("dispute", account=ACCOUNT, charge=charges[2]["id"])
    api, account = site.stripe()
    api.payouts.create({"amount": 10_00, "currency": "gbp"}, account)
    report = reconciled(offer)
    for application in applications:
        application.refresh_from_db()
    assert [application.state for application in applications] == ["paid"] * 3
    found = set(SuspenseItem.objects.values_list("kind", "amount_pence"))
    assert found == {("outside-refund", 400_00), ("dispute", 300_00), ("no-application", 70_00)}
    assert (Dispute.objects.get().state, Payout.objects.get().state) == ("open", "pending")
    assert open_accounts(offer.society_id) == {
        "in-transit": -70_00, "refunds": 400_00, "disputes": 300_00, "payouts": 10_00
    }  # fmt: skip
    assert (report.counts["movements"], report.counts["exceptions"]) == (7, 3)
    assert not StripeEvent.objects.exists()
    assert list(books.faults()) == []


def test_run_twice_it_changes_nothing_but_its_reports(site, offer):
    test_without_one_webhook_everything_is_found(site, offer)
    before = everything()
    reconciled(offer)
    assert everything() == before
    assert Reconciliation.objects.count() == 2


def test_after_the_webhooks_it_finds_nothing_new(site, offer):
    application = site.applied(offer=offer)
    site.paid(application)
    site.deliver()
    before = everything()
    reconciled(offer)
    assert everything() == before


def test_events_after_it_change_nothing_either(site, offer):
    application = site.applied(offer=offer)
    site.paid(application)
    reconciled(offer)
    before = everything()
    site.deliver()
    assert everything() == before


def test_a_page_whose_answer_was_lost_is_found_and_its_money_counted(site, offer):
    application = site.applied(offer=offer)
    site.away("POST", "^/v1/checkout/sessions$", "timeout_after")
    with pytest.raises(gateway.Unavailable):
        site.start(application)
    site.fake.pay(site.sessions()[0]["id"])
    reconciled(offer)
    application.refresh_from_db()
    assert (application.state, site.attempt(application).session_id) == ("paid", site.sessions()[0]["id"])


def test_a_receipt_that_a_crash_kept_from_us_is_written(site, offer):
    application = site.applied(offer=offer)
    attempt = site.paid(application)
    type(attempt).objects.filter(pk=attempt.pk).update(state="succeeded")  # and then the process died
    reconciled(offer)
    application.refresh_from_db()
    assert (application.state, Receipt.objects.count()) == ("paid", 1)


def test_a_refund_whose_answer_was_lost_is_found_by_its_mark(site, offer):
    application = site.applied(offer=offer)
    site.paid(application)
    reconciled(offer)
    application.refresh_from_db()
    refunds.owe_all(application, rule="OFF-2", reason="The offer failed.")
    site.away("POST", "^/v1/refunds$", "timeout_after")
    assert sending.send_due() == 0
    reconciled(offer)
    assert (Refund.objects.get().state, Refund.objects.get().stripe_id) == ("done", site.refunds()[0]["id"])
    assert open_accounts(offer.society_id) == {}
    assert sending.send_due() == 0


def test_a_refund_that_came_back_long_after_it_was_done_is_noticed(site, offer):
    application = site.applied(offer=offer)
    site.paid(application)
    reconciled(offer)
    application.refresh_from_db()
    refunds.owe_all(application, rule="OFF-2", reason="The offer failed.")
    sending.send_due()
    reconciled(offer)
    site.fake.advance(20 * 86_400)
    reconciled(offer)
    site.fake.do("fail_refund", account=ACCOUNT, refund=Refund.objects.get().stripe_id)
    reconciled(offer)
    assert (Refund.objects.get().state, Refund.objects.get().next_try_at) == ("failed", None)
    assert open_accounts(offer.society_id) == {}


def test_what_the_society_paid_back_itself_is_owed_no_more(site, offer):
    application = site.applied(offer=offer)
    site.paid(application)
    reconciled(offer)
    application.refresh_from_db()
    row = refunds.owe_all(application, rule="OFF-2", reason="The offer failed.")[0]
    paid_by_cheque = {"state": "done", "done_at": clock.now(), "done_how": "cheque"}
    Refund.objects.filter(pk=row.pk).update(state="failed", next_try_at=None)
    Refund.objects.filter(pk=row.pk).update(**paid_by_cheque)
    for _ in range(2):
        reconciled(offer)
        totals = {str(total.account): total.pence for total in clearing.totals(offer.society_id)}
        assert (totals["applicants"], totals["bank"]) == (0, -500_00)
    Refund.objects.filter(pk=row.pk).update(state="failed")  # the bank sent it back
    reconciled(offer)
    totals = {str(total.account): total.pence for total in clearing.totals(offer.society_id)}
    assert (totals["applicants"], totals["bank"]) == (-500_00, 0)


def test_only_three_days_before_the_last_movement_are_read_again(site, offer):
    site.paid(site.applied(offer=offer))
    reconciled(offer)
    site.fake.advance(9 * 86_400)
    site.orphan()
    assert reconciled(offer).counts["movements"] == 2
    assert reconciled(offer).counts["movements"] == 1


def test_what_stripe_books_under_an_earlier_moment_is_found_by_reading_everything(site, offer):
    site.paid(site.applied(offer=offer))
    reconciled(offer)
    site.orphan()
    late = site.fake.world.store.each(ACCOUNT, "balance_transaction")[-1]
    site.fake.world.store.change(late, created=late["created"] - 30 * 86_400)
    report = reconciled(offer)
    assert PostingSet.objects.filter(key=late["id"]).exists()
    assert report.counts["movements"] == 2


def test_what_cannot_be_is_a_difference_and_the_watermark_stays(site, offer):
    site.paid(site.applied(offer=offer))
    before = reconciled(offer)
    clearing.write(offer.society_id, "by-hand", "forged", {"stripe": 5, "bank": -5}, source="", happened_at=clock.now(),
                   account_id=ACCOUNT)  # fmt: skip
    site.fake.advance(86_400)
    site.orphan()
    (report,) = reconciling.reconcile(offer.society)
    assert report.ledger_pence == report.stripe_pence + 5
    assert len(report.differences) == 1
    assert "and Stripe says" in report.differences[0]
    assert report.watermark_at == before.watermark_at


def test_a_movement_that_is_posted_as_another_sum_is_a_difference(site, offer):
    site.paid(site.applied(offer=offer))
    reconciled(offer)
    moved = site.fake.world.store.each(ACCOUNT, "balance_transaction")[0]
    site.fake.world.store.change(moved, amount=moved["amount"] - 1, fee=moved["fee"] - 1)
    (report,) = reconciling.reconcile(offer.society)
    assert any(moved["id"] in difference for difference in report.differences)


def test_while_stripe_is_away_that_is_a_difference(site, offer):
    site.paid(site.applied(offer=offer))
    site.away("GET", "/v1/balance_transactions")
    (report,) = reconciling.reconcile(offer.society)
    assert "did not let us look" in report.differences[0]
    reconciled(offer)


def test_a_refund_that_stripe_does_not_know_is_a_difference(site, offer):
    application = site.applied(offer=offer)
    site.paid(application)
    reconciled(offer)
    application.refresh_from_db()
    row = refunds.owe_all(application, rule="OFF-2", reason="x")[0]
    Refund.objects.filter(pk=row.pk).update(state="done", done_at=clock.now(), stripe_id="re_invented")
    (report,) = reconciling.reconcile(offer.society)
    assert report.differences == ["Refund re_invented is done here, and Stripe does not list it."]


def test_a_page_that_stripe_has_forgotten_keeps_its_place_for_a_day_and_no_longer(site, offer):
    application = site.applied(offer=offer)
    attempt = site.start(application)
    site.fake.world.store.remove(site.sessions()[0])
    reconciled(offer)
    with clock.stopped(attempt.expires_at + lapsing.FORGOTTEN_AFTER - timedelta(seconds=1)):
        assert lapsing.lapse_due() == 0
    with clock.stopped(attempt.expires_at + lapsing.FORGOTTEN_AFTER):
        assert lapsing.lapse_due() == 1
    application.refresh_from_db()
    offer.refresh_from_db()
    assert (application.state, offer.taken_pence, site.attempt(application).state) == ("lapsed", 0, "failed")
    assert SuspenseItem.objects.get().kind == "page-forgotten"


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("reconcile", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_how_every_society_stands(site, offer):
    site.paid(site.applied(offer=offer))
    site.orphan()
    said = run("--society", offer.society.slug)
    assert said.startswith(f"{offer.society.slug}: ledger £")
    assert "open: no-application ch_" in said
    assert "0 days, the treasurer" in said


def test_money_for_an_attempt_that_a_restore_has_lost_is_named_at_once(site, offer):
    """An older backup was restored: the attempt will not come any more, and its money is at Stripe."""
    application = site.applied(offer=offer)
    attempt = site.paid(application)
    charge = site.charges()[0]
    site.refund_in_dashboard(charge, amount=100_00)
    site.fake.do("warn_of_fraud", account=ACCOUNT, charge=charge["id"])
    CheckoutAttempt.objects.filter(pk=attempt.pk).delete()
    reconciled(offer)
    item = SuspenseItem.objects.get(kind="no-application")
    assert (item.subject, item.amount_pence, item.facts["attempt"]) == (charge["id"], 500_00, str(attempt.pk))
    assert set(SuspenseItem.objects.values_list("kind", flat=True)) == {
        "no-application", "outside-refund", "fraud-warning",
    }  # fmt: skip


def test_a_refund_of_a_payment_that_nobody_told_of_is_about_its_application(site, offer):
    """Whose a payment is comes before what became of it."""
    site.paid(site.applied(offer=offer))
    reconciled(offer)
    application = site.applied(offer=offer)
    site.away("POST", "^/v1/checkout/sessions$", "timeout_after")
    with pytest.raises(gateway.Unavailable):
        site.start(application)
    lost = site.sessions()[-1]
    site.fake.pay(lost["id"])
    site.fake.world.store.change(lost, created=lost["created"] - 5 * 86_400)  # Stripe's list is not read so far back
    site.refund_in_dashboard(site.charges()[-1])
    reconciled(offer)
    item = SuspenseItem.objects.get()
    assert (item.kind, item.application_id) == ("outside-refund", application.pk)


def test_a_warning_of_fraud_that_no_webhook_told_of_is_found_once(site, offer):
    application = site.applied(offer=offer)
    site.paid(application)
    site.fake.do("warn_of_fraud", account=ACCOUNT, charge=site.charges()[0]["id"])
    assert reconciled(offer).counts["warnings"] == 1
    reconciled(offer)
    item = SuspenseItem.objects.get()
    assert (item.kind, item.application_id) == ("fraud-warning", application.pk)


def test_the_command_ends_with_one_where_something_differs(site, offer):
    site.away("GET", "/v1/balance$")
    with pytest.raises(CommandError, match="1 difference between") as end:
        run()
    assert end.value.returncode == 1


def test_the_command_refuses_what_it_cannot_do(site, settings):
    with pytest.raises(CommandError, match="There is no society"):
        run("--society", "nowhere")
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(CommandError, match="No Stripe key"):
        run()


def test_the_worker_compares_every_society_each_night(site, offer):
    site.elsewhere()
    assert reconciling.reconcile_all() == 0
    assert Reconciliation.objects.count() == 2
    assert webhooks.work_through() == 0
