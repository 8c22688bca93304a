"""AMT-1 and OFF-5 at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import amounts
from compliance.caps import Interest


@pytest.mark.parametrize(
    ("applied", "before", "passes"),
    [
        (100_00, 0, True),
        (99_00, 0, False),
        (5_000_00, 0, True),
        (5_001_00, 0, False),
        (1_000_00, 4_000_00, True),
        (1_001_00, 4_000_00, False),
        (100_50, 0, False),  # no whole step
    ],
)
def test_amount_at_its_edges(applied, before, passes):
    answer = amounts.amount(
        applied_pence=applied,
        smallest_pence=100_00,
        largest_pence=5_000_00,
        unit_pence=1_00,
        interests=[Interest(in_offer_pence=before), Interest()],
    )
    assert answer.passed == passes


def test_amount_tells_everything_that_is_wrong_at_once():
    answer = amounts.amount(applied_pence=50_50, smallest_pence=100_00, largest_pence=None, unit_pence=1_00)
    assert answer.message == "The smallest application is £100. Shares come in steps of £1."


@pytest.mark.parametrize(
    ("applied", "room", "accept_less", "taken", "passed"),
    [
        (500_00, 500_00, False, 500_00, True),
        (500_00, None, False, 500_00, True),
        (500_01, 500_00, False, 0, False),
        (600_00, 500_99, True, 500_00, False),  # cut to whole steps
        (600_00, 99_99, True, 0, False),  # below the smallest
        (600_00, 100_00, True, 100_00, False),
        (600_00, -5, True, 0, False),
    ],
)
def test_cut_to_room_at_its_edges(applied, room, accept_less, taken, passed):
    found, answer = amounts.cut_to_room(
        applied_pence=applied, room_pence=room, smallest_pence=100_00, unit_pence=1_00, accept_less=accept_less
    )
    assert (found, answer.passed) == (taken, passed)


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 1000), st.integers(1, 100), st.booleans())
def test_never_more_than_the_room_and_never_less_than_the_smallest(applied, room, smallest, unit, accept_less):
    taken, answer = amounts.cut_to_room(
        applied_pence=applied, room_pence=room, smallest_pence=smallest, unit_pence=unit, accept_less=accept_less
    )
    assert taken <= room
    assert taken in (0, applied) or (smallest <= taken < applied and taken % unit == 0 and accept_less)
    assert answer.passed == (taken == applied)
