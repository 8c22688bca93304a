"""REG-1 and REG-2: whole rows, nothing erased, and no holding shown to whoever inspects."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import registers, rulesets

LAW = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
WHOLE = {
    "has_name": True,
    "has_address": True,
    "has_purposes": True,
    "entered_on": date(2026, 3, 1),
    "allotted_on": date(2026, 3, 1),
    "rules": LAW,
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"allotted_on": None}, ""),
        ({"has_name": False}, "The register would lack a name."),
        ({"has_address": False}, "The register would lack a postal address."),
        ({"has_purposes": False}, "The register would lack the purposes of the electronic address."),
        ({"entered_on": date(2026, 3, 2)}, "The register would lack the day of allotment as its day of entry."),
        ({"entered_on": None, "allotted_on": None}, "The register would lack the day of entry."),
        ({"has_name": False, "has_address": False}, "The register would lack a name, a postal address."),
    ],
)
def test_a_row_is_whole_or_says_what_it_lacks(change, words):
    answer = registers.row_complete(**WHOLE | change)
    assert (answer.rule, answer.level, answer.passed, answer.message) == ("REG-1", "LAW", not words, words)
    assert answer.source == "Co-operative and Community Benefit Societies Act 2014 s.30(2)"


def test_a_row_counts_what_is_there():
    assert registers.row_complete(**WHOLE).arithmetic == "5 of 5 particulars are there"
    assert registers.row_complete(**WHOLE | {"has_name": False}).arithmetic == "4 of 5 particulars are there"


@pytest.mark.parametrize(
    ("what", "passes"),
    [("date ceased", False), ("shares and amount paid", False), ("name", False), ("telephone", True), ("note", True)],
)
def test_what_the_register_must_hold_is_not_erased(what, passes):
    answer = registers.may_be_erased(what=what, rules=LAW)
    assert (answer.passed, what in answer.message) == (passes, not passes)
    assert answer.arithmetic == f"{what} {'∉' if passes else '∈'} s.30(2)"


FIELDS = LAW.figure("register_fields").value


@given(st.lists(st.sampled_from([*FIELDS, "votes"]), unique=True), st.booleans())
def test_inspection_agrees_with_the_words_of_the_act(fields, own):
    """s.103: one's own account whole; of others nothing under (c) and (d), and nothing the register does not hold."""
    open_to_all = {"name", "postal address", "electronic address and its purposes", "date entered", "date ceased"}
    answer = registers.inspection_shows(fields=fields, own_account=own, rules=LAW)
    assert answer.passed == (own or set(fields) <= open_to_all)
    assert answer.message == (
        ""
        if answer.passed
        else f"Whoever inspects the register may not see: {', '.join(sorted(set(fields) - open_to_all))}."
    )


def test_inspection_says_how_many_fields_are_too_many():
    answer = registers.inspection_shows(fields=registers.HIDDEN, own_account=False, rules=LAW)
    assert answer.arithmetic == "2 fields beyond the inspection copy"
    assert registers.inspection_shows(fields=(), own_account=True, rules=LAW).arithmetic.startswith("one’s own account")


@pytest.mark.parametrize(("capacity", "passes"), [("member", True), ("interest-in-funds", True), ("neighbour", False)])
def test_who_may_inspect(capacity, passes):
    answer = registers.may_inspect(capacity=capacity, rules=LAW)
    assert (answer.passed, answer.arithmetic) == (
        passes,
        f"{capacity} {'∈' if passes else '∉'} {{member, interest-in-funds}}",
    )
    assert bool(answer.message) != passes
