"""The ratio of members, by applicant and in the order in which money cleared."""

from hypothesis import given
from hypothesis import strategies as st

from offers.ratio import Standing, standings


def test_the_first_others_are_kept_and_one_local_line_makes_a_local():
    lines = [
        ("out1", False),
        ("in1", True),
        ("out2", False),
        ("in1", False),
        ("in2", True),
        ("in3", True),
        ("mix", False),
    ]
    found = standings([*lines, ("mix", True)], percent=75)
    assert found["mix"] == Standing(True, 0, True)
    assert (found["out1"], found["out2"]) == (Standing(False, 1, True), Standing(False, 2, False))


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=60), st.integers(1, 100))
def test_the_ratio_holds_among_those_kept(lines, percent):
    found = standings(lines, percent=percent)
    inside = sum(standing.inside for standing in found.values())
    kept = sum(standing.kept for standing in found.values())
    assert inside * 100 >= percent * kept
