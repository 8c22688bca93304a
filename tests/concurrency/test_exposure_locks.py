"""The caps, the room, the decision and its approval hold when two do the same at the same moment."""

import threading
import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from common import clock
from compliance import approvals
from compliance.answers import RuleBroken
from compliance.models import Approval
from members import allotment, books
from members.models import LedgerEntry, Member
from offers import applications, exposures
from offers.choices import PartyRole
from offers.holders import Applicant, PartyDetails
from offers.models import Application, Exposure, ShareOffer
from payments import receipts
from payments.models import CheckoutAttempt, Receipt
from tests.concurrency.threads import Meeting, at_once
from tests.factories import applicant, make_offer, make_society, make_user, paid, person, submit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def outcomes(results: list) -> list[str]:
    """Each result in a word: "taken", or the rules that refused it; anything else is raised."""
    words = []
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, RuleBroken):
            raise result
        words.append(" ".join(p.rule for p in result.problems) if isinstance(result, RuleBroken) else "taken")
    return sorted(words)


@pytest.fixture
def society():
    """Nobody may hold more than £1,000."""
    return make_society(max_holding_pence=1_000_00)


@pytest.fixture
def meeting(monkeypatch):
    """Two applications meet after each has read what its party has, if no lock keeps them apart."""
    place, interests = Meeting(), exposures.interests

    def met(*arguments):
        found = interests(*arguments)
        place()
        return found

    monkeypatch.setattr(exposures, "interests", met)
    return place


@pytest.mark.parametrize("known", [True, False], ids=["known to the society", "new to it"])
def test_of_two_applications_for_the_last_of_a_cap_one_is_taken(society, meeting, known):
    offer, ada = make_offer(society), applicant()
    if known:
        with transaction.atomic():
            exposures.lock(society.pk, ada.concerned)
    ask = partial(submit, offer, 600_00, by_whom=ada)
    assert outcomes(at_once(ask, ask)) == ["CAP-2", "taken"]
    assert not meeting.met
    assert Exposure.objects.get(party__name=ada.parties[0].name).live_pence == 600_00
    assert list(books.faults()) == []


def test_without_the_lock_both_would_be_taken(society, meeting, monkeypatch):
    """The control: this is what the lock is for."""

    def unlocked(society_id, identities):
        rows = Exposure.objects.select_related("party").filter(society_id=society_id)
        return list(rows.filter(party__identity__in=identities).order_by("pk"))

    offer, ada = make_offer(society, unpaid_percent=None), applicant()
    submit(offer, 100_00, by_whom=ada)
    meeting.barrier.reset()
    monkeypatch.setattr(exposures, "_locked_by_identity", unlocked)
    ask = partial(submit, offer, 600_00, by_whom=ada)
    assert outcomes(at_once(ask, ask)) == ["taken", "taken"]
    assert meeting.met


def test_two_offers_of_one_society_share_the_cap(society, meeting):
    ada = applicant()
    first, second = make_offer(society), make_offer(society)
    ask = [partial(submit, offer, 600_00, by_whom=ada) for offer in (first, second)]
    assert outcomes(at_once(*ask)) == ["CAP-2", "taken"]
    assert not meeting.met


def test_a_joint_holding_counts_for_both_whoever_comes_first(society, meeting):
    """Ada with Ben, and Ben with Ada: the rows are locked in one order, so neither waits for the other in a circle."""
    offer, ada, ben = make_offer(society), person("Ada"), person("Ben")

    def joint(first, other):
        parts = (first, PartyDetails(name=other.name, email=other.email, role=PartyRole.JOINT))
        return partial(submit, offer, 600_00, by_whom=Applicant(kind="joint", parties=parts))

    assert outcomes(at_once(joint(ada, ben), joint(ben, ada))) == ["CAP-2", "taken"]
    assert set(Exposure.objects.filter(party__name__in=["Ada", "Ben"]).values_list("live_pence", flat=True)) == {600_00}


@pytest.mark.parametrize("accept_less", [False, True])
def test_the_last_room_is_given_once(accept_less):
    offer = make_offer(maximum_pence=1_000_00, optimum_pence=1_000_00)
    homes = [f"{number} High Street\nMarlpit" for number in range(6)]
    asks = [partial(submit, offer, 300_00, accept_less=accept_less, address=home) for home in homes]
    words = outcomes(at_once(*asks))
    taken = {False: 3, True: 4}[accept_less]
    assert words == ["OFF-5"] * (6 - taken) + ["taken"] * taken
    offer.refresh_from_db()
    assert offer.taken_pence == {False: 900_00, True: 1_000_00}[accept_less]
    assert list(books.faults()) == []


def test_the_same_form_sent_at_once_is_one_application():
    offer, ask = make_offer(), applicant()
    send = partial(submit, offer, 500_00, by_whom=ask, submission=uuid.uuid4())
    found = at_once(send, send, send, send)
    assert len({application.pk for application in found}) == Application.objects.count() == 1
    assert list(books.faults()) == []


def test_the_same_form_under_two_names_is_one_application():
    """Whatever a browser sends twice under one key: the first one stands, and the caps count it once."""
    offer, key = make_offer(), uuid.uuid4()
    found = at_once(*(partial(submit, offer, 500_00, by_whom=applicant(), submission=key) for _ in range(2)))
    assert len({application.pk for application in found}) == Application.objects.count() == 1
    assert list(books.faults()) == []


def test_one_card_payment_told_of_four_times_is_one_receipt():
    application = submit(make_offer(), method="card")
    attempt = CheckoutAttempt.objects.create(
        society=application.society, application=application, number=1, account_id="acct_1", state="open",
        amount_pence=application.due_pence, idempotency_key="key", created_at=clock.now(), expires_at=clock.now(),
    )  # fmt: skip
    tell = partial(receipts.take, application, amount_pence=application.due_pence, method="card", attempt=attempt)
    found = at_once(tell, tell, tell, tell)
    assert {receipt.pk for receipt in found} == {Receipt.objects.get().pk}
    assert Application.objects.get().state == "paid"


def test_a_cancellation_and_a_lapse_at_once_end_it_once():
    application = submit(make_offer())
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        at_once(partial(applications.lapse, application), partial(applications.cancel, application))
    assert Application.objects.get().state in ("lapsed", "cancelled")
    assert ShareOffer.objects.get().taken_pence == 0
    assert list(books.faults()) == []


@pytest.fixture
def closed():
    """An offer that may be decided now."""
    offer = make_offer()
    for _ in range(3):
        paid(offer)
    with clock.stopped(allotment.earliest(offer) + timedelta(seconds=1)):
        yield offer


def test_an_offer_decided_twice_at_once_is_decided_once(closed):
    allotment.prepare(closed, by=make_user())
    second = make_user()
    allotment.approve(closed, by=second)
    decide = partial(allotment.decide, closed, on=clock.today(), by=second)
    results = at_once(decide, decide)
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(error) for error in refused] == [allotment.TooEarly], results
    assert (Member.objects.count(), LedgerEntry.objects.count()) == (6, 6)
    assert list(books.faults()) == []


def test_an_application_for_another_offer_never_waits_for_a_decision_in_a_circle(closed):
    """Everybody of the decided offer applies for a second one while it is being decided: no deadlock, no fault."""
    allotment.prepare(closed, by=make_user())
    second = make_user()
    allotment.approve(closed, by=second)
    other = make_offer(closed.society)
    people = [application.interests.get().party for application in closed.applications.all()]
    asks = [
        partial(submit, other, 100_00, by_whom=applicant(PartyDetails(name=party.name, email=party.email)))
        for party in people
    ]
    results = at_once(partial(allotment.decide, closed, on=clock.today(), by=second), *asks)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert list(books.faults()) == []


def test_one_officer_who_approves_twice_at_once_is_still_one(closed):
    ada, ben = make_user(), make_user()
    allotment.prepare(closed, by=ada)
    for result in at_once(partial(allotment.approve, closed, by=ada), partial(allotment.approve, closed, by=ada)):
        assert isinstance(result, approvals.NotApproved)
    results = at_once(partial(allotment.approve, closed, by=ben), partial(allotment.approve, closed, by=ben))
    assert {result.pk for result in results} == {Approval.objects.get(act="decide").pk}
    assert Approval.objects.get(act="decide").approved_by == ben


def test_what_is_prepared_twice_at_once_waits_once(closed, monkeypatch):
    """A double click: neither sees the other's, and the table lets only one of the two stand."""
    meeting, look, seen = Meeting(), approvals._open, threading.local()

    def met(*arguments):
        found = look(*arguments)
        if not hasattr(seen, "once"):
            seen.once = True
            meeting()
        return found

    monkeypatch.setattr(approvals, "_open", met)
    ada = make_user()
    results = at_once(partial(allotment.prepare, closed, by=ada), partial(allotment.prepare, closed, by=ada))
    assert meeting.met
    assert {approval.pk for _working, approval in results} == {Approval.objects.get(act="decide").pk}
