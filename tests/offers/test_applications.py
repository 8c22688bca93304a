"""Taking applications: every rule asked, every answer kept, caps and room held."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from compliance.answers import RuleBroken
from compliance.models import Decision
from offers import applications
from offers.choices import PartyRole
from offers.holders import Applicant, PartyDetails
from offers.models import Application, Exposure, Party
from tests.factories import applicant, make_offer, make_society, make_user, person, submit

pytestmark = pytest.mark.django_db


def rules_of(refusal) -> list[str]:
    return [problem.rule for problem in refusal.value.problems]


def test_submit_keeps_who_applied_what_was_shown_and_takes_the_room():
    offer = make_offer()
    application = submit(offer, 500_00)
    offer.refresh_from_db()
    assert (application.state, application.due_pence, offer.taken_pence) == ("awaiting-payment", 500_00, 500_00)
    assert application.version.number == 1
    assert len(application.declarations["risk_sha256"]) == 64
    assert Exposure.objects.get(party__interests__application=application).live_pence == 500_00
    asked = set(Decision.objects.filter(subject_id=application.pk).values_list("rule", flat=True))
    assert asked == {"OPN-1", "AMT-1", "ADM-1", "MEM-2", "CAP-1", "CAP-2", "OFF-5", "UNP-1"}


def test_a_refusal_lists_every_reason_in_order_and_writes_nothing_but_the_answers():
    offer = make_offer(max_percent=10)
    child = person(born_on=clock.today() - timedelta(days=365 * 12))
    key = uuid.uuid4()
    with clock.stopped(offer.closes_at()), pytest.raises(RuleBroken) as refusal:
        submit(offer, 6_000_01, by_whom=applicant(child), submission=key)
    assert rules_of(refusal) == ["OPN-1", "AMT-1", "MEM-2", "CAP-2"]
    assert (Application.objects.count(), Party.objects.filter(name=child.name).count()) == (0, 0)
    assert Decision.objects.filter(subject_id=key, passed=False).count() == 4


def test_the_same_form_twice_is_one_application():
    offer, key, who = make_offer(), uuid.uuid4(), applicant()
    first = submit(offer, 500_00, by_whom=who, submission=key)
    second = submit(offer, 500_00, by_whom=who, submission=key)
    offer.refresh_from_db()
    assert (first.pk, offer.taken_pence) == (second.pk, 500_00)


def test_the_same_form_again_after_it_lapsed_is_still_that_application():
    offer, key, who = make_offer(), uuid.uuid4(), applicant()
    first = submit(offer, 500_00, by_whom=who, submission=key)
    with clock.stopped(first.pay_by_at + timedelta(seconds=1)):
        assert applications.lapse(first)
        assert submit(offer, 500_00, by_whom=who, submission=key).pk == first.pk


def test_first_come_cuts_to_the_room_only_where_the_applicant_agreed():
    offer = make_offer(maximum_pence=1_050_50, optimum_pence=1_000_00)
    submit(offer, 700_00)
    with pytest.raises(RuleBroken) as refusal:
        submit(offer, 400_00)
    assert refusal.value.problems[0].message.startswith("Only £350 is left in the offer.")
    assert rules_of(refusal) == ["OFF-5"]
    cut = submit(offer, 400_00, accept_less=True)
    assert (cut.applied_pence, cut.due_pence) == (400_00, 350_00)


def test_other_strategies_take_applications_past_the_maximum():
    offer = make_offer(oversubscription="pro-rata", maximum_pence=1_000_00, optimum_pence=1_000_00)
    submit(offer, 900_00)
    submit(offer, 900_00)
    offer.refresh_from_db()
    assert offer.taken_pence == 1_800_00


def test_one_person_in_two_offers_has_one_cap():
    society, ada = make_society(max_holding_pence=6_000_00), applicant()
    submit(make_offer(society), 4_000_00, by_whom=ada)
    with pytest.raises(RuleBroken) as refusal:
        submit(make_offer(society), 2_001_00, by_whom=ada)
    assert rules_of(refusal) == ["CAP-2"]
    assert submit(make_offer(society), 2_000_00, by_whom=ada)


def test_a_joint_interest_counts_whole_for_everybody():
    society, ada, ben = make_society(max_holding_pence=6_000_00), person(), person()
    joint = applicant(ada, PartyDetails(name=ben.name, email=ben.email, role=PartyRole.JOINT), kind="joint")
    submit(make_offer(society), 4_000_00, by_whom=joint)
    for who in (ada, ben):
        with pytest.raises(RuleBroken) as refusal:
            submit(make_offer(society), 2_001_00, by_whom=applicant(who))
        assert rules_of(refusal) == ["CAP-2"]


def test_the_largest_per_holder_counts_all_applications_to_the_offer():
    offer, ada = make_offer(), applicant()
    submit(offer, 3_000_00, by_whom=ada)
    with pytest.raises(RuleBroken) as refusal:
        submit(offer, 2_001_00, by_whom=ada)
    assert "You have applied for £3,000 already, so you can apply for up to £2,000 more." in str(refusal.value)


def test_northern_ireland_has_its_own_limit_and_registered_societies_none():
    offer = make_offer(
        make_society(jurisdiction="GB-NIR"),
        maximum_pence=90_000_00,
        optimum_pence=90_000_00,
        max_application_pence=None,
    )
    with pytest.raises(RuleBroken) as refusal:
        submit(offer, 20_001_00)
    assert rules_of(refusal) == ["CAP-1"]
    body = Applicant(kind="registered-society", parties=(PartyDetails(name="Big Co-op", kind="registered-society"),))
    assert submit(offer, 30_000_00, by_whom=body).due_pence == 30_000_00


def test_a_tier_has_its_own_smallest_and_largest_by_postcode():
    tiers = [{"code": "A", "postcodes": ["PA20"], "min_application_pence": 25_00, "max_application_pence": 300_00}]
    offer = make_offer(tiers=tiers)
    assert submit(offer, 25_00, postcode="pa20 0lq").tier.code == "A"
    with pytest.raises(RuleBroken):
        submit(offer, 25_00, postcode="PA2 1AA")
    with pytest.raises(RuleBroken):
        submit(offer, 301_00, postcode="PA20 0LQ")


def test_a_representative_signs_but_has_no_interest():
    body = PartyDetails(name="Marlpit Cricket Club", kind="organisation", email="club@example.org")
    signs = PartyDetails(name="Cora", email="cora@example.org", role=PartyRole.REPRESENTATIVE)
    application = submit(make_offer(), 500_00, by_whom=Applicant(kind="organisation", parties=(body, signs)))
    assert [interest.party.name for interest in application.interests.all()] == ["Marlpit Cricket Club"]
    assert [part.party.name for part in application.holder.parts.all()] == ["Marlpit Cricket Club", "Cora"]


@pytest.mark.parametrize(("method", "wait"), [("card", timedelta(minutes=31)), ("cheque", timedelta(days=10))])
def test_an_unpaid_application_lapses_after_its_last_moment_and_gives_its_room_back(method, wait):
    offer = make_offer()
    application = submit(offer, 500_00, method=method)
    last = application.submitted_at + wait
    assert abs(application.pay_by_at - last) <= timedelta(hours=1)  # a day on the wall may have 23 or 25 hours
    with clock.stopped(application.pay_by_at) as move:
        assert not applications.lapse(application)
        move(application.pay_by_at + timedelta(microseconds=1))
        assert applications.lapse(application)
        assert not applications.lapse(application)  # twice is harmless
    offer.refresh_from_db()
    assert (offer.taken_pence, Exposure.objects.get(party__interests__application=application).live_pence) == (0, 0)


def test_an_applicant_may_cancel_to_the_last_moment_and_not_after():
    offer = make_offer()
    first, second = submit(offer), submit(offer)
    with clock.stopped(first.cancel_by_at):
        assert applications.cancel(first).state == "cancelled"
    with clock.stopped(second.cancel_by_at + timedelta(microseconds=1)), pytest.raises(RuleBroken) as refusal:
        applications.cancel(second)
    assert rules_of(refusal) == ["CNL-1"]
    with pytest.raises(RuleBroken):
        applications.cancel(first)


def test_an_application_keyed_by_an_officer_says_who_did_it():
    assert submit(make_offer(), by=make_user()).submitted_by is not None


def test_a_submission_asks_the_database_less_than_twenty_times_whatever_the_number_of_shares():
    offer = make_offer(max_application_pence=None, maximum_pence=90_000_00, optimum_pence=90_000_00)
    counts = []
    for amount_pence in (100_00, 50_000_00):
        with CaptureQueriesContext(connection) as queries:
            submit(offer, amount_pence)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 20
