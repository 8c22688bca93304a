"""Match funding at its edges."""

import pytest

from offers.matching import match_pence

BASE = {"minimum_pence": 50_000_00, "ratio_pence": 100, "cap_pence": 25_000_00, "trigger": "minimum", "unit_pence": 100}


@pytest.mark.parametrize(
    ("allotted", "cleared", "changes", "match"),
    [
        (60_000_00, 60_000_00, {}, 25_000_00),  # the cap
        (10_000_00, 50_000_00, {}, 10_000_00),  # a pound for a pound
        (49_999_99, 49_999_99, {}, 0),  # people alone did not reach the minimum
        (49_999_99, 49_999_99, {"trigger": "always", "cap_pence": 10**9}, 49_999_00),  # whole units
        (10_000_00, 50_000_00, {"ratio_pence": 33}, 3_300_00),
        (10_000_00, 50_000_00, {"minimum_pence": None}, 10_000_00),
        (0, 50_000_00, {}, 0),
    ],
)
def test_match(allotted, cleared, changes, match):
    assert match_pence(allotted_to_people_pence=allotted, cleared_by_people_pence=cleared, **BASE | changes) == match
