"""Money that goes back before the decision because the society says so: two people, and the right sum."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock
from common.models import OutgoingMail
from compliance import approvals
from members import books
from offers import applications
from payments import balances, giving_back, receipts
from payments.models import Refund
from tests.factories import close_and_decide, make_offer, make_user, paid, submit

pytestmark = pytest.mark.django_db
WHY = "You asked us to."


def part_paid(amount_pence: int, offer=None):
    application = submit(offer or make_offer())
    receipts.take(application, amount_pence=amount_pence, method="bank-transfer")
    application.refresh_from_db()
    return application


def lapsed(amount_pence: int):
    application = part_paid(amount_pence)
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        applications.lapse(application)
    application.refresh_from_db()
    return application


def give_back(application, what="all"):
    giving_back.prepare(application, what=what, reason=WHY, by=make_user())
    giving_back.approve(application, by=make_user())
    application.refresh_from_db()


def owed(application) -> list[tuple[int, str, str]]:
    return list(Refund.objects.filter(application=application).values_list("amount_pence", "rule", "reason"))


def test_a_paid_application_is_refunded_whole_and_its_room_is_free_again():
    offer = make_offer()
    application = paid(offer)
    give_back(application)
    offer.refresh_from_db()
    assert (application.state, offer.taken_pence, balances.held_pence(application)) == ("cancelled", 0, 0)
    assert owed(application) == [(500_00, "SOC-1", WHY)]
    assert OutgoingMail.objects.filter(kind="application-cancelled").count() == 0  # the refund's message says it
    assert list(books.faults()) == []


def test_nothing_moves_with_one_person():
    application, tess = paid(make_offer()), make_user()
    with pytest.raises(approvals.NotApproved, match="Nothing waits"):
        giving_back.approve(application, by=tess)
    giving_back.prepare(application, what="all", reason=WHY, by=tess)
    with pytest.raises(approvals.NotApproved, match="another officer"):
        giving_back.approve(application, by=tess)
    application.refresh_from_db()
    assert (application.state, owed(application)) == ("paid", [])
    assert giving_back.withdraw(application, by=tess)
    assert not giving_back.withdraw(application, by=tess)
    with pytest.raises(approvals.NotApproved, match="Nothing waits"):
        giving_back.approve(application, by=make_user())


def test_what_is_too_much_goes_back_and_the_rest_pays():
    application = part_paid(510_00)
    assert giving_back.choices(application) == {"all": 510_00, "excess": 10_00}
    give_back(application, "excess")
    assert (application.state, balances.held_pence(application)) == ("paid", 500_00)
    assert owed(application) == [(10_00, "SOC-1", WHY)]
    assert list(books.faults()) == []


def test_a_part_payment_goes_back_and_the_application_ends():
    application = part_paid(300_00)
    assert giving_back.choices(application) == {"all": 300_00}
    give_back(application)
    assert (application.state, owed(application)) == ("cancelled", [(300_00, "SOC-1", WHY)])


def test_what_a_lapsed_application_holds_goes_back_and_it_stays_lapsed():
    application = lapsed(300_00)
    give_back(application)
    assert (application.state, owed(application)) == ("lapsed", [(300_00, "SOC-1", WHY)])


def test_a_lapsed_application_is_taken_up_again_once_what_is_too_much_has_gone():
    application = lapsed(510_00)
    give_back(application, "excess")
    assert (application.state, balances.held_pence(application)) == ("paid", 500_00)
    assert list(books.faults()) == []


def test_money_that_came_meanwhile_makes_what_was_prepared_void():
    application = part_paid(300_00)
    giving_back.prepare(application, what="all", reason=WHY, by=make_user())
    receipts.take(application, amount_pence=200_00, method="bank-transfer")
    application.refresh_from_db()
    assert giving_back.has_changed(application, giving_back.waiting(application))
    with pytest.raises(approvals.NotApproved, match="prepared again"):
        giving_back.approve(application, by=make_user())
    application.refresh_from_db()
    assert (application.state, owed(application)) == ("paid", [])


def test_after_the_decision_and_without_money_nothing_can_go_back():
    waits, offer = submit(make_offer()), make_offer(minimum_pence=100_00)
    allotted = paid(offer)
    close_and_decide(offer)
    allotted.refresh_from_db()
    for application in (waits, allotted):
        assert giving_back.choices(application) == {}
        with pytest.raises(ValidationError, match="no money"):
            giving_back.prepare(application, what="all", reason=WHY, by=make_user())
    with pytest.raises(ValidationError, match="Say why"):
        giving_back.prepare(paid(make_offer()), what="all", reason="", by=make_user())
    with pytest.raises(ValidationError, match="no money"):
        giving_back.prepare(paid(make_offer()), what="excess", reason=WHY, by=make_user())


def test_too_much_and_too_little_are_two_messages():
    for amount_pence, kind in ((510_00, "payment-too-much"), (300_00, "payment-not-exact")):
        receipt = part_paid(amount_pence).receipts.get()
        assert [mail.kind for mail in OutgoingMail.objects.filter(subject_id=receipt.pk)] == [kind]
