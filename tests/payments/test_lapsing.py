"""Unpaid applications go when their time is up, and never while their page could still be paid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from payments import gateway, lapsing, reconciling
from payments.models import Refund

pytestmark = pytest.mark.django_db


def minutes_on(application, count: float):
    """So many minutes after the application was made, which has 31."""
    return application.pay_by_at + timedelta(minutes=count - 31)


def state(application) -> str:
    application.refresh_from_db()
    return application.state


def test_after_31_minutes_it_lapses_and_its_page_is_closed(site):
    application = site.applied()
    site.start(application)
    with site.at(minutes_on(application, 30.9)):
        assert lapsing.lapse_due() == 0
    with site.at(minutes_on(application, 31.1)):
        assert lapsing.lapse_due() == 1
        assert lapsing.lapse_due() == 0
    assert (state(application), site.attempt(application).state) == ("lapsed", "expired")
    assert site.sessions()[0]["status"] == "expired"
    application.offer.refresh_from_db()
    assert application.offer.taken_pence == 0


def test_a_page_that_is_still_open_is_closed_first(site):
    """Stripe's clock is behind ours: it would still take money."""
    application = site.applied()
    site.start(application)
    with clock.stopped(minutes_on(application, 31.1)):
        assert lapsing.lapse_due() == 1
    assert site.sessions()[0]["status"] == "expired"


def test_one_that_was_paid_in_its_last_minute_is_paid(site):
    application = site.applied()
    site.paid(application)
    with site.at(minutes_on(application, 31.1)):
        assert lapsing.lapse_due() == 0
    assert state(application) == "paid"


def test_money_on_its_way_holds_the_place(site):
    application = site.applied()
    attempt = site.start(application)
    site.fake.world.store.change(site.sessions()[0], payment_method_types=["bacs_debit"])
    site.fake.pay(attempt.session_id, "pm_bacsDebit_success")
    with site.at(minutes_on(application, 31.1)):
        assert lapsing.lapse_due() == 0
    assert (state(application), site.attempt(application).state) == ("awaiting-payment", "processing")


def test_while_stripe_is_away_the_place_is_held(site):
    application = site.applied()
    site.start(application)
    with site.at(minutes_on(application, 31.1)):
        site.away("POST", "/expire$")
        assert lapsing.lapse_due() == 0
        assert state(application) == "awaiting-payment"
        assert lapsing.lapse_due() == 1


def test_one_that_stripe_does_not_know_does_not_hold_up_the_rest(site):
    offer = site.offer()
    unknown, other = site.applied(200_00, offer=offer), site.applied(300_00, offer=offer)
    site.start(unknown)
    site.start(other)
    site.fake.world.store.remove(site.sessions()[0])
    with clock.stopped(minutes_on(other, 31.1)):
        assert lapsing.lapse_due() == 1
    assert (state(unknown), state(other)) == ("awaiting-payment", "lapsed")


def test_one_that_never_went_to_the_page_lapses_too(site):
    application = site.applied()
    with site.at(minutes_on(application, 31.1)):
        assert lapsing.lapse_due() == 1
    assert (state(application), Refund.objects.count()) == ("lapsed", 0)


def test_an_attempt_whose_page_we_never_learnt_of_is_given_up_a_day_after_its_end(site):
    application = site.applied()
    site.away("POST", "^/v1/checkout/sessions$", "timeout_before")
    with pytest.raises(gateway.Unavailable):
        site.start(application)
    end = site.attempt(application).expires_at + lapsing.FORGOTTEN_AFTER
    with site.at(end):
        lapsing.lapse_due()
        assert site.attempt(application).state == "created"
    with site.at(end + timedelta(seconds=1)):
        lapsing.lapse_due()
        assert (site.attempt(application).state, site.attempt(application).ended_at) == ("failed", clock.now())


def test_one_that_was_given_up_and_paid_all_the_same_is_paid(site):
    """Stripe made the page and its answer was lost; where somebody paid there, Stripe's lists say so."""
    application = site.applied()
    site.away("POST", "^/v1/checkout/sessions$", "timeout_after")
    with pytest.raises(gateway.Unavailable):
        site.start(application)
    site.fake.pay(site.sessions()[0]["id"])
    with site.at(site.attempt(application).expires_at + lapsing.FORGOTTEN_AFTER + timedelta(seconds=1)):
        lapsing.lapse_due()
        assert site.attempt(application).state == "failed"
        (report,) = reconciling.reconcile(application.offer.society)
        assert report.differences == []
    assert (state(application), site.attempt(application).state) == ("paid", "succeeded")
