"""Sharing out: worked examples by hand, and what must be so whatever was asked."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.oversubscription import NO_TIER, Request, share_out

STRATEGIES = ["first-come", "pro-rata", "cap-largest", "priority-tiers"]


def give(strategy, maximum, *requests, unit=1, then="pro-rata"):
    rows = [request if isinstance(request, Request) else Request(*request) for request in requests]
    return share_out(rows, maximum_pence=maximum, unit_pence=unit, strategy=strategy, tier_then=then)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_everybody_gets_all_where_all_of_it_fits(strategy):
    assert give(strategy, 300, (100, 10), (200, 10)) == [100, 200]
    assert give(strategy, None, (100, 10), (10**12, 10)) == [100, 10**12]


def test_pro_rata_gives_the_smallest_first_and_shares_the_rest():
    # 1,000 for requests of 100, 400 and 1,500 with a smallest of 100: 700 left in proportion 0 : 300 : 1,400
    assert give("pro-rata", 1000, (100, 100), (400, 100), (1500, 100)) == [100, 224, 676]


def test_pro_rata_gives_left_over_units_to_the_largest_fractions_ties_in_order():
    assert give("pro-rata", 10, (7, 1), (7, 1), (7, 1)) == [4, 3, 3]


def test_pro_rata_where_even_the_smallest_do_not_fit_skips_what_does_not():
    assert give("pro-rata", 100, (80, 60), (80, 60), (50, 30)) == [60, 0, 30]


def test_cap_largest_cuts_only_the_largest_and_hands_out_what_is_left_in_order():
    # ceiling 33: 10 + 33 + 33 = 76, three left, one each to those above it
    assert give("cap-largest", 78, (10, 1), (50, 1), (90, 1)) == [10, 34, 34]


def test_tiers_in_order_until_one_does_not_fit():
    requests = [Request(50, 10, 2), Request(60, 10, 1), Request(40, 10, 2), Request(30, 10)]
    assert give("priority-tiers", 100, *requests, then="first-come") == [40, 60, 0, 0]
    assert give("priority-tiers", 100, *requests, then="pro-rata") == [21, 60, 19, 0]


def test_equal_priorities_are_one_tier_and_no_tier_comes_last():
    requests = [Request(50, 1, NO_TIER), Request(50, 1, 1), Request(50, 1, 1)]
    assert give("priority-tiers", 120, *requests, then="first-come") == [20, 50, 50]


def test_whole_units_only_and_what_does_not_make_one_is_not_allotted():
    assert give("pro-rata", 10_050, (50_00, 25_00), (75_00, 25_00), unit=25_00) == [50_00, 50_00]


REQUESTS = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 40), st.sampled_from([1, 2, NO_TIER])).map(
        lambda row: Request(max(row[0], row[1]), row[1], row[2])
    ),
    min_size=1,
    max_size=25,
)


@given(REQUESTS, st.integers(1, 3000), st.sampled_from(STRATEGIES), st.sampled_from(STRATEGIES[:3]))
def test_never_above_the_maximum_nor_above_what_anybody_paid(requests, maximum, strategy, then):
    given_out = share_out(requests, maximum_pence=maximum, unit_pence=1, strategy=strategy, tier_then=then)
    assert sum(given_out) <= maximum or sum(given_out) == sum(r.due_pence for r in requests) <= maximum
    assert all(0 <= got <= request.due_pence for got, request in zip(given_out, requests, strict=True))


@given(REQUESTS, st.integers(1, 3000))
def test_cap_largest_gives_out_everything_and_never_a_smaller_request_less(requests, maximum):
    given_out = share_out(requests, maximum_pence=maximum, unit_pence=1, strategy="cap-largest", tier_then="pro-rata")
    assert sum(given_out) == min(maximum, sum(request.due_pence for request in requests))
    pairs = sorted(zip((request.due_pence for request in requests), given_out, strict=True))
    assert all(low[1] <= high[1] + 1 for low, high in pairwise(pairs))


@given(REQUESTS, st.integers(1, 3000))
def test_pro_rata_protects_the_smallest_applications_while_they_fit(requests, maximum):
    given_out = share_out(requests, maximum_pence=maximum, unit_pence=1, strategy="pro-rata", tier_then="pro-rata")
    least = [min(request.smallest_pence, request.due_pence) for request in requests]
    if sum(least) <= maximum:
        assert all(got >= floor for got, floor in zip(given_out, least, strict=True))
        assert sum(given_out) == min(maximum, sum(request.due_pence for request in requests))
