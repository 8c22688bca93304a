"""A receipt recorded wrongly: answered by a second row, by two people, its money moved, or refused with words."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from common import clock, outbox
from common.models import OutgoingMail
from compliance import approvals
from members import books
from offers import applications
from payments import balances, cancellations, receipts, undoing
from payments.models import Receipt, Refund
from tests.factories import close_and_decide, make_offer, make_user, paid, submit, take

pytestmark = pytest.mark.django_db
WHY = "It was another Ann Brown’s."


def undo(receipt, to=None):
    undoing.prepare(receipt, reason=WHY, to=to, by=make_user())
    contra = undoing.approve(receipt, by=make_user())
    receipt.application.refresh_from_db()
    return contra


def receipt_of(application) -> Receipt:
    return Receipt.objects.filter(application=application, reverses=None).latest("recorded_at", "pk")


def mails(subject) -> list[str]:
    return sorted(OutgoingMail.objects.filter(subject_id=subject.pk).values_list("kind", flat=True))


def test_an_application_that_was_paid_by_it_waits_again_and_both_rows_stand():
    offer = make_offer()
    application = paid(offer)
    contra = undo(receipt_of(application))
    application.refresh_from_db()
    offer.refresh_from_db()
    assert (application.state, application.paid_at) == ("awaiting-payment", None)
    assert (offer.taken_pence, balances.held_pence(application)) == (500_00, 0)
    assert (contra.amount_pence, contra.note, Receipt.objects.count()) == (-500_00, WHY, 2)
    assert mails(contra) == ["payment-undone"]
    assert list(books.faults()) == []


def test_the_days_to_pay_begin_anew_and_being_paid_is_told_again():
    application = paid(make_offer())
    outbox.send_due()
    with clock.stopped(application.pay_by_at + timedelta(days=1)):
        undo(receipt_of(application))
        application.refresh_from_db()
        assert application.pay_by_at == clock.later(clock.now(), days=application.offer.transfer_days)
        assert not applications.lapse(application)
        receipts.take(application, amount_pence=500_00, method="bank-transfer")
    application.refresh_from_db()
    assert application.state == "paid"
    assert [kind for kind in mails(application) if kind == "application-paid"] == ["application-paid"]
    assert OutgoingMail.objects.get(kind="application-paid").sent_at is None


def test_a_message_that_is_not_true_any_more_is_not_sent():
    application = paid(make_offer())
    undo(receipt_of(application))
    assert "application-paid" not in mails(application)


def test_the_money_is_moved_to_the_application_that_it_belongs_to():
    offer = make_offer()
    wrong, right = paid(offer), submit(offer)
    receipt = receipt_of(wrong)
    undo(receipt, to=right)
    right.refresh_from_db()
    wrong.refresh_from_db()
    assert (wrong.state, right.state, balances.held_pence(right)) == ("awaiting-payment", "paid", 500_00)
    moved = receipt_of(right)
    assert (moved.received_at, moved.method) == (receipt.received_at, "bank-transfer")
    assert moved.note.startswith("Moved from ")
    assert list(books.faults()) == []


def test_one_of_two_receipts_undone_makes_the_rest_the_sum_due():
    application = submit(make_offer())
    receipts.take(application, amount_pence=500_00 - 1, method="bank-transfer")
    receipts.take(application, amount_pence=2, method="bank-transfer")
    receipts.take(application, amount_pence=1, method="bank-transfer")
    undo(Receipt.objects.get(amount_pence=2))
    application.refresh_from_db()
    assert (application.state, balances.held_pence(application)) == ("paid", 500_00)


def test_nothing_is_undone_with_one_person_and_twice_is_once():
    receipt, tess = receipt_of(paid(make_offer())), make_user()
    with pytest.raises(approvals.NotApproved, match="Nothing waits"):
        undoing.approve(receipt, by=tess)
    undoing.prepare(receipt, reason=WHY, by=tess)
    with pytest.raises(approvals.NotApproved, match="another officer"):
        undoing.approve(receipt, by=tess)
    assert undoing.withdraw(receipt, by=tess)
    assert not undoing.withdraw(receipt, by=tess)
    undoing.prepare(receipt, reason=WHY, by=tess)
    first = undoing.approve(receipt, by=make_user())
    assert undoing.approve(receipt, by=make_user()) == first
    with pytest.raises(ValidationError, match="undone already"):
        undoing.prepare(receipt, reason=WHY, by=tess)
    with pytest.raises(ValidationError, match="undone already"):
        undoing.prepare(first, reason=WHY, by=tess)


def test_it_is_refused_once_money_goes_back_or_shares_are_allotted():
    cancelled, offer = paid(make_offer()), make_offer(minimum_pence=100_00)
    cancellations.cancel(cancelled)
    allotted = paid(offer)
    undoing.prepare(receipt_of(allotted), reason=WHY, by=make_user())
    close_and_decide(offer)
    with pytest.raises(ValidationError, match="going back"):
        undoing.prepare(receipt_of(cancelled), reason=WHY, by=make_user())
    with pytest.raises(ValidationError, match="Reverse the entry"):
        undoing.approve(receipt_of(allotted), by=make_user())
    assert not Receipt.objects.filter(reverses__isnull=False).exists()


def test_it_needs_words_and_another_application_of_the_same_society():
    receipt = receipt_of(paid(make_offer()))
    with pytest.raises(ValidationError, match="Say why"):
        undoing.prepare(receipt, reason="", by=make_user())
    for to in (receipt.application, submit(make_offer())):
        with pytest.raises((ValidationError, KeyError)):
            undoing.prepare(receipt, reason=WHY, to=to, by=make_user())


def test_what_was_undone_is_never_paid_back():
    application = paid(make_offer())
    receipt = receipt_of(application)
    undo(receipt)
    assert balances.refundable(society_id=application.society_id, application=application) == {}
    row = {"society_id": receipt.society_id, "receipt": receipt, "application": application, "way": "society"}
    with pytest.raises(DatabaseError, match="more than what came in"), transaction.atomic():
        Refund.objects.create(amount_pence=1, rule="x", reason="x", due_at=clock.now(), **row)


def test_a_lapsed_application_loses_what_was_never_its_own():
    application = submit(make_offer())
    take(application, 100_00)
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        applications.lapse(application)
        undo(receipt_of(application))
    application.refresh_from_db()
    assert (application.state, balances.held_pence(application)) == ("lapsed", 0)
