"""Cheques and cash: one officer records, another confirms, and only then it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from common import clock, ids, outbox
from common.models import AuditEvent, OutgoingMail
from members import allotment, books
from offers.choices import OfficerRole
from payments import balances, cancellations, lapsing, paper_money, paper_waiting, receipts, releasing, undoing
from payments.models import PaperMoney, Receipt, Refund
from payments.statements import deciding
from tests import worlds
from tests.factories import make_offer, make_officer, make_user, paid, submit
from tests.payments.statements.making import arrived

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
    with pytest.raises(ValidationError, match="Only the officer who recorded this"):
        paper_money.withdraw(row, by=second)
    paper_money.withdraw(row, by=first)
    paper_money.withdraw(row, by=first)
    for decided in (
        lambda: paper_money.confirm(row, banked_on=clock.today(), by=second),
        lambda: paper_money.refuse(row, why="Not signed.", by=second),
        lambda: paper_money.withdraw(row, by=second),
    ):
        with pytest.raises(ValidationError, match="already"):
            decided()
    assert (Receipt.objects.count(), paper_waiting.waiting(row.society_id).count()) == (0, 0)
    assert OutgoingMail.objects.filter(kind="paper-money-refused").count() == 0


def test_the_second_officer_refuses_with_a_reason_and_the_first_is_told(first, second):
    row = recorded(submit(make_offer(), method="cheque"), first)
    with pytest.raises(ValidationError, match="Say what is not right"):
        paper_money.refuse(row, why=" ", by=second)
    with pytest.raises(ValidationError, match="You recorded this"):
        paper_money.refuse(row, why="Not signed.", by=first)
    paper_money.refuse(row, why="It is for £50, and  not signed.", by=second)
    paper_money.refuse(row, why="Once more.", by=second)
    row.refresh_from_db()
    assert (row.withdrawn_by, row.why_withdrawn, row.is_refused) == (second, "It is for £50, and not signed.", True)
    mail.outbox.clear()
    outbox.send_due()
    (message,) = [sent for sent in mail.outbox if "Not confirmed" in sent.subject]
    assert (message.to, "£500" in message.subject, str(second) in message.body) == ([first.email], True, True)
    assert "It is for £50, and not signed." in message.body
    assert f"/money/by-hand/{row.pk}/" in message.body


def test_whoever_had_the_old_one_before_them_confirms_nothing(first, second):
    """The control: what was confirmed is what stands there; a row that was corrected counts under neither sum."""
    application = submit(make_offer(), method="cheque")
    row = recorded(application, first)
    right = {"amount_pence": 50_00, "method": "cheque", "received_on": clock.today(), "key": ids.uuid7()}
    with pytest.raises(ValidationError, match="Only the officer who recorded this"):
        paper_money.correct(row, **right, by=second)
    newer = paper_money.correct(row, **right, by=first)
    assert paper_money.correct(row, **right, by=first) == newer
    with pytest.raises(ValidationError, match="corrected already"):
        paper_money.confirm(row, banked_on=clock.today(), by=second)
    with pytest.raises(ValidationError, match="recorded anew already"):
        paper_money.correct(row, **right | {"key": ids.uuid7()}, by=first)
    assert paper_money.confirm(newer, banked_on=clock.today(), by=second).amount_pence == 50_00
    assert balances.held_pence(application) == 50_00
    with pytest.raises(ValidationError, match="already"):
        paper_money.correct(newer, **right | {"key": ids.uuid7()}, by=first)


def test_what_was_in_hand_in_time_is_in_time_after_it_was_refused_and_corrected(first, second):
    application = submit(make_offer(), method="cheque")
    with clock.stopped(application.pay_by_at - timedelta(minutes=1)):
        row = recorded(application, first, received_on=clock.today())
        day = clock.today()
    with clock.stopped(application.pay_by_at + timedelta(days=1)):
        paper_money.refuse(row, why="Which cheque?", by=second)
        assert lapsing.lapse(application)
        row.refresh_from_db()
        newer = paper_money.correct(
            row, amount_pence=500_00, method="cheque", received_on=day, note="000123", key=ids.uuid7(), by=second
        )
        assert newer.in_hand_at == row.recorded_at
        receipt = paper_money.confirm(newer, banked_on=clock.today(), by=first)
    assert receipt.received_at == row.recorded_at
    assert (state(application), balances.held_pence(application)) == ("paid", 500_00)


def test_what_came_after_the_last_moment_holds_no_place(first):
    application = submit(make_offer(), method="cheque")
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        recorded(application, first)
        assert lapsing.lapse(application)


def test_late_money_by_another_way_lets_nothing_lapse_that_a_cheque_holds(first, second):
    application = submit(make_offer(), method="cheque")
    row = recorded(application, first, amount_pence=400_00)
    with clock.stopped(application.pay_by_at + timedelta(days=1)):
        receipts.take(application, amount_pence=100_00, method="bank-transfer")
        assert state(application) == "awaiting-payment"
        paper_money.confirm(row, banked_on=clock.today(), by=second)
    assert (state(application), balances.held_pence(application)) == ("paid", 500_00)


def test_more_than_is_due_is_asked_about_once(first, second):
    application = submit(make_offer(), method="cheque")
    row = recorded(application, first)
    receipts.take(application, amount_pence=500_00, method="bank-transfer")
    with pytest.raises(ValidationError, match="more than the £0 that is still due"):
        paper_money.confirm(row, banked_on=clock.today(), by=second)
    assert Receipt.objects.count() == 1
    paper_money.confirm(row, banked_on=clock.today(), by=second, surplus_seen=True)
    assert Refund.objects.get(application=application).amount_pence == 500_00


def test_an_offer_is_not_decided_while_a_cheque_waits(first, second):
    offer = make_offer()
    paid(offer, 1_000_00)
    row = recorded(cancellations.cancel(submit(offer, method="cheque")), first, amount_pence=500_00)
    with clock.stopped(clock.later(offer.closes_at(), days=60)):
        with pytest.raises(allotment.TooEarly, match="wait for a second officer, under Money: 1"):
            allotment.prepare(offer, by=first)
        paper_money.refuse(row, why="Sent back to the payer.", by=second)
        allotment.prepare(offer, by=first)


def test_what_a_line_of_the_bank_shows_needs_no_second_officer(first):
    application = submit(make_offer(), method="cheque")
    row = recorded(application, first)
    line = arrived(application.society, 500_00)
    deciding.accept(line, parts=[(application.pk, 500_00)], by=first)
    row.refresh_from_db()
    assert (row.is_waiting, row.confirmed_by, row.banked_on) == (False, None, line.booked_on)
    assert (row.receipt.on_statement, row.receipt.line_parts.count()) == (True, 1)
    assert (state(application), balances.held_pence(application)) == ("paid", 500_00)
    with pytest.raises(ValidationError, match="already"):
        paper_money.confirm(row, banked_on=clock.today(), by=make_user())
    assert list(books.faults()) == []


def test_a_cheque_that_is_confirmed_and_then_on_the_statement_is_one_sum(first, second):
    application = submit(make_offer(), 1_000_00, method="cheque")
    receipt = paper_money.confirm(recorded(application, first, amount_pence=500_00), banked_on=clock.today(), by=second)
    line = arrived(application.society, 500_00)
    with pytest.raises(ValidationError, match="counts for this application already") as refusal:
        deciding.accept(line, parts=[(application.pk, 500_00)], by=first)
    assert refusal.value.code == "by-hand"
    deciding.accept(line, recorded=[receipt.pk], by=first)
    assert (balances.held_pence(application), state(application)) == (500_00, "awaiting-payment")
    other = arrived(application.society, 500_00)
    deciding.accept(other, parts=[(application.pk, 500_00)], by=first)  # the cheque has its line: this is more money
    assert (balances.held_pence(application), state(application)) == (1_000_00, "paid")


def test_other_money_of_the_same_sum_is_counted_where_somebody_says_so(first, second):
    application = submit(make_offer(), 1_000_00, method="cheque")
    paper_money.confirm(recorded(application, first, amount_pence=500_00), banked_on=clock.today(), by=second)
    deciding.accept(arrived(application.society, 500_00), parts=[(application.pk, 500_00)], anew=True, by=first)
    assert balances.held_pence(application) == 1_000_00


def test_nobody_says_alone_that_a_statement_shows_it(first):
    """By any program: what claims to be on a statement and is no part of a line is refused at the commit."""
    application = submit(make_offer(), method="cheque")
    with pytest.raises(DatabaseError, match="a part of a line"), transaction.atomic():
        receipts.take(application, amount_pence=500_00, method="cheque", by=first, on_statement=True)
        worlds.run("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("is_moved", [False, True])
def test_both_people_stand_behind_a_receipt_that_was_undone_and_one_that_was_moved(first, second, is_moved):
    offer = make_offer()
    application, to = submit(offer, method="cheque"), submit(offer) if is_moved else None
    receipt = paper_money.confirm(recorded(application, make_user()), banked_on=clock.today(), by=make_user())
    undoing.prepare(receipt, reason="Another's.", to=to, by=first)
    contra = undoing.approve(receipt, by=second)
    rows = [contra, *Receipt.objects.filter(application=to)]
    assert {(row.recorded_by, row.confirmed_by, row.method) for row in rows} == {(first, second, "cheque")}
    assert len(rows) == 1 + is_moved


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
        assert not lapsing.lapse(application)
        paper_money.withdraw(row, by=first)
        assert lapsing.lapse(application)


def test_one_person_alone_gets_no_receipt_by_any_door(first):
    application = submit(make_offer(), method="cheque")
    for people in ({}, {"by": first}, {"by": first, "confirmed_by": first}):
        with pytest.raises(ValidationError, match="two officers"):
            receipts.take(application, amount_pence=500_00, method="cheque", **people)
    assert Receipt.objects.count() == 0


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
    banked = {"act": "confirm"} | {f"banked_on_{part}": str(value) for part, value in days.items()}
    page = client.get(desk).content.decode()
    assert "Needs another officer" in page
    assert f"Recorded by {treasurer}, {today.day} {today:%B %Y} (today)" in page
    with clock.stopped(clock.now() + timedelta(days=3)):
        assert "(3 days ago)" in client.get(desk).content.decode()
    assert "I have seen it too" not in client.get(where).content.decode()
    assert "Another officer must confirm it" in client.post(where, banked).content.decode()
    client.force_login(secretary)
    assert "Needs you" in client.get(desk).content.decode()
    assert "Cheque of £500" in client.get(f"{desk}money/").content.decode()
    assert "There is a problem" in client.post(where, {"act": "confirm"}).content.decode()
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
    page = client.post(where, {"act": "withdraw"}).content.decode()
    assert "Only the officer who recorded this" in page
    page = client.post(where, {"act": "refuse"}).content.decode()
    assert "Say what is not right" in page
    page = client.post(where, {"act": "refuse", "why": "There are only £480."}, follow=True).content.decode()
    assert "whoever recorded it is told why" in page
    page = client.get(where).content.decode()
    assert "Refused by" in page
    assert "There are only £480." in page
    form = {"act": "correct", "key": str(ids.uuid7()), "amount_pence": "480", "method": "cash"}
    today = clock.today()
    form |= {"received_on_day": today.day, "received_on_month": today.month, "received_on_year": today.year}
    assert "Enter" in client.post(where, form | {"amount_pence": ""}).content.decode()
    page = client.post(where, form, follow=True).content.decode()
    assert "Recorded anew" in page
    newer = PaperMoney.objects.get(replaces=row)
    assert (newer.amount_pence, newer.is_waiting) == (480_00, True)
    assert f"/money/by-hand/{newer.pk}/" in client.get(where).content.decode()
    page = client.post(
        where, {"act": "confirm"} | {f"banked_on_{k[12:]}": v for k, v in form.items() if k[:11] == "received_on"}
    )
    assert "corrected already" in page.content.decode()


def test_the_desk_asks_before_more_counts_than_is_due(client):
    application = submit(make_offer(), method="cheque")
    society = application.offer.society
    row = recorded(application, make_user())
    receipts.take(application, amount_pence=500_00, method="bank-transfer")
    client.force_login(make_officer(society, OfficerRole.TREASURER))
    where = f"/office/{society.slug}/money/by-hand/{row.pk}/"
    page = client.get(where).content.decode()
    assert "Counted for this application already" in page
    today = clock.today()
    form = {"act": "confirm", "banked_on_day": today.day, "banked_on_month": today.month, "banked_on_year": today.year}
    assert "tick the box only if it came as well" in client.post(where, form).content.decode()
    assert "It counts now" in client.post(where, form | {"surplus_seen": "on"}, follow=True).content.decode()


def test_a_paying_in_line_is_the_cheques_that_were_ticked(client, first, second):
    offer = make_offer()
    one, two = submit(offer, 200_00, method="cheque"), submit(offer, 300_00, method="cheque")
    receipt = paper_money.confirm(recorded(one, first), banked_on=clock.today(), by=second)
    row = recorded(two, first)
    society = offer.society
    line = arrived(society, 500_00, text="PAID IN 000017")
    client.force_login(make_officer(society, OfficerRole.TREASURER))
    where = f"/office/{society.slug}/bank/lines/{line.pk}/"
    page = client.get(where).content.decode()
    assert f"Recorded by {first}, confirmed by {second}" in page
    assert f"Recorded by {first}, not confirmed yet" in page
    assert "Tick the cheques and cash" in client.post(where, {"act": "by-hand"}).content.decode()
    short = client.post(where, {"act": "by-hand", "recorded": str(receipt.pk)}).content.decode()
    assert "The parts come to £200, and the line is £500" in short
    sent = {"act": "by-hand", "recorded": str(receipt.pk), "paper": str(row.pk)}
    assert client.post(where, sent).status_code == 302
    assert (state(one), state(two), balances.held_pence(one), balances.held_pence(two)) == (
        "paid", "paid", 200_00, 300_00,
    )  # fmt: skip
    page = client.get(where).content.decode()
    assert "seen on the bank’s statement" in page
    assert f"confirmed by {second}" in page
    assert "a line of the bank’s statement" in client.get(
        f"/office/{society.slug}/money/by-hand/{row.pk}/"
    ).content.decode()  # fmt: skip


def test_the_parts_of_a_line_ask_whether_a_cheque_is_meant(client, first, second):
    application = submit(make_offer(), 1_000_00, method="cheque")
    society = application.offer.society
    paper_money.confirm(recorded(application, first, amount_pence=500_00), banked_on=clock.today(), by=second)
    line = arrived(society, 500_00)
    client.force_login(make_officer(society, OfficerRole.TREASURER))
    where = f"/office/{society.slug}/bank/lines/{line.pk}/"
    form = {"act": "parts", "reference_1": application.reference, "pence_1": "500"}
    assert "This is other money" not in client.get(where).content.decode()
    page = client.post(where, form).content.decode()
    assert "counts for this application already" in page
    assert "This is other money" in page
    assert client.post(where, form | {"anew": "on"}).status_code == 302
    assert (state(application), balances.held_pence(application)) == ("paid", 1_000_00)


def test_the_place_of_a_cheque_that_waits_is_not_taken_away(first, second):
    application = submit(make_offer(), method="cheque")
    row = recorded(application, first)
    with pytest.raises(ValidationError, match="waits for a second officer"):
        releasing.release(application, reason="Nothing came.", by=second)
    paper_money.refuse(row, why="Another's.", by=second)
    releasing.release(application, reason="Nothing came.", by=second)
    assert state(application) == "lapsed"
