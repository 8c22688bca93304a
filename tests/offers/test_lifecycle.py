"""Publishing, extending, closing: what two officers must do, and what stands afterwards."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from common import clock
from compliance import approvals, overrides
from compliance.answers import RuleBroken
from compliance.models import Override
from offers import lifecycle
from offers.models import OfferVersion, ShareOffer, Society, Tier
from tests.factories import make_draft, make_offer, make_user, prepare

pytestmark = pytest.mark.django_db


def test_publishing_freezes_a_hashed_version_of_what_applicants_see():
    offer = make_offer(title="The pub")
    version = OfferVersion.objects.get(offer=offer)
    assert (offer.state, version.number, len(version.sha256)) == ("published", 1, 64)
    assert version.text["offer"]["title"] == "The pub"
    assert version.text["rules"]["max_holding_pence"] == 100_000_00
    assert version.text["risk"]["headline"].startswith("Don’t invest unless")


def test_one_officer_cannot_publish_alone():
    offer, ada = make_draft(), make_user()
    prepare(offer, by=ada)
    with pytest.raises(approvals.NotApproved):
        lifecycle.approve_publication(offer, by=ada)
    with pytest.raises(approvals.NotApproved):
        lifecycle.publish(offer, by=ada, member_count=3)


def test_an_edit_after_the_approval_voids_it():
    offer = make_draft()
    prepare(offer)
    ben = make_user()
    lifecycle.approve_publication(offer, by=ben)
    ShareOffer.objects.filter(pk=offer.pk).update(summary="Something else.")
    with pytest.raises(approvals.NotApproved, match="changed"):
        lifecycle.publish(offer, by=ben, member_count=3)


@pytest.mark.parametrize(
    ("change", "members", "rule"),
    [({}, 2, "MEM-1"), ({"transferable": True}, 3, "TYP-1"), ({"withdrawable": False}, 3, "TYP-1")],
)
def test_the_law_stands_against_publishing(change, members, rule):
    offer = make_draft()
    for name, value in change.items():
        setattr(offer.share_class, name, value)
    offer.share_class.save()
    ben = make_user()
    prepare(offer)
    lifecycle.approve_publication(offer, by=ben)
    with pytest.raises(RuleBroken) as refusal:
        lifecycle.publish(offer, by=ben, member_count=members)
    assert [problem.rule for problem in refusal.value.problems] == [rule]


def test_publishing_twice_is_refused():
    offer = make_offer()
    with pytest.raises(ValidationError, match="published already"):
        lifecycle.publish(offer, by=make_user(), member_count=3)


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize(
    "change", [{"maximum_pence": 99_999_00}, {"cooling_off_days": 0}, {"oversubscription": "pro-rata"}]
)
def test_the_terms_of_a_published_offer_stand_in_the_database(change):
    offer = make_offer()
    assert refused(lambda: ShareOffer.objects.filter(pk=offer.pk).update(**change))


def test_the_areas_of_a_published_offer_stand_too():
    offer = make_offer(tiers=[{"code": "A", "postcodes": ["NR11"]}])
    assert refused(lambda: Tier.objects.filter(offer=offer).update(priority=9))
    assert refused(
        lambda: Tier.objects.create(offer=offer, society=offer.society, code="B", postcodes=["G"], position=2)
    )
    assert refused(lambda: Tier.objects.filter(offer=offer).delete())


@pytest.mark.parametrize("back", ["draft", "allotted"])
def test_an_offer_never_goes_back(back):
    offer = make_offer()
    lifecycle.close(offer, by=make_user())
    ShareOffer.objects.filter(pk=offer.pk).update(state="failed")
    assert refused(lambda: ShareOffer.objects.filter(pk=offer.pk).update(state=back))


def test_extending_moves_the_last_day_and_opens_the_offer_again():
    offer = make_offer()
    with clock.stopped(offer.closes_at() + timedelta(days=1)):
        assert not offer.is_open()
        later = clock.today() + timedelta(days=3)
        with pytest.raises(RuleBroken, match="ended below its minimum of £1,000"):
            lifecycle.extend(offer, to=later, by=make_user())
        offer = lifecycle.extend(offer, to=later, by=make_user(), reason="Forty people asked for it at the fair.")
        assert offer.is_open()
    assert OfferVersion.objects.filter(offer=offer).count() == 2
    override = Override.objects.get(decision__subject_id=offer.pk, decision__occasion="extend")
    assert override.reason == "Forty people asked for it at the fair."


def test_a_warning_needs_a_reason_which_the_second_officer_approves_too():
    offer, ben = make_draft(), make_user()
    lifecycle.prepare_publication(offer, by=make_user())
    lifecycle.approve_publication(offer, by=ben)
    with pytest.raises(RuleBroken) as refusal:
        lifecycle.publish(offer, by=ben, member_count=3)
    assert {problem.rule for problem in refusal.value.problems} == {"CAP-3"}
    ada = make_user()
    prepare(offer, by=ada)
    lifecycle.approve_publication(offer, by=ben)
    lifecycle.publish(offer, by=ben, member_count=3)
    kept = overrides.said_of(offer.pk, society_id=offer.society_id)
    assert [(row.decision.rule, row.given_by, row.approved_by) for row in kept] == [("CAP-3", ada, ben)] * 2
    assert {row.reason for row in kept} == {"Our members know the risk."}


def test_other_reasons_after_the_approval_void_it():
    offer, ada, ben = make_draft(), make_user(), make_user()
    prepare(offer, by=ada)
    lifecycle.approve_publication(offer, by=ben)
    reasons = dict.fromkeys(lifecycle.reasons_given(offer), "Because.")
    lifecycle.prepare_publication(offer, by=ada, reasons=reasons)
    with pytest.raises(approvals.NotApproved, match="second officer has not approved"):
        lifecycle.publish(offer, by=ben, member_count=3)


def test_no_reason_takes_the_law_away():
    offer, ben = make_draft(), make_user()
    answers = lifecycle.checklist(offer, member_count=2)
    lifecycle.prepare_publication(
        offer, by=make_user(), reasons={answer.question: "Because we want to." for answer in answers}
    )
    lifecycle.approve_publication(offer, by=ben)
    with pytest.raises(RuleBroken, match="MEM-1: The register shows 2 members"):
        lifecycle.publish(offer, by=ben, member_count=2)
    assert not Override.objects.exists()


def test_a_society_of_a_jurisdiction_that_is_not_taken_publishes_nothing():
    offer, ben = make_draft(), make_user()
    prepare(offer)
    lifecycle.approve_publication(offer, by=ben)
    Society.objects.filter(pk=offer.society_id).update(jurisdiction="IE")
    with pytest.raises(ValidationError, match="Sums here are in pounds"):
        lifecycle.publish(offer, by=ben, member_count=7)


def test_a_closed_offer_cannot_be_extended_or_closed_again():
    offer = lifecycle.close(make_offer(), by=make_user())
    assert not offer.is_open()
    with pytest.raises(ValidationError, match="has been closed"):
        lifecycle.extend(offer, to=clock.today() + timedelta(days=90), by=make_user())
    with pytest.raises(ValidationError, match="Only a published offer"):
        lifecycle.close(offer, by=make_user())


def test_an_offer_is_open_from_its_first_midnight_to_its_last_in_london():
    offer = make_offer()
    opens = clock.day_begins_at(offer.opens_on)
    instant = timedelta(microseconds=1)
    moments = [opens - instant, opens, offer.closes_at() - instant, offer.closes_at()]
    assert [offer.is_open(moment) for moment in moments] == [False, True, True, False]
