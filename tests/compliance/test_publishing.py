"""What stops an offer from being published, and what it is only warned of."""

from datetime import date, timedelta

import pytest

from compliance import publishing, rulesets
from compliance.answers import hard

RULES = rulesets.rule_set("GB-ENG", date(2026, 11, 24))


@pytest.mark.parametrize(
    ("withdrawable", "transferable", "passes"), [(True, False, True), (False, False, False), (True, True, False)]
)
def test_only_withdrawable_shares_that_cannot_be_transferred(withdrawable, transferable, passes):
    answer = publishing.offered_class(withdrawable=withdrawable, transferable=transferable)
    assert (answer.passed, hard([answer]) == []) == (passes, passes)


@pytest.mark.parametrize(("members", "societies", "passes"), [(3, False, True), (2, False, False), (2, True, True)])
def test_enough_members(members, societies, passes):
    assert publishing.enough_members(members=members, all_societies=societies, rules=RULES).passed == passes


@pytest.mark.parametrize(("days", "passes"), [(41, False), (42, True), (184, True), (185, False)])
def test_offer_length_at_its_edges_is_a_warning(days, passes):
    opens = date(2026, 1, 1)
    answer = publishing.offer_length(opens_on=opens, closes_on=opens + timedelta(days=days - 1), rules=RULES)
    assert answer.passed == passes
    assert hard([answer]) == []


@pytest.mark.parametrize(("largest", "passes"), [(29_999_99, True), (30_000_00, False), (None, True)])
def test_nobody_connected_below_thirty_per_cent_of_the_minimum(largest, passes):
    assert publishing.nobody_connected(largest_pence=largest, minimum_pence=100_000_00, rules=RULES).passed == passes


@pytest.mark.parametrize(("days", "passes"), [(13, False), (14, True)])
def test_cooling_off_at_its_edge(days, passes):
    assert publishing.cooling_off(days=days, rules=RULES).passed == passes


@pytest.mark.parametrize(
    ("targets", "passes", "words"),
    [
        ((100, 100, 100), True, "£1 ≤ £1 ≤ £1"),
        ((100, 101, 102), True, "£1 ≤ £1.01 ≤ £1.02"),
        ((101, 100, 102), False, "not so: £1.01 ≤ £1 ≤ £1.02"),
        ((100, 102, 101), False, "not so: £1 ≤ £1.02 ≤ £1.01"),
        ((0, 100, 100), False, "not so: £0 ≤ £1 ≤ £1"),
        ((None, 100, None), True, "£1"),
        ((102, None, 101), False, "not so: £1.02 ≤ £1.01"),
        ((None, None, None), True, "no targets"),
    ],
)
def test_targets_are_in_order(targets, passes, words):
    names = ("minimum_pence", "optimum_pence", "maximum_pence")
    answer = publishing.targets_in_order(**dict(zip(names, targets, strict=True)))
    assert (answer.rule, answer.level, answer.passed, answer.arithmetic) == ("OFF-1", "PRACTICE", passes, words)
    assert bool(answer.message) != passes


@pytest.mark.parametrize(
    ("ended", "applied", "least", "most", "passes", "words"),
    [
        (True, 100, 100, 200, True, ""),
        (True, 99, 100, 200, False, "below its minimum of £1"),
        (True, 200, 100, 200, True, ""),
        (True, 201, 100, 200, False, "above its maximum of £2"),
        (True, 201, 100, None, True, ""),
        (True, 0, None, None, True, ""),
        (False, 0, 100, 200, True, ""),
    ],
)
def test_an_offer_opens_again_only_where_it_may_still_succeed(ended, applied, least, most, passes, words):
    answer = publishing.may_open_again(has_ended=ended, applied_pence=applied, minimum_pence=least, maximum_pence=most)
    assert (answer.rule, answer.level, answer.passed) == ("OFF-1", "PRACTICE", passes)
    assert words in answer.message
    assert bool(answer.message) != passes


def test_opening_again_shows_its_figures():
    facts = {"minimum_pence": 100, "maximum_pence": 200}
    said = [
        publishing.may_open_again(has_ended=ended, applied_pence=applied, **facts).arithmetic
        for ended, applied in [(True, 150), (True, 50), (False, 50)]
    ]
    assert said == ["£1 ≤ £1.50 ≤ £2", "not so: £1 ≤ £0.50 ≤ £2", "the last day has not passed"]
    open_ended = publishing.may_open_again(has_ended=True, applied_pence=5, minimum_pence=None, maximum_pence=None)
    assert open_ended.arithmetic == "£0 ≤ £0.05 ≤ no maximum"


@pytest.mark.parametrize(
    ("largest", "maximum", "passes", "words"),
    [
        (10_000_00, 100_000_00, True, "£10,000 ≤ £10,000"),
        (10_000_01, 100_000_00, False, "£10,000.01 > £10,000"),
        (900_000_00, 1_000_000_00, True, "no maximum below £1,000,000, or no largest application"),
        (900_000_00, 999_999_99, False, "£900,000 > £99,999.99"),
        (None, 100_000_00, True, "no maximum below £1,000,000, or no largest application"),
        (5_00, None, True, "no maximum below £1,000,000, or no largest application"),
    ],
)
def test_nobody_takes_more_than_a_tenth_of_a_small_offer(largest, maximum, passes, words):
    answer = publishing.not_concentrated(largest_pence=largest, maximum_pence=maximum, rules=RULES)
    assert (answer.rule, answer.level, answer.passed, answer.arithmetic) == ("CAP-3", "PRACTICE", passes, words)
    assert ("more than 10% of the" in answer.message) != passes
