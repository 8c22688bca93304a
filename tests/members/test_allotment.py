"""Deciding an offer: all of it or none of it, by two people, on one day."""

from datetime import timedelta

import pytest

from common import clock
from common.models import OutgoingMail
from compliance import approvals
from compliance.models import Certificate, Decision
from members import allotment, books, holdings
from members.models import LedgerEntry, Member, Particulars
from offers import applications, lifecycle
from offers.choices import PartyRole
from offers.holders import Applicant, PartyDetails
from offers.models import Exposure, MatchCommitment
from payments import receipts
from payments.models import Refund
from tests.factories import (
    applicant,
    close_and_decide,
    make_draft,
    make_offer,
    make_user,
    paid,
    person,
    prepare,
    submit,
)

pytestmark = pytest.mark.django_db


def test_an_allotment_writes_members_entries_certificates_and_frees_what_waited():
    offer = make_offer()
    first, second = paid(offer, 500_00), paid(offer, 700_00)
    working = close_and_decide(offer)
    assert (offer.state, offer.taken_pence, working.allotted_pence) == ("allotted", 0, 1_200_00)
    for application, number in ((first, 4), (second, 5)):
        application.refresh_from_db()
        member = Member.objects.get(holder=application.holder)
        assert (application.state, member.number, member.entered_on) == ("allotted", number, offer.decided_on)
        assert holdings.held_pence(member) == application.due_pence
        exposure = Exposure.objects.get(party__interests__application=application)
        assert (exposure.held_pence, exposure.live_pence) == (application.due_pence, 0)
    assert list(Certificate.objects.values_list("number", flat=True)) == [1, 2]
    assert list(books.faults()) == []


def test_the_certificate_freezes_its_facts_and_names_its_entries():
    offer = make_offer()
    application = paid(offer, 1_500_00)
    close_and_decide(offer)
    entry = LedgerEntry.objects.get(application=application)
    facts = entry.certificate.facts
    assert (facts["number"], facts["shares"], facts["amount_pence"]) == (1, 1500, 1_500_00)
    assert facts["holder"]["name"] == application.name
    assert facts["entries"] == [{"seq": entry.seq, "hash": bytes(entry.hash).hex()}]
    assert facts["society"]["act"] == "Co-operative and Community Benefit Societies Act 2014"


def test_several_applications_of_one_holder_make_one_member_and_one_certificate():
    offer, ada = make_offer(), applicant()
    paid(offer, 700_00, by_whom=ada)
    paid(offer, 300_00, by_whom=ada)
    close_and_decide(offer)
    member = Member.objects.get(number=4)
    assert (Member.objects.count(), Certificate.objects.count(), member.entries.count()) == (4, 1, 2)
    assert Certificate.objects.get().facts["amount_pence"] == 1_000_00


def test_a_member_of_an_earlier_offer_keeps_their_number_and_day():
    offer, ada = make_offer(), applicant()
    paid(offer, 1_000_00, by_whom=ada)
    close_and_decide(offer)
    member = Member.objects.get(number=4)
    with clock.stopped(offer.decided_at + timedelta(days=30)):
        second = make_offer(offer.society)
        paid(second, 1_000_00, by_whom=ada)
        close_and_decide(second)
    assert Member.objects.get(number=4).entered_on == member.entered_on
    assert (Member.objects.count(), holdings.held_pence(member), Particulars.objects.count()) == (4, 2_000_00, 4)
    assert list(books.faults()) == []


def test_below_the_minimum_everybody_is_refunded_and_nobody_becomes_a_member():
    offer = make_offer()
    application = paid(offer, 999_00)
    working = close_and_decide(offer)
    application.refresh_from_db()
    assert (offer.state, working.succeeds, application.state) == ("failed", False, "refunded")
    assert list(Refund.objects.values_list("amount_pence", "rule")) == [(999_00, "OFF-2")]
    assert (Member.objects.count(), Certificate.objects.count()) == (3, 0)
    assert Exposure.objects.get(party__interests__application=application).live_pence == 0
    assert list(books.faults()) == []


def test_an_oversubscribed_offer_is_scaled_back_and_the_rest_is_owed():
    offer = make_offer(oversubscription="pro-rata", maximum_pence=1_000_00, optimum_pence=1_000_00)
    small, large = paid(offer, 100_00), paid(offer, 1_900_00)
    close_and_decide(offer)
    for application, allotted in ((small, 100_00), (large, 900_00)):
        application.refresh_from_db()
        assert application.allotted_pence == allotted
    assert list(Refund.objects.values_list("application", "amount_pence", "rule")) == [(large.pk, 1_000_00, "OFF-5")]
    assert Decision.objects.get(subject_id=large.pk, occasion="decide", passed=False).rule == "OFF-5"
    assert list(books.faults()) == []


def test_somebody_who_is_given_nothing_is_refunded_whole():
    offer = make_offer(
        oversubscription="priority-tiers",
        tier_then="first-come",
        maximum_pence=1_000_00,
        optimum_pence=1_000_00,
        tiers=[{"code": "A", "postcodes": ["PA20"]}],
    )
    far = paid(offer, 500_00, postcode="LS1 1AA")
    paid(offer, 1_000_00, postcode="PA20 1AA")
    close_and_decide(offer)
    far.refresh_from_db()
    assert (far.state, far.allotted_pence, Refund.objects.get().amount_pence) == ("refunded", 0, 500_00)
    assert Member.objects.count() == 4


def test_the_ratio_refunds_all_lines_of_those_it_leaves_out():
    offer = make_draft(minimum_pence=0, tiers=[{"code": "A", "postcodes": ["PA20"]}], ratio_tier="A", ratio_percent=75)
    prepare(offer)
    ben = make_user()
    lifecycle.approve_publication(offer, by=ben)
    offer = lifecycle.publish(offer, by=ben, member_count=3)
    for _ in range(3):
        paid(offer, 100_00, postcode="PA20 1AA")
    kept, left_out = paid(offer, 100_00, postcode="LS1 1AA"), paid(offer, 100_00, postcode="LS1 1AA")
    close_and_decide(offer)
    kept.refresh_from_db()
    left_out.refresh_from_db()
    assert (kept.state, left_out.state, Refund.objects.get().rule) == ("allotted", "refunded", "RAT-1")


def test_match_money_is_an_entry_beside_the_maximum():
    offer = make_draft(maximum_pence=1_000_00, optimum_pence=1_000_00)
    MatchCommitment.objects.create(
        society=offer.society, offer=offer, name="Booster Fund", kind="registered-society", address="1 Square",
        ratio_pence=100, cap_pence=600_00,
    )  # fmt: skip
    prepare(offer)
    ben = make_user()
    lifecycle.approve_publication(offer, by=ben)
    offer = lifecycle.publish(offer, by=ben, member_count=3)
    paid(offer, 1_000_00)
    working = close_and_decide(offer)
    entry = LedgerEntry.objects.get(kind="match")
    assert (working.match_pence, entry.amount_pence, entry.certificate.facts["holder"]["name"]) == (
        600_00, 600_00, "Booster Fund")  # fmt: skip
    assert list(books.faults()) == []


def test_what_was_held_as_an_exception_goes_back_when_the_offer_is_decided():
    offer = make_offer()
    paid(offer, 1_000_00)
    wrong = submit(offer, 500_00)
    receipts.take(wrong, amount_pence=499_00, method="bank-transfer")
    with clock.stopped(wrong.pay_by_at + timedelta(seconds=1)):
        applications.lapse(wrong)
    close_and_decide(offer)
    assert list(Refund.objects.values_list("application", "amount_pence")) == [(wrong.pk, 499_00)]
    assert list(books.faults()) == []


def test_a_child_is_the_member_and_the_adult_acts_for_it():
    offer = make_offer()
    adult = person("Ann Lee")
    child = PartyDetails(name="Cy Lee", role=PartyRole.CHILD, email=adult.email)
    ann = PartyDetails(name="Ann Lee", role=PartyRole.ADULT, email=adult.email)
    paid(offer, 1_000_00, by_whom=Applicant(kind="child", parties=(child, ann)))
    close_and_decide(offer)
    said = Particulars.objects.get(society=offer.society, name="Cy Lee")
    assert (said.joint_names, said.representative) == ("", "Ann Lee")
    assert Certificate.objects.get(society=offer.society).facts["holder"]["joint_names"] == []


def test_a_joint_holder_stands_on_the_register_with_both_names():
    offer, ada, ben = make_offer(), person("Ada Lovelace"), person("Ben Hall")
    joint = Applicant(kind="joint", parties=(ada, PartyDetails(name="Ben Hall", email=ben.email, role=PartyRole.JOINT)))
    paid(offer, 1_000_00, by_whom=joint)
    close_and_decide(offer)
    said = Particulars.objects.get(member__number=4)
    assert (said.name, said.joint_names) == ("Ada Lovelace", "Ben Hall")
    assert {interest.party.name for interest in LedgerEntry.objects.get(kind="allotment").interests.all()} == {
        "Ada Lovelace", "Ben Hall"}  # fmt: skip


@pytest.fixture
def closed():
    offer = make_offer()
    paid(offer, 1_000_00)
    with clock.stopped(allotment.earliest(offer) + timedelta(seconds=1)):
        yield offer


def test_one_officer_cannot_decide_alone(closed):
    ada = make_user()
    allotment.prepare(closed, by=ada)
    with pytest.raises(approvals.NotApproved):
        allotment.approve(closed, by=ada)
    with pytest.raises(approvals.NotApproved):
        allotment.decide(closed, on=clock.today(), by=ada)
    assert Member.objects.count() == 3


def test_deciding_twice_is_refused(closed):
    allotment.prepare(closed, by=make_user())
    allotment.approve(closed, by=make_user())
    allotment.decide(closed, on=clock.today(), by=make_user())
    with pytest.raises(allotment.TooEarly, match="Only a published offer"):
        allotment.decide(closed, on=clock.today(), by=make_user())
    assert Member.objects.count() == 4


def test_nothing_is_decided_while_somebody_may_still_cancel_or_pay():
    offer = make_offer()
    paid(offer, 1_000_00)
    for moment in (offer.closes_at() - timedelta(seconds=1), None):
        with clock.stopped(moment or clock.now()), pytest.raises(allotment.TooEarly, match="Not before"):
            allotment.prepare(offer, by=make_user())
    with clock.stopped(offer.closes_at() - timedelta(seconds=1)):
        late = paid(offer, 500_00)
    with clock.stopped(late.cancel_by_at), pytest.raises(allotment.TooEarly):
        allotment.prepare(offer, by=make_user())


def test_an_error_half_way_leaves_nothing(closed, monkeypatch):
    allotment.prepare(closed, by=make_user())
    allotment.approve(closed, by=make_user())
    monkeypatch.setattr("members.allotment.giving_back.owe", lambda working: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        allotment.decide(closed, on=clock.today(), by=make_user())
    closed.refresh_from_db()
    assert (closed.state, Member.objects.count(), Certificate.objects.count()) == ("published", 3, 0)
    assert list(books.faults()) == []


def test_each_holder_is_told_once_and_refunds_are_told_of():
    offer = make_offer()
    paid(offer, 1_000_00)
    close_and_decide(offer)
    assert OutgoingMail.objects.filter(kind="shares-allotted").count() == 1
