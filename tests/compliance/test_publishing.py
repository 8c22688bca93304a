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
