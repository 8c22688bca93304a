"""Every button of the desk pressed twice at one moment, in two threads: done once, and nobody is lost."""

from __future__ import annotations

import copy
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client

from common import clock
from common.models import OutgoingMail
from compliance.models import Approval, Certificate
from members import allotment
from members.models import Invitation, LedgerEntry, User
from offers.choices import OfferState
from offers.models import Application, OfferVersion, Officer, ShareOffer
from payments.models import Refund
from tests import factories
from tests.doors.test_applying import base, fill_in
from tests.doors.test_office import draft_answers

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def twice(who, address: str, said=None) -> list[int]:
    """The same request from two threads at once, with one visitor's cookies; both statuses."""
    visitor = who if isinstance(who, Client) else Client()
    if visitor is not who:
        visitor.force_login(who)
    ready, statuses = threading.Barrier(2), []

    def press():
        mine = Client(raise_request_exception=False)
        mine.cookies = copy.deepcopy(visitor.cookies)
        try:
            ready.wait()
            statuses.append(mine.post(address, said or {}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(status in (200, 302) for status in statuses), statuses
    return sorted(statuses)


@pytest.fixture
def society():
    return factories.make_society()


@pytest.fixture
def officers(society):
    return factories.make_officer(society), factories.make_officer(society, "treasurer")


def test_an_offer_is_written_published_extended_and_closed_once(society, officers):
    first, second = officers
    offers = f"/office/{society.slug}/offers/"
    twice(first, offers + "new/", draft_answers(society))
    offer = ShareOffer.objects.get(society=society)
    here = f"{offers}{offer.slug}/"
    twice(first, here + "edit/", draft_answers(society, areas="A; NR\nB; NE"))
    assert offer.tiers.count() == 2
    factories.answer_checklist(offer)
    reasons = {"publishing-nobody_connected": "All agreed.", "publishing-not_concentrated": "Few live here."}
    twice(first, here + "publish/", {"act": "prepare"} | reasons)
    assert Approval.objects.count() == 1
    assert twice(second, here + "publish/", {"act": "approve"}) == [302, 302]
    later = offer.closes_on + timedelta(days=1)
    day = {"closes_on_day": later.day, "closes_on_month": later.month, "closes_on_year": later.year}
    assert twice(first, here + "extend/", day) == [302, 302]
    assert OfferVersion.objects.filter(offer=offer).count() == 2
    assert twice(first, here + "close/") == [302, 302]
    offer.refresh_from_db()
    assert offer.state == OfferState.CLOSED


def test_an_offer_is_decided_and_an_entry_reversed_once(society, officers):
    first, second = officers
    offer = factories.make_offer(society)
    for _ in range(2):
        factories.paid(offer, 5_000_00)
    decide = f"/office/{society.slug}/offers/{offer.slug}/decide/"
    with clock.stopped(allotment.earliest(offer) + timedelta(seconds=1)):
        twice(first, decide, {"act": "prepare"})
        assert twice(second, decide, {"act": "approve"}) == [302, 302]
        entries = LedgerEntry.objects.filter(offer=offer)
        assert (entries.count(), Certificate.objects.count()) == (2, 2)
        entry = entries.first()
        twice(first, f"/office/{society.slug}/register/entries/{entry.seq}/reverse/", {"reason": "Wrong"})
    assert LedgerEntry.objects.filter(reverses=entry).count() == 1
    call_command("verify_books")


def test_an_application_is_made_cancelled_and_paid_back_once(society, officers):
    offer = factories.make_offer(society)
    visitor = Client()
    fill_in(visitor, offer)
    assert twice(visitor, f"{base(offer)}check/", {"method": "bank-transfer"}) == [302, 302]
    assert Application.objects.count() == 1
    application = factories.paid(offer)
    twice(visitor, f"/a/{application.token}/cancel/")
    refund = Refund.objects.get(application=application)
    here = f"/office/{society.slug}/money/refunds/{refund.pk}/"
    twice(officers[0], here, {"act": "prepare", "how": "transfer", "note": "Reference 7"})
    assert Approval.objects.filter(act="refund-by-hand").count() == 1
    twice(officers[1], here, {"act": "approve"})
    refund.refresh_from_db()
    assert refund.state == "done"
    call_command("verify_books")


def test_somebody_is_invited_accepts_and_leaves_once(society, officers):
    people = f"/office/{society.slug}/people/"
    twice(officers[0], people, {"email": "new@example.org", "role": "board"})
    invitation = Invitation.objects.get(society=society)
    assert OutgoingMail.objects.filter(kind="invitation").count() == 1
    new = User.objects.get(email="new@example.org")
    twice(new, f"/invitations/{invitation.token}/")
    officer = Officer.objects.get(society=society, user=new)
    assert twice(officers[0], f"{people}{officer.pk}/end/") == [302, 302]


def test_two_officers_who_end_each_others_office_leave_one(society, officers):
    ready = threading.Barrier(2)
    offices = {user: Officer.objects.get(society=society, user=user) for user in officers}

    def end(who, whose):
        client = Client()
        client.force_login(who)
        try:
            ready.wait()
            client.post(f"/office/{society.slug}/people/{offices[whose].pk}/end/")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=end, args=pair) for pair in (officers, officers[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Officer.objects.filter(society=society, ended_at=None).count() == 1


def test_a_button_pressed_again_a_moment_later_leads_to_what_it_did(client, society, officers):
    offer = factories.make_offer(society)
    client.force_login(officers[0])
    here = f"/office/{society.slug}/offers/{offer.slug}/"
    assert [client.post(here + "close/")["Location"] for _ in range(2)] == [here, here]
    application = factories.paid(factories.make_offer(society))
    own = f"/a/{application.token}/"
    assert [client.post(own + "cancel/")["Location"] for _ in range(2)] == [own, own]
