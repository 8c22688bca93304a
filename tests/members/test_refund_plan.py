"""The dry run: the refunds that the decision or a failure would bring, with fees and balance; nothing is written."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from common import clock
from members import allotment, refund_dry_run
from offers import applications
from offers.choices import OfficerRole
from payments import refunds, sending
from payments.models import Receipt, Refund
from tests.factories import close_and_decide, make_officer, paid, submit, take
from tests.payments.conftest import ACCOUNT, fake, site  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(site):  # noqa: F811
    """£500 by card, £500 by transfer and £100 of £300 by cheque, for an offer that needs £5,000."""
    offer = site.offer(minimum_pence=5_000_00)
    site.paid(site.applied(offer=offer))
    site.deliver()
    paid(offer)
    take(submit(offer, 300_00, method="cheque"), 100_00)
    return offer


def parts(plan) -> list[tuple]:
    return [(part.method, part.way, part.number, part.sum_pence, part.fee_pence) for part in plan.parts]


def after_the_end(offer):
    return clock.stopped(allotment.earliest(offer) + timedelta(seconds=1))


def test_if_the_offer_failed_everybody_is_in_it_by_the_way_they_paid(offer):
    plan = refund_dry_run.run(offer, "everybody")
    assert parts(plan)[0] == ("card", "stripe", 1, 500_00, 7_70)
    assert sorted(parts(plan)[1:]) == [
        ("bank-transfer", "society", 1, 500_00, 0),
        ("cheque", "society", 1, 100_00, 0),
    ]
    assert (plan.sum_pence, plan.stripe_pence, plan.society_pence, plan.fee_pence) == (
        1_100_00, 500_00, 600_00, 7_70)  # fmt: skip
    assert (Refund.objects.count(), sending.send_due()) == (0, 0)
    assert all(row.is_planned for row in plan.rows)


def test_the_balance_says_what_is_missing(offer, site):  # noqa: F811
    plan = refund_dry_run.run(offer, "everybody")
    assert (plan.balance.available_pence, plan.balance.pending_pence) == (0, 492_30)
    assert (plan.short_pence, plan.short_for_banks_pence) == (500_00, 0)
    site.fake.top_up(ACCOUNT, 1_000_00)
    plan = refund_dry_run.run(offer, "everybody")
    assert (plan.balance.available_pence, plan.short_pence) == (1_000_00, 0)


def test_without_word_from_stripe_the_rest_is_shown(offer, site):  # noqa: F811
    site.away("GET", "^/v1/balance$")
    plan = refund_dry_run.run(offer, "everybody")
    assert (plan.balance, plan.short_pence, plan.sum_pence) == (None, 0, 1_100_00)
    assert "could not be reached" in plan.unknown


def test_the_dry_run_of_the_decision_is_what_the_decision_then_owes(offer):
    with after_the_end(offer):
        lapsing = Receipt.objects.get(method="cheque").application
        applications.lapse(lapsing)
        planned = refund_dry_run.run(offer, "decision")
    close_and_decide(offer)
    offer.refresh_from_db()
    owed = Refund.objects.filter(application__offer=offer).values_list("receipt_id", "amount_pence")
    assert sorted(owed) == sorted((row.receipt_id, row.amount_pence) for row in planned.rows)
    assert refund_dry_run.choices(offer) == ["due"]
    due = refund_dry_run.run(offer, "due")
    assert (due.sum_pence, {row.is_planned for row in due.rows}) == (1_100_00, {False})


def test_what_is_owed_already_is_counted_once(offer):
    application = Receipt.objects.get(method="bank-transfer").application
    refunds.owe(application, 200_00, rule="AMT-1", reason="x")
    plan = refund_dry_run.run(offer, "everybody")
    assert (plan.sum_pence, len(plan.rows)) == (1_100_00, 4)


def test_the_page_shows_it_to_every_officer_and_writes_nothing(client, offer):
    client.force_login(make_officer(offer.society, OfficerRole.AUDITOR))
    here = f"/office/{offer.society.slug}/offers/{offer.slug}/refunds/"
    text = client.get(here + "?what=everybody").content.decode()
    for words in ("If the offer failed", "£1,100", "£7.70", "The balance covers a part", "not due yet", "Cheque"):
        assert words in text, words
    assert "As the offer stands now" in client.get(here + "?what=nonsense").content.decode()
    assert client.post(here).status_code == 405
    assert not Refund.objects.exists()


def test_the_command_prints_a_line_each_and_the_sums(offer):
    out, said = io.StringIO(), io.StringIO()
    call_command("refund_plan", offer.society.slug, offer.slug, "--everybody", stdout=out, stderr=said)
    lines = out.getvalue().splitlines()
    assert lines[0] == "reference,name,amount,came_by,goes_back,state"
    assert len(lines) == 4
    assert lines[1].endswith(",500.00,card,stripe,planned")
    for words in ("3 refunds of 1100.00", "own account: 600.00", "price list: 7.70", "short by 500.00"):
        assert words in said.getvalue(), words
    with pytest.raises(CommandError, match="no such offer"):
        call_command("refund_plan", "nobody", "nothing")
