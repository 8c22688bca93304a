"""What a person decides about an exception: taken, resolved in words, once, and what follows from it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from common import clock
from members import allotment, books
from payments import balances, sending, settling, suspense
from payments.models import Refund, SuspenseItem
from tests.factories import close_and_decide, make_user
from tests.payments.conftest import open_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def tess():
    return make_user()


def the_item() -> SuspenseItem:
    return SuspenseItem.objects.get(resolved_at=None)


def test_somebody_takes_it_and_somebody_else_takes_it_over(site, paid, tess):
    site.orphan()
    site.deliver()
    assert suspense.take(the_item(), by=tess).taken_by == tess
    ursula = make_user()
    suspense.take(the_item(), by=ursula)
    assert the_item().taken_by == ursula


def test_it_is_resolved_once_and_in_words(site, paid, tess):
    site.orphan()
    site.deliver()
    item = the_item()
    with pytest.raises(ValidationError, match="Say what was done"):
        settling.resolve(item, "  ", by=tess)
    settling.resolve(item, "A hall hire, paid by mistake here.", by=tess)
    item.refresh_from_db()
    assert (item.resolved_by, item.taken_by) == (tess, tess)
    assert open_accounts(item.society_id) == {}
    with pytest.raises(ValidationError, match="resolved already"):
        settling.resolve(item, "Again.", by=tess)
    with pytest.raises(ValidationError, match="resolved already"):
        suspense.take(item, by=make_user())
    assert list(books.faults()) == []


def test_a_paid_application_whose_money_went_back_ends_and_its_place_is_free(site, paid, tess):
    site.refund_in_dashboard(site.charges()[0], amount=200_00)
    site.deliver()
    settling.resolve(the_item(), "The applicant asked for it on the telephone.", by=tess)
    paid.refresh_from_db()
    assert (paid.state, balances.held_pence(paid)) == ("cancelled", 0)
    states = set(Refund.objects.values_list("amount_pence", "state"))
    assert states == {(200_00, "done"), (300_00, "due")}
    paid.offer.refresh_from_db()
    assert paid.offer.taken_pence == 0
    sending.send_due()
    site.deliver()
    assert open_accounts(paid.society_id) == {}
    assert list(books.faults()) == []


def test_a_lost_dispute_of_a_paid_application_ends_it_too(site, paid, tess):
    site.dispute()
    site.decide_dispute(is_won=False)
    settling.resolve(the_item(), "Lost.", by=tess)
    paid.refresh_from_db()
    assert (paid.state, Refund.objects.get().state) == ("cancelled", "done")
    assert open_accounts(paid.society_id) == {}
    assert list(books.faults()) == []


def test_an_offer_is_not_decided_over_money_that_went_back(site, paid, tess):
    offer = paid.offer
    site.refund_in_dashboard(site.charges()[0])
    site.deliver()
    with clock.stopped(allotment.earliest(offer)):
        assert not allotment.may_be_decided(offer)
        with pytest.raises(allotment.TooEarly, match="went back at Stripe"):
            allotment.prepare(offer, by=tess)


def test_shares_that_were_allotted_stand_until_a_person_says_otherwise(site, tess):
    offer = site.offer(minimum_pence=100_00)
    application = site.applied(offer=offer)
    site.paid(application)
    site.deliver()
    close_and_decide(offer)
    site.refund_in_dashboard(site.charges()[0])
    site.deliver()
    item = the_item()
    assert settling.meaning(item) == settling.Meaning(shares=True)
    assert list(books.faults()) == []
    settling.resolve(item, "The shares stand: the member paid again by cheque.", by=tess)
    application.refresh_from_db()
    assert (application.state, Refund.objects.count()) == ("allotted", 0)
    assert open_accounts(application.society_id) == {}
    assert list(books.faults()) == []
