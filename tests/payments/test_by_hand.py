"""Paying back by hand: two people, the payer's bank details, never twice, and what comes back is due again."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from common.models import AuditEvent, OutgoingMail
from compliance import approvals
from payments import by_hand, looking_after, payees, receipts, refunds
from payments.models import PayeeAccount, Refund
from tests.factories import make_offer, make_user, paid, submit

pytestmark = pytest.mark.django_db
BANK = {"account_name": "A Person", "sort_code": "30-94-30", "account_number": "733445"}


@pytest.fixture
def owed() -> Refund:
    """A transfer of £500 that goes back."""
    return refunds.owe_all(paid(make_offer()), rule="OFF-2", reason="Failed.")[0]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def prepare(row, by=None, how="transfer", note="Bank reference 7"):
    return by_hand.prepare(row, how=how, note=note, by=by or make_user())


def kinds(row) -> set[str]:
    return set(OutgoingMail.objects.filter(subject_id=row.pk).values_list("kind", flat=True))


def test_one_officer_says_how_another_approves_and_it_is_done(owed):
    tess, sam = make_user(), make_user()
    prepare(owed, tess, how="cheque", note="Cheque 000123")
    assert fresh(owed).state == "due"  # nothing moves with one person
    done = by_hand.approve(owed, by=sam)
    assert (done.state, done.done_by, done.done_how, done.done_note) == ("done", sam, "cheque", "Cheque 000123")
    assert by_hand.approve(owed, by=make_user()).done_by == sam  # twice is harmless
    assert kinds(owed) == {"refund-due", "refund-done"}


def test_the_same_person_or_nobody_cannot_approve(owed):
    tess = make_user()
    with pytest.raises(approvals.NotApproved, match="Nothing waits"):
        by_hand.approve(owed, by=tess)
    prepare(owed, tess)
    with pytest.raises(approvals.NotApproved, match="another officer"):
        by_hand.approve(owed, by=tess)
    assert fresh(owed).state == "due"


def test_the_table_refuses_a_refund_that_one_person_calls_paid(owed):
    with pytest.raises(DatabaseError, match="takes two people"), transaction.atomic():
        Refund.objects.filter(pk=owed.pk).update(state="done", done_at=owed.due_at)


def test_bank_details_that_change_after_it_was_prepared_make_it_void(owed):
    payees.give(owed.application, **BANK)
    prepare(owed)
    payees.give(owed.application, **BANK | {"account_number": "11111111"}, by=make_user())
    with pytest.raises(approvals.NotApproved, match="prepared again"):
        by_hand.approve(owed, by=make_user())
    assert by_hand.has_changed(owed, by_hand.waiting(owed))
    assert fresh(owed).state == "due"
    prepare(owed, note="Bank reference 8")
    assert by_hand.approve(owed, by=make_user()).state == "done"


def test_what_was_withdrawn_cannot_be_approved(owed):
    prepare(owed)
    assert by_hand.withdraw(owed, by=make_user())
    assert not by_hand.withdraw(owed, by=make_user())
    with pytest.raises(approvals.NotApproved, match="Nothing waits"):
        by_hand.approve(owed, by=make_user())


def test_it_needs_words_and_a_way_that_can_be(owed):
    with pytest.raises(ValidationError, match="cheque number"):
        prepare(owed, note="")
    with pytest.raises(ValidationError, match="did not come through Stripe"):
        prepare(owed, how="dispute")


def test_a_cheque_that_comes_back_is_due_again_and_takes_two_people_again(owed):
    prepare(owed, how="cheque")
    with pytest.raises(ValidationError, match="come back"):
        looking_after.came_back(owed, by=make_user())
    by_hand.approve(owed, by=make_user())
    back = looking_after.came_back(owed, by=make_user())
    assert (back.state, back.failure_code, back.done_by) == ("failed", "came-back", None)
    with pytest.raises(approvals.NotApproved):
        by_hand.approve(owed, by=make_user())
    prepare(owed, note="Transfer 9")
    assert by_hand.approve(owed, by=make_user()).done_note == "Transfer 9"
    assert kinds(owed) == {"refund-due", "refund-done", "refund-failed", "refund-done-after-all"}


def test_an_officer_takes_a_refund_and_another_takes_it_over(owed):
    tess, sam = make_user(), make_user()
    first = looking_after.take(owed, by=tess)
    assert looking_after.take(owed, by=tess).taken_at == first.taken_at
    assert looking_after.take(owed, by=sam).taken_by == sam
    prepare(owed, tess)
    by_hand.approve(owed, by=sam)
    with pytest.raises(ValidationError, match="done"):
        looking_after.take(owed, by=tess)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sort_code": ""}, "Enter a sort code"),
        ({"sort_code": "12-34"}, "valid sort code like 309430"),
        ({"sort_code": "30.94.3O"}, "valid sort code"),
        ({"sort_code": "1234567"}, "valid sort code"),
        ({"sort_code": "१२३४५६"}, "valid sort code"),
        ({"account_number": ""}, "Enter an account number"),
        ({"account_number": "12345"}, "between 6 and 8 digits"),
        ({"account_number": "123456789"}, "between 6 and 8 digits"),
        ({"account_number": "12E45678"}, "valid account number like 00733445"),
        ({"account_number": "00000000"}, "valid account number"),
        ({"roll_number": "A" * 19}, "between 1 and 18 characters"),
        ({"roll_number": "12_3"}, "must only include letters"),
        ({"account_name": "  "}, "name on the account"),
    ],
)
def test_bank_details_that_cannot_be_say_why(owed, wrong, words):
    with pytest.raises(ValidationError, match=words):
        payees.give(owed.application, **BANK | wrong)
    assert not PayeeAccount.objects.exists()


def test_bank_details_are_kept_short_shown_masked_and_told_of(owed):
    payee = payees.give(owed.application, **BANK)
    assert (payee.sort_code, payee.account_number, payee.masked) == ("309430", "00733445", "••-••-30 ••••3445")
    assert payees.give(owed.application, **BANK).version == 1  # the same again is no change
    assert payees.give(owed.application, **BANK | {"roll_number": "ab 1/2"}, by=make_user()).roll_number == "AB 1/2"
    assert payees.show_whole(fresh(payee), by=make_user())["sort_code"] == "30-94-30"
    mails = OutgoingMail.objects.filter(kind__startswith="bank-details").values_list("kind", flat=True)
    assert sorted(mails) == ["bank-details-changed", "bank-details-given"]
    written = str(list(AuditEvent.objects.values_list("facts", flat=True)))
    assert "733445" not in written
    assert "309430" not in written


def test_nobody_is_asked_for_bank_details_without_a_refund():
    application = submit(make_offer())
    receipts.take(application, amount_pence=1_00, method="bank-transfer")
    with pytest.raises(ValidationError, match="No refund waits"):
        payees.give(application, **BANK)
