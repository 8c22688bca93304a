"""One person, two offers, alone and jointly, fifty at once: the limit is reached and never passed."""

from functools import partial

import pytest

from compliance.answers import RuleBroken
from compliance.models import Decision
from members import books
from offers.choices import PartyRole
from offers.holders import Applicant, PartyDetails
from offers.models import Application, Exposure
from tests.concurrency.threads import at_once
from tests.factories import applicant, make_offer, make_society, person, submit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT_ONCE, EACH_PENCE = 50, 1_000_00
LARGE = {"maximum_pence": 900_000_00, "optimum_pence": 900_000_00, "max_application_pence": 90_000_00}


@pytest.mark.parametrize(
    ("jurisdiction", "rules_pence", "fits", "rule"),
    [
        ("GB-NIR", 20_000_00, 20, "CAP-1"),  # the law's limit there
        ("GB-ENG", 7_000_00, 7, "CAP-2"),  # the society's own
    ],
)
def test_fifty_at_once_in_two_offers_alone_and_jointly_reach_the_limit_and_no_more(
    jurisdiction, rules_pence, fits, rule
):
    society = make_society(jurisdiction=jurisdiction, max_holding_pence=rules_pence)
    offers = [make_offer(society, **LARGE) for _ in range(2)]
    ada = person("Ada Reed")
    alone, jointly = applicant(ada), []
    for number in range(AT_ONCE // 2):
        partner = person(f"Partner {number}", role=PartyRole.JOINT)
        jointly.append(Applicant(kind="joint", parties=(ada, partner)))
    asks = [
        partial(submit, offers[number % 2], EACH_PENCE, by_whom=jointly[number // 2] if number % 4 < 2 else alone)
        for number in range(AT_ONCE)
    ]
    results = at_once(*asks)
    taken = [result for result in results if isinstance(result, Application)]
    refused = [result for result in results if isinstance(result, RuleBroken)]
    others = [result for result in results if result not in taken and result not in refused]
    assert others == []
    assert (len(taken), len(refused)) == (fits, AT_ONCE - fits)
    assert all(rule in [problem.rule for problem in refusal.problems] for refusal in refused)
    used = Exposure.objects.get(party__name="Ada Reed")
    assert used.live_pence == fits * EACH_PENCE
    assert Decision.objects.filter(rule=rule, passed=False).count() >= AT_ONCE - fits
    assert list(books.faults()) == []


def test_one_party_more_or_less_in_another_role_is_still_one_party():
    """Ada first, Ada second, Ada for herself: her cap is one row, whatever stands beside her name."""
    society = make_society(max_holding_pence=3_000_00)
    offer = make_offer(society, unpaid_percent=None)
    ada = {"name": "Ada Reed", "email": "ada@example.org"}
    submit(offer, 1_000_00, by_whom=applicant(PartyDetails(**ada)))
    submit(offer, 1_000_00, by_whom=applicant(PartyDetails(**ada), person(role=PartyRole.JOINT), kind="joint"))
    other = PartyDetails(name=" ADA  REED", email="Ada@Example.org", role=PartyRole.JOINT)
    submit(offer, 1_000_00, by_whom=applicant(person(), other, kind="joint"))
    with pytest.raises(RuleBroken, match="CAP-2"):
        submit(offer, 100_00, by_whom=applicant(PartyDetails(**ada)))
    assert Exposure.objects.get(party__name="Ada Reed").live_pence == 3_000_00
