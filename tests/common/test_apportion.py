"""Splitting a sum: nothing lost, nothing made, nobody further than one unit from their exact share."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.apportion import apportion

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=50).filter(any)


@given(st.integers(0, 10**12), WEIGHTS)
def test_the_parts_make_up_the_whole_and_none_is_a_unit_off(units, weights):
    parts = apportion(units, weights)
    assert sum(parts) == units
    total = sum(weights)
    assert all(abs(part - Fraction(units * weight, total)) < 1 for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(
    ("units", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (1, [1, 2, 2], [0, 1, 0]),
        (0, [0, 0], [0, 0]),
        (7, [3], [7]),
        (100, [0, 1], [0, 100]),
    ],
)
def test_ties_go_to_whoever_stands_first(units, weights, parts):
    assert apportion(units, weights) == parts


@pytest.mark.parametrize(("units", "weights"), [(-1, [1]), (1, [-1, 3]), (1, [0, 0])])
def test_nonsense_is_refused(units, weights):
    with pytest.raises(ValueError, match="negative|nought"):
        apportion(units, weights)
