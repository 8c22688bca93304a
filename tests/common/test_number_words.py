"""Numbers in words, at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.number_words import in_words, pounds_in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "no"),
        (1, "one"),
        (13, "thirteen"),
        (20, "twenty"),
        (99, "ninety-nine"),
        (100, "one hundred"),
        (101, "one hundred and one"),
        (999, "nine hundred and ninety-nine"),
        (1_000, "one thousand"),
        (1_001, "one thousand and one"),
        (1_100, "one thousand one hundred"),
        (1_250, "one thousand two hundred and fifty"),
        (100_000, "one hundred thousand"),
        (1_000_001, "one million and one"),
        (2_300_045, "two million three hundred thousand and forty-five"),
        (10**9 + 10**6, "one billion one million"),
        (999 * 10**12, "nine hundred and ninety-nine trillion"),
    ],
)
def test_a_count_in_words(number, words):
    assert in_words(number) == words


@pytest.mark.parametrize("number", [-1, 10**15])
def test_what_is_no_count_is_refused(number):
    with pytest.raises(ValueError, match="no count"):
        in_words(number)


@pytest.mark.parametrize(
    ("amount_pence", "words"),
    [
        (0, "no pounds"),
        (1, "one penny"),
        (99, "ninety-nine pence"),
        (100, "one pound"),
        (101, "one pound and one penny"),
        (12_50, "twelve pounds and fifty pence"),
        (100_000_00, "one hundred thousand pounds"),
    ],
)
def test_a_sum_in_words(amount_pence, words):
    assert pounds_in_words(amount_pence) == words


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_different_counts_have_different_words(one, other):
    assert (in_words(one) == in_words(other)) == (one == other)
