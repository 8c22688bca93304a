"""OFF-2, RAT-1 and OFF-5 when an offer is decided."""

import pytest

from compliance import closing


@pytest.mark.parametrize(("cleared", "passes"), [(100_000_00, True), (99_999_99, False)])
def test_minimum_at_its_edge(cleared, passes):
    assert closing.minimum_reached(cleared_pence=cleared, minimum_pence=100_000_00).passed == passes


@pytest.mark.parametrize(("inside", "place", "passes"), [(70, 23, True), (70, 24, False), (0, 1, False), (3, 0, True)])
def test_ratio_of_three_quarters_gives_seventy_locals_twenty_three_others(inside, place, passes):
    assert closing.ratio_kept(inside=inside, outside=50, place=place, tier="A", percent=75).passed == passes


@pytest.mark.parametrize(
    ("allotted", "passes", "words"),
    [
        (500_00, True, ""),
        (200_00, False, "The offer was oversubscribed: you were allotted £200 and the rest is refunded."),
        (0, False, "The offer was oversubscribed and could not allot you any shares, so your money is refunded."),
    ],
)
def test_what_was_allotted_against_what_was_due(allotted, passes, words):
    answer = closing.allotted_in_full(due_pence=500_00, allotted_pence=allotted, strategy="pro rata")
    assert (answer.passed, answer.message) == (passes, words)
