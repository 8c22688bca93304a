"""Money in: exactly right, too little, too much, too late, and again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock
from offers import applications, lifecycle
from payments import balances, cancellations, receipts
from payments.models import Receipt, Refund
from tests.factories import make_offer, make_user, paid, submit

pytestmark = pytest.mark.django_db


def take(application, amount_pence, **fields):
    receipt = receipts.take(application, amount_pence=amount_pence, method=application.method, **fields)
    application.refresh_from_db()
    return receipt


def back(application) -> list[tuple[int, str]]:
    return list(Refund.objects.filter(application=application).order_by("id").values_list("amount_pence", "rule"))


def test_exactly_what_is_due_makes_it_paid():
    application = submit(make_offer())
    take(application, 500_00)
    assert (application.state, balances.held_pence(application), back(application)) == ("paid", 500_00, [])


def test_too_little_is_held_until_the_rest_comes():
    application = submit(make_offer())
    take(application, 400_00)
    assert (application.state, balances.held_pence(application)) == ("awaiting-payment", 400_00)
    take(application, 100_00)
    assert application.state == "paid"


def test_too_much_does_not_make_it_paid():
    application = submit(make_offer())
    take(application, 500_01)
    assert (application.state, balances.held_pence(application), back(application)) == ("awaiting-payment", 500_01, [])


def test_paying_twice_sends_the_second_sum_back_at_once():
    application = paid(make_offer())
    take(application, 500_00)
    assert (application.state, balances.held_pence(application), back(application)) == (
        "paid", 500_00, [(500_00, "AMT-1")])  # fmt: skip


def lapsed(offer, amount_pence=500_00, **fields):
    application = submit(offer, amount_pence, **fields)
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        applications.lapse(application)
    return application


def late(application):
    return clock.stopped(application.pay_by_at + timedelta(hours=1))


def test_late_money_revives_an_application_while_there_is_room():
    offer = make_offer()
    application = lapsed(offer)
    with late(application):
        take(application, 500_00)
    offer.refresh_from_db()
    assert (application.state, offer.taken_pence, back(application)) == ("paid", 500_00, [])


def test_late_money_of_the_wrong_sum_waits_and_can_be_made_right():
    application = lapsed(make_offer())
    with late(application):
        take(application, 300_00)
        assert (application.state, back(application)) == ("lapsed", [])
        take(application, 200_00)
    assert application.state == "paid"


def test_late_money_goes_back_at_once_where_the_room_is_gone():
    offer = make_offer(maximum_pence=1_000_00, optimum_pence=1_000_00)
    application = lapsed(offer)
    with late(application):
        take(application, 100_00)  # waits for the rest
        submit(offer, 700_00)
        take(application, 400_00)
    assert (application.state, back(application)) == ("lapsed", [(400_00, "OFF-5"), (100_00, "OFF-5")])
    assert balances.held_pence(application) == 0


def test_late_money_goes_back_at_once_after_the_offer_closed():
    offer = make_offer()
    application = lapsed(offer)
    with clock.stopped(offer.closes_at() + timedelta(seconds=1)):
        take(application, 500_00)
    assert (application.state, back(application)) == ("lapsed", [(500_00, "OPN-1")])


def test_money_that_the_bank_had_in_time_counts_though_it_is_recorded_after_the_close():
    offer = make_offer()
    application = lapsed(offer)
    with clock.stopped(offer.closes_at() + timedelta(days=1)):
        take(application, 500_00, received_at=application.pay_by_at)
    assert application.state == "paid"


def test_an_application_made_in_time_may_be_paid_within_its_days_though_the_offer_closed():
    offer = make_offer()
    with clock.stopped(offer.closes_at() - timedelta(seconds=1)):
        application = submit(offer)
    with clock.stopped(application.pay_by_at):
        take(application, 500_00)
    assert application.state == "paid"


def test_money_past_its_days_lapses_the_application_first():
    offer = make_offer()
    application = submit(offer)
    lifecycle.close(offer, by=make_user())
    with late(application):
        take(application, 500_00)
    assert (application.state, back(application)) == ("lapsed", [(500_00, "OPN-1")])


def test_cancelling_owes_back_all_that_is_held():
    application = paid(make_offer())
    cancellations.cancel(application)
    application.refresh_from_db()
    assert (application.state, back(application)) == ("cancelled", [(500_00, "CNL-1")])


def test_money_for_a_cancelled_application_goes_back_at_once():
    application = submit(make_offer())
    cancellations.cancel(application)
    take(application, 500_00)
    assert (application.state, balances.held_pence(application)) == ("cancelled", 0)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_or_less_is_no_money(amount):
    with pytest.raises(ValidationError, match="above £0"):
        take(submit(make_offer()), amount)
    assert Receipt.objects.count() == 0


def test_money_cannot_arrive_in_the_future():
    application = submit(make_offer())
    with pytest.raises(ValidationError, match="future"):
        take(application, 500_00, received_at=clock.now() + timedelta(days=1))
