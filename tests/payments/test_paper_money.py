"""Cheques and cash: one officer records, another confirms, and only then it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock
from common.models import AuditEvent
from offers.choices import OfficerRole
from payments import balances, lapsing, paper_money, receipts
from payments.models import PaperMoney, Receipt
from tests.factories import make_offer, make_officer, make_user, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return make_user()


@pytest.fixture
def second():
    return make_user()


def recorded(application, by, **said) -> PaperMoney:
    facts = {"amount_pence": application.due_pence, "method": application.method, "received_on": clock.today()}
    return paper_money.record(application, **facts | said, by=by)


def state(application) -> str:
    application.refresh_from_db()
    return application.state


@pytest.mark.parametrize("method", ["cheque", "cash"])
def test_it_counts_once_another_officer_has_seen_it(first, second, method):
    application = submit(make_offer(), method=method)
    row = recorded(application, first)
    assert (state(application), Receipt.objects.count()) == ("awaiting-payment", 0)
    receipt = paper_money.confirm(row, banked_on=clock.today(), by=second)
    assert (state(application), balances.held_pence(application)) == ("paid", 500_00)
    assert (receipt.method, receipt.recorded_by, receipt.confirmed_by) == (method, first, second)
    row.refresh_from_db()
    assert (row.receipt, row.banked_on) == (receipt, clock.today())
    assert set(AuditEvent.objects.filter(subject_id=row.pk).values_list("act", flat=True)) == {
        "paper.record",
        "paper.confirm",
    }


def test_nobody_confirms_what_they_recorded(first):
    row = recorded(submit(make_offer(), method="cheque"), first)
    with pytest.raises(ValidationError, match="Another officer must confirm"):
        paper_money.confirm(row, banked_on=clock.today(), by=first)
    assert Receipt.objects.count() == 0


def test_a_button_pressed_twice_counts_once(first, second):
    application = submit(make_offer(), method="cheque")
    row = recorded(application, first)
    assert paper_money.confirm(row, banked_on=clock.today(), by=second) == paper_money.confirm(
        row, banked_on=clock.today(), by=second
    )
    assert balances.held_pence(application) == 500_00
    with pytest.raises(ValidationError, match="already"):
        paper_money.confirm(row, banked_on=clock.today(), by=make_user())


def test_what_is_taken_out_never_counts(first, second):
    row = recorded(submit(make_offer(), method="cheque"), first)
    paper_money.withdraw(row, by=second)
    paper_money.withdraw(row, by=second)
    with pytest.raises(ValidationError, match="already"):
        paper_money.confirm(row, banked_on=clock.today(), by=make_user())
    with pytest.raises(ValidationError, match="already"):
        paper_money.withdraw(row, by=first)
    assert (Receipt.objects.count(), paper_money.waiting(row.society_id).count()) == (0, 0)


def test_the_days_are_in_order(first, second):
    application = submit(make_offer(), method="cheque")
    today, day = clock.today(), timedelta(days=1)
    with pytest.raises(ValidationError, match="future"):
        recorded(application, first, received_on=today + day)
    row = recorded(application, first, received_on=today)
    for wrong in (today - day, today + day):
        with pytest.raises(ValidationError, match="between"):
            paper_money.confirm(row, banked_on=wrong, by=second)
    with pytest.raises(ValidationError, match="above £0"):
        recorded(application, first, amount_pence=0)
    with pytest.raises(ValidationError, match="Only cheques and cash"):
        recorded(application, first, method="bank-transfer")


def test_what_arrived_in_time_keeps_its_place_until_somebody_has_decided(first, second):
    application = submit(make_offer(), method="cheque")
    row = recorded(application, first)
    with clock.stopped(application.pay_by_at + timedelta(days=2)):
        assert not lapsing.lapse(application)
        paper_money.confirm(row, banked_on=clock.today(), by=second)
    assert state(application) == "paid"


def test_once_it_is_taken_out_the_application_lapses(first):
    application = submit(make_offer(), method="cheque")
    row = recorded(application, first)
    with clock.stopped(application.pay_by_at + timedelta(days=2)):
        paper_money.withdraw(row, by=first)
        assert lapsing.lapse(application)


def test_one_person_alone_gets_no_receipt_by_any_door(first):
    application = submit(make_offer(), method="cheque")
    for people in ({}, {"by": first}, {"by": first, "confirmed_by": first}):
        with pytest.raises(ValidationError, match="two officers"):
            receipts.take(application, amount_pence=500_00, method="cheque", **people)
    assert receipts.take(application, amount_pence=500_00, method="cheque", by=first, on_statement=True).pk


def test_the_desk_walks_both_officers_through(client):
    application = submit(make_offer(), method="cheque")
    society = application.offer.society
    treasurer, secretary = make_officer(society, OfficerRole.TREASURER), make_officer(society)
    desk = f"/office/{society.slug}/"
    today = clock.today()
    days = {"day": today.day, "month": today.month, "year": today.year}
    client.force_login(treasurer)
    form = {"amount_pence": "500", "method": "cheque", "note": "Cheque 000123"}
    sent = form | {f"received_on_{part}": str(value) for part, value in days.items()}
    page = client.post(f"{desk}applications/{application.reference}/", sent, follow=True).content.decode()
    assert "counts once another officer has confirmed it" in page
    row = PaperMoney.objects.get()
    where = f"{desk}money/by-hand/{row.pk}/"
    banked = {f"banked_on_{part}": str(value) for part, value in days.items()}
    assert "Needs another officer" in client.get(desk).content.decode()
    assert "I have seen it too" not in client.get(where).content.decode()
    assert "Another officer must confirm it" in client.post(where, banked).content.decode()
    client.force_login(secretary)
    assert "Needs you" in client.get(desk).content.decode()
    assert "Cheque of £500" in client.get(f"{desk}money/").content.decode()
    assert "There is a problem" in client.post(where, {}).content.decode()
    assert "It counts now" in client.post(where, banked, follow=True).content.decode()
    assert state(application) == "paid"
    assert "confirmed by" in client.get(f"{desk}applications/{application.reference}/").content.decode()
    client.force_login(make_officer(society, OfficerRole.BOARD))
    assert client.get(where).status_code == 404
    client.force_login(make_officer(make_offer().society))
    assert client.get(where).status_code == 404
    assert client.get(where.replace(society.slug, make_offer().society.slug)).status_code == 404


def test_the_desk_takes_out_what_was_wrong(client):
    application = submit(make_offer(), method="cash")
    society = application.offer.society
    row = recorded(application, make_user())
    client.force_login(make_officer(society, OfficerRole.TREASURER))
    where = f"/office/{society.slug}/money/by-hand/{row.pk}/"
    assert "Count the cash yourself" in client.get(where).content.decode()
    page = client.post(where, {"act": "withdraw"}, follow=True).content.decode()
    assert "It never counted" in page
    assert "Taken out by" in client.get(where).content.decode()
