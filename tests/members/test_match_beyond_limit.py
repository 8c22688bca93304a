"""A match is refused by no rule: docs/decisions/0007."""

import pytest

from compliance.answers import RuleBroken
from members import books
from offers import lifecycle
from offers.holders import Applicant, PartyDetails
from offers.models import Exposure, MatchCommitment
from tests.factories import close_and_decide, make_draft, make_offer, make_user, paid, prepare, submit

pytestmark = pytest.mark.django_db
TRUST = Applicant(kind="organisation", parties=(PartyDetails(name="Booster Trust", kind="organisation"),))


@pytest.fixture
def decided():
    """An organisation that bought shares for £90,000 itself and then matched what people put in, £50,000."""
    sums = dict(optimum_pence=200_000_00, maximum_pence=200_000_00, max_application_pence=90_000_00)
    offer = make_draft(**sums)
    MatchCommitment.objects.create(
        society=offer.society, offer=offer, name="Booster Trust", kind="organisation", ratio_pence=100,
        cap_pence=50_000_00, trigger="always", address="1 Mill Lane",
    )  # fmt: skip
    prepare(offer)
    second = make_user()
    lifecycle.approve_publication(offer, by=second)
    offer = lifecycle.publish(offer, by=second, member_count=3)
    paid(offer, 90_000_00, by_whom=TRUST)
    paid(offer, 50_000_00)
    close_and_decide(offer)
    return offer


def test_an_institution_that_bought_too_is_still_matched_in(decided):
    assert decided.state == "allotted"
    assert Exposure.objects.get(party__name="Booster Trust").held_pence == 140_000_00
    assert list(books.faults()) == []


def test_what_it_was_matched_for_counts_against_what_it_buys_later(decided):
    with pytest.raises(RuleBroken) as refusal:
        submit(make_offer(decided.society), 100_00, by_whom=TRUST)
    assert "CAP-1" in [problem.rule for problem in refusal.value.problems]
