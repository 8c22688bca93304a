"""Two officers, two workers at the same moment: a refund goes into one file, is paid once and sent once."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from common import clock
from members import books
from payments import batches, by_hand, cancellations, giving_back, payees, undoing
from payments.models import Receipt, Refund, RefundBatch
from tests.concurrency.threads import at_once
from tests.factories import applicant, make_offer, make_society, make_user, paid, person, submit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def society():
    return make_society(bank_sort_code="20-00-00", bank_account="12345678")


@pytest.fixture
def owed(society) -> Refund:
    row = cancellations.cancel(paid(make_offer(society))).refunds.get()
    payees.give(row.application, account_name="A", sort_code="309430", account_number="00733445")
    return row


def file_with(society, row, by):
    friday = clock.today() + timedelta(days=(4 - clock.today().weekday()) % 7)
    return batches.prepare(society, refund_ids=[row.pk], bank_format="bacs-csv", pay_on=friday, by=by)


def refusals(results) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def test_a_refund_that_two_put_into_a_file_stands_in_one(society, owed):
    results = at_once(*(partial(file_with, society, owed, make_user()) for _ in range(2)))
    assert refusals(results) == [ValidationError]
    assert RefundBatch.objects.count() == 1


def test_a_refund_is_paid_by_hand_or_by_a_file_and_never_by_both(society, owed):
    tess, sam = make_user(), make_user()
    results = at_once(
        partial(file_with, society, owed, tess), partial(by_hand.prepare, owed, how="cheque", note="1", by=sam)
    )
    assert refusals(results) == [ValidationError]


def test_two_who_approve_at_once_pay_once(owed):
    by_hand.prepare(owed, how="cheque", note="Cheque 1", by=make_user())
    first, second = at_once(*(partial(by_hand.approve, owed, by=make_user()) for _ in range(2)))
    assert first.done_by_id == second.done_by_id
    assert list(books.faults()) == []


def test_two_who_give_back_at_once_owe_once(society):
    application = paid(make_offer(society))
    giving_back.prepare(application, what="all", reason="You asked us to.", by=make_user())
    results = at_once(*(partial(giving_back.approve, application, by=make_user()) for _ in range(2)))
    assert len(refusals(results)) == 1
    assert Refund.objects.get().amount_pence == 500_00
    assert list(books.faults()) == []


def test_a_cancellation_and_an_undoing_at_once_do_not_both_take_the_money(society):
    application = paid(make_offer(society))
    receipt = application.receipts.get()
    undoing.prepare(receipt, reason="Another's.", by=make_user())
    at_once(partial(cancellations.cancel, application), partial(undoing.approve, receipt, by=make_user()))
    gone = Refund.objects.count() + Receipt.objects.filter(amount_pence__lt=0).count()
    assert gone == 1
    assert list(books.faults()) == []


def test_money_that_is_moved_there_and_back_at_once_meets_no_deadlock(society):
    offer = make_offer(society)
    one, other = (paid(offer, by_whom=applicant(person())) for _ in range(2))
    moves = []
    for here, there in ((one, other), (other, one)):
        receipt = here.receipts.get()
        undoing.prepare(receipt, reason="Mixed up.", to=there, by=make_user())
        moves.append(partial(undoing.approve, receipt, by=make_user()))
    assert refusals(at_once(*moves)) == []
    submit(offer)
    receipts_there = Receipt.objects.filter(reverses=None, reversal=None).count()
    assert receipts_there == 2
    assert list(books.faults()) == []
