"""A comparison that an officer asks for, and Stripe accounts that a society had before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock
from common.models import AuditEvent
from members import books, office_todo
from offers.choices import OfficerRole
from payments import accounts, clearing, comparing, earlier_accounts, looking_after, reconciling, refunds, settling
from payments.choices import ComparisonStep
from payments.models import ComparisonRequest, Reconciliation, Refund, StripeAccount, SuspenseItem
from tests.factories import connect, make_officer, make_society
from tests.payments.conftest import ACCOUNT, OTHER, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(site):
    return site.offer(max_application_pence=None)


@pytest.fixture
def by(offer):
    return make_officer(offer.society, OfficerRole.TREASURER)


def test_what_is_asked_for_is_done_once_and_says_who_asked(site, offer, by):
    site.paid(site.applied(offer=offer))
    request = comparing.ask(offer.society, by=by)
    assert comparing.ask(offer.society, by=make_officer(offer.society)) == request
    assert comparing.run_asked() == 1
    assert comparing.run_asked() == 0
    report = Reconciliation.objects.get()
    assert (report.request, report.request.asked_by, report.differences) == (request, by, [])
    assert report.counts["posted"] == 1
    request.refresh_from_db()
    assert (request.step, request.ended_at >= request.asked_at) == (ComparisonStep.BALANCE, True)
    assert comparing.open_request(offer.society) is None
    assert comparing.ask(offer.society, by=by) != request
    assert AuditEvent.objects.filter(act="stripe.compare").count() == 2


def test_without_an_account_there_is_nothing_to_ask_for(by):
    with pytest.raises(ValidationError, match="no Stripe account"):
        comparing.ask(make_society(), by=by)


def test_every_step_is_told_in_its_order(site, offer):
    site.paid(site.applied(offer=offer))
    told = []
    reconciling.reconcile(offer.society, tell=lambda step, seen: told.append((step, seen)))
    assert told == [(step, 0) for step in ComparisonStep.values]
    assert [comparing.place_of(step) for step in ["", *ComparisonStep.values]] == list(range(11))


def test_long_lists_are_told_of_as_they_are_read(site, offer, monkeypatch):
    monkeypatch.setattr(reconciling, "EACH", 2)
    for _ in range(4):
        site.orphan()
    told = []
    reconciling.reconcile(offer.society, tell=lambda step, seen: told.append((step, seen)))
    assert [pair for pair in told if pair[0] == "movements"] == [("movements", n) for n in (0, 2, 4)]


def test_one_that_a_dead_worker_had_in_hand_is_taken_again_and_a_living_ones_is_not(site, offer, by):
    request = comparing.ask(offer.society, by=by)
    rows = ComparisonRequest.objects.filter(pk=request.pk)
    rows.update(step="refunds", step_at=clock.now())
    assert comparing.run_asked() == 0
    with clock.stopped(clock.now() + comparing.GIVEN_UP_AFTER + timedelta(seconds=1)):
        assert comparing.run_asked() == 1
    assert rows.get().ended_at


def page(client, society) -> str:
    answer = client.get(f"/office/{society.slug}/money/stripe/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_treasurer_asks_on_the_page_sees_how_far_it_is_and_what_was_found(site, offer, by, client):
    client.force_login(by)
    here = f"/office/{offer.society.slug}/money/stripe/"
    assert "Compare now" in page(client, offer.society)
    assert client.post(here).status_code == 302
    said = page(client, offer.society)
    assert "Waits for its turn" in said
    assert f"Asked for by {by}" in said
    assert "Compare now" not in said
    ComparisonRequest.objects.update(step="refunds", seen=400, step_at=clock.now())
    assert "Comparing: step 5 of 10, refunds (400 read)" in page(client, offer.society)
    with clock.stopped(clock.now() + timedelta(minutes=3)):
        assert "It has not moved for some minutes" in page(client, offer.society)
    ComparisonRequest.objects.update(step="", seen=0, step_at=None)
    comparing.run_asked()
    said = page(client, offer.society)
    assert f"{by} asked for it." in said
    assert "the books are Stripe’s to the penny" in said
    assert "Missing here, posted now" in said


def test_a_comparison_of_the_night_says_so(site, offer, by, client):
    client.force_login(by)
    reconciling.reconcile_all()
    assert "By itself, as each night." in page(client, offer.society)


def test_who_may_not_handle_money_asks_for_nothing(site, offer, client):
    client.force_login(make_officer(offer.society, OfficerRole.AUDITOR))
    assert "Compare now" not in page(client, offer.society)
    assert client.post(f"/office/{offer.society.slug}/money/stripe/").status_code == 403
    client.force_login(make_officer(make_society()))
    assert client.post(f"/office/{offer.society.slug}/money/stripe/").status_code == 404
    assert not ComparisonRequest.objects.exists()


def test_a_society_without_an_account_has_no_button(site, client):
    society = make_society()
    client.force_login(make_officer(society))
    assert "Compare now" not in page(client, society)
    assert client.post(f"/office/{society.slug}/money/stripe/").status_code == 302
    assert not ComparisonRequest.objects.exists()


def moved_on(offer) -> StripeAccount:
    """The society has ended its account and has another one; the ended one."""
    account = StripeAccount.objects.get(account_id=ACCOUNT)
    accounts.end(account)
    connect(offer.society, OTHER)
    account.refresh_from_db()
    return account


def test_an_earlier_account_is_compared_until_it_is_at_nothing(site, offer):
    site.paid(site.applied(offer=offer))
    account = moved_on(offer)
    first, earlier = reconciling.reconcile(offer.society)
    assert (first.account_id, earlier.account_id, earlier.differences) == (OTHER, ACCOUNT, [])
    assert earlier.ledger_pence == earlier.stripe_pence == 500_00 - 7_70
    assert [report.account_id for report in reconciling.last(offer.society_id)] == [OTHER, ACCOUNT]
    site.fake.advance(10 * 86_400)
    site.fake.do("pay_out", account=ACCOUNT)
    assert [report.account_id for report in reconciling.reconcile(offer.society)] == [OTHER, ACCOUNT]
    assert (clearing.balance_pence(offer.society_id, ACCOUNT), earlier_accounts.is_at_nothing(account)) == (0, False)
    assert [piece[0] for piece in earlier_accounts.open_pieces(account)] == ["payouts"]  # on its way to the bank
    clearing.write(offer.society_id, "seen", "seen", {"bank": 492_30, "payouts": -492_30},
                   source=earlier_accounts.open_pieces(account)[0][1], happened_at=clock.now())  # fmt: skip
    assert earlier_accounts.is_at_nothing(account)
    assert [report.account_id for report in reconciling.reconcile(offer.society)] == [OTHER]
    assert [report.account_id for report in reconciling.last(offer.society_id)] == [OTHER]


def test_each_account_is_read_from_its_own_last_movement(site, offer):
    site.paid(site.applied(offer=offer))
    reconciling.reconcile(offer.society)
    moved_on(offer)
    site.fake.advance(9 * 86_400)
    reports = reconciling.reconcile(offer.society)
    assert {report.account_id: report.counts["movements"] for report in reports} == {OTHER: 0, ACCOUNT: 1}
    assert [report.watermark_at is None for report in reports] == [True, False]


def test_an_account_that_left_with_nothing_is_compared_no_more(site, offer):
    reconciling.reconcile(offer.society)
    account = moved_on(offer)
    site.fake.do("deauthorize", account=ACCOUNT)
    assert [report.differences for report in reconciling.reconcile(offer.society)] == [[], []]
    assert earlier_accounts.is_at_nothing(account)
    assert len(reconciling.reconcile(offer.society)) == 1
    assert kinds() == []


def test_an_account_that_left_with_money_is_named_and_settled_by_a_person(site, offer, by):
    site.paid(site.applied(offer=offer))
    orphan = site.orphan()
    reconciling.reconcile(offer.society)
    account = moved_on(offer)
    site.fake.do("deauthorize", account=ACCOUNT)
    for _ in range(2):
        serving, earlier = reconciling.reconcile(offer.society)
        assert serving.differences == []
        assert "has left this site with £561.05 in our ledger" in earlier.differences[0]
    assert kinds() == ["account-gone", "no-application"]
    assert office_todo.clearing(offer.society).differences == 1
    assert [piece[:2] for piece in earlier_accounts.open_pieces(account)] == [("in-transit", orphan["id"])]
    settling.resolve(SuspenseItem.objects.get(kind="account-gone"), "It was paid out to our bank by Stripe.", by=by)
    totals = {str(total.account): total.pence for total in clearing.totals(offer.society_id)}
    assert (totals["stripe"], totals["in-transit"], totals["settled"]) == (0, 0, 561_05 - 70_00)
    assert [report.differences for report in reconciling.reconcile(offer.society)] == [[], []]
    assert len(reconciling.reconcile(offer.society)) == 1
    assert list(books.faults()) == []


def test_a_refund_through_an_account_that_is_gone_is_paid_by_the_society(site, offer, by):
    application = site.applied(offer=offer)
    site.paid(application)
    reconciling.reconcile(offer.society)
    application.refresh_from_db()
    row = refunds.owe_all(application, rule="OFF-2", reason="The offer failed.")[0]
    site.fake.do("deauthorize", account=ACCOUNT)
    Refund.objects.filter(pk=row.pk).update(state="failed", next_try_at=None)
    with pytest.raises(ValidationError, match="Stripe says no"):
        looking_after.leave_stripe(row, by=by)  # we do not know yet that the account has left
    accounts.end(StripeAccount.objects.get(account_id=ACCOUNT))
    assert looking_after.leave_stripe(row, by=by).way == "society"
