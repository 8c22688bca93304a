"""The caps at their edges, and against a second, naive reading."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import caps, rulesets
from compliance.caps import Interest
from compliance.questions import CouldNotAsk

ENGLAND = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
NORTHERN_IRELAND = rulesets.rule_set("GB-NIR", date(2026, 11, 24))


@pytest.mark.parametrize(
    ("held", "live", "applied", "rules", "passes"),
    [
        (0, 0, 100_000_00, ENGLAND, True),  # exactly the limit
        (0, 0, 100_000_01, ENGLAND, False),  # a penny more
        (99_999_00, 0, 1_00, ENGLAND, True),
        (50_000_00, 49_999_99, 1, ENGLAND, True),
        (50_000_00, 50_000_00, 1, ENGLAND, False),
        (0, 0, 20_000_00, NORTHERN_IRELAND, True),
        (0, 0, 20_000_01, NORTHERN_IRELAND, False),
    ],
)
def test_statutory_cap_at_its_edge(held, live, applied, rules, passes):
    interest = Interest(held_pence=held, live_pence=live)
    answer = caps.statutory_cap(interests=[interest], applied_pence=applied, rules=rules)
    assert answer.passed == passes
    assert (answer.rule, answer.level) == ("CAP-1", "LAW")
    assert bool(answer.message) != passes


def test_a_registered_society_is_exempt_but_nobody_beside_it():
    society, person = Interest(held_pence=200_000_00, exempt=True), Interest(held_pence=60_000_00)
    assert caps.statutory_cap(interests=[society], applied_pence=1, rules=ENGLAND).passed
    assert not caps.statutory_cap(interests=[society, person], applied_pence=40_000_01, rules=ENGLAND).passed


INTERESTS = st.lists(
    st.builds(
        Interest,
        held_pence=st.integers(0, 120_000_00),
        live_pence=st.integers(0, 120_000_00),
        in_offer_pence=st.integers(0, 120_000_00),
        exempt=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@given(INTERESTS, st.integers(1, 120_000_00))
def test_statutory_cap_agrees_with_asking_each_party_alone(interests, applied):
    naive = all(i.exempt or i.held_pence + i.live_pence + applied <= 100_000_00 for i in interests)
    assert caps.statutory_cap(interests=interests, applied_pence=applied, rules=ENGLAND).passed == naive


@given(INTERESTS, st.integers(1, 10**7), st.integers(1, 10**9), st.integers(1, 100))
def test_percent_cap_rounds_down_to_the_penny(interests, applied, maximum, percent):
    answer = caps.percent_cap(interests=interests, applied_pence=applied, maximum_pence=maximum, max_percent=percent)
    naive = all((i.in_offer_pence + applied) <= maximum * percent // 100 for i in interests)
    assert answer.passed == naive


def test_a_refusal_says_the_limit_what_is_held_and_what_would_be_allowed():
    interest = Interest(held_pence=30_000_00, live_pence=20_000_00)
    answer = caps.society_cap(
        interests=[interest], applied_pence=60_000_00, max_holding_pence=80_000_00, rule_number="7.2"
    )
    assert answer.message == (
        "The society's rules limit any one holder to £80,000. "
        "You hold £30,000 and have £20,000 waiting: you can apply for up to £30,000."
    )
    assert answer.source == "Rule 7.2 of the society"
    assert answer.arithmetic == "£30,000 held + £20,000 waiting + £60,000 now = £110,000 > £80,000"


def test_facts_hold_sums_only_so_that_a_decision_names_nobody():
    answer = caps.statutory_cap(interests=[Interest()], applied_pence=1, rules=ENGLAND)
    assert answer.facts == {
        "cap_pence": 100_000_00,
        "applied_pence": 1,
        "interests": [{"held_pence": 0, "live_pence": 0, "in_offer_pence": 0, "exempt": False}],
    }


@pytest.mark.parametrize("way", caps.WAYS)
@pytest.mark.parametrize(
    ("held", "live", "added", "rules", "passes"),
    [
        (99_000_00, 0, 1_000_00, ENGLAND, True),
        (99_000_00, 0, 1_000_01, ENGLAND, False),
        (50_000_00, 49_000_00, 1_000_01, ENGLAND, False),
        (19_000_00, 0, 1_000_00, NORTHERN_IRELAND, True),
        (19_000_00, 0, 1_000_01, NORTHERN_IRELAND, False),
    ],
)
def test_a_holding_that_grows_by_itself_keeps_the_limits_too(way, held, live, added, rules, passes):
    law, society = caps.recheck(
        interests=[Interest(held_pence=held, live_pence=live), Interest()],
        added_pence=added,
        way=way,
        rules=rules,
        max_holding_pence=100_000_00,
        rule_number="7.2",
    )
    assert (law.rule, law.level, law.passed, society.rule) == ("CAP-4", "LAW", passes, "CAP-2")
    assert law.facts["cap_pence"] == rules.figure("holding_cap_pence").value


def test_interest_that_cannot_become_shares_says_what_could():
    answer = caps.grown_within_the_law(
        interests=[Interest(held_pence=99_950_00)], added_pence=60_00, way=caps.INTEREST_AS_SHARES, rules=ENGLAND
    )
    assert answer.message == (
        "Interest cannot become shares here: the law limits any one person to £100,000. "
        "£99,950 is held and £0 waits, so £50 more would be allowed."
    )


def test_every_way_in_which_a_holding_grows_has_words_of_its_own():
    interests = [Interest(held_pence=100_000_00)]
    said = {
        caps.grown_within_the_law(interests=interests, added_pence=1, way=way, rules=ENGLAND).message
        for way in caps.WAYS
    }
    assert len(said) == len(caps.WAYS)


def test_a_way_that_nobody_has_thought_of_lets_nothing_grow():
    with pytest.raises(CouldNotAsk):
        caps.grown_within_the_law(interests=[Interest()], added_pence=1, way="found in a drawer", rules=ENGLAND)


@given(INTERESTS, st.integers(0, 120_000_00), st.sampled_from(caps.WAYS))
def test_growing_agrees_with_asking_each_party_alone(interests, added, way):
    naive = all(i.exempt or i.held_pence + i.live_pence + added <= 100_000_00 for i in interests)
    answer = caps.grown_within_the_law(interests=interests, added_pence=added, way=way, rules=ENGLAND)
    assert answer.passed == naive


def test_an_interest_without_what_waits_in_the_offer_at_hand():
    whole = Interest(held_pence=5, live_pence=30, in_offer_pence=20, exempt=True)
    assert whole.without(20) == Interest(held_pence=5, live_pence=10, in_offer_pence=0, exempt=True)
