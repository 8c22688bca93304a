"""NOM-1: which nominations are valid, and how much passes by them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import nominations, rulesets
from compliance.nominations import Nominee

LAW = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
DIED = date(2026, 5, 10)
GOOD = {
    "is_written": True,
    "is_signed": True,
    "received_on": date(2026, 5, 9),
    "died_on": DIED,
    "nominees": [Nominee(60), Nominee(40, serves=True, relation="child")],
    "rules": LAW,
}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"died_on": None}, ""),
        ({"nominees": [Nominee(100)]}, ""),
        ({"nominees": [Nominee(1)]}, ""),
        ({"nominees": []}, "it names nobody"),
        ({"is_written": False}, "it is not written"),
        ({"is_signed": False}, "it is not signed"),
        ({"received_on": None}, "it did not reach the registered office"),
        ({"received_on": DIED}, "it came after the death"),
        ({"received_on": DIED + timedelta(days=1)}, "it came after the death"),
        ({"nominees": [Nominee(0)]}, "a part of it is nothing"),
        ({"nominees": [Nominee(60), Nominee(41)]}, "its parts are more than the whole"),
        ({"nominees": [Nominee(100, serves=True)]}, "it names an officer or employee who is no near relative"),
        (
            {"nominees": [Nominee(100, serves=True, relation="cousin")]},
            "it names an officer or employee who is no near relative",
        ),
    ],
)
def test_a_nomination_is_valid_or_says_why_not(change, why):
    answer = nominations.valid(**GOOD | change)
    assert (answer.rule, answer.level, answer.passed) == ("NOM-1", "LAW", not why)
    assert answer.message == (f"This nomination is not valid: {why}." if why else "")
    assert answer.source.endswith("s.37(3)")


def test_everything_that_is_wrong_is_said_at_once():
    answer = nominations.valid(**GOOD | {"is_written": False, "is_signed": False})
    assert answer.message == "This nomination is not valid: it is not written; it is not signed."


@pytest.mark.parametrize(("parts", "words"), [([60, 40], "100 ≤ 100"), ([60, 41], "101 > 100")])
def test_the_parts_are_counted(parts, words):
    assert nominations.valid(**GOOD | {"nominees": [Nominee(part) for part in parts]}).arithmetic == words


@pytest.mark.parametrize("relation", LAW.figure("nomination_relatives").value)
def test_near_relatives_may_serve(relation):
    assert nominations.valid(**GOOD | {"nominees": [Nominee(100, serves=True, relation=relation)]}).passed


@pytest.mark.parametrize(
    ("has", "asked", "passes"),
    [
        (9_000_00, 5_000_00, True),
        (9_000_00, 5_000_01, False),
        (5_000_00, 5_000_00, True),
        (3_000_00, 3_000_00, True),
        (3_000_00, 3_000_01, False),
        (3_000_00, 0, True),
        (3_000_00, -1, False),
    ],
)
def test_five_thousand_pounds_pass_at_most(has, asked, passes):
    answer = nominations.passes_by_nomination(property_pence=has, asked_pence=asked, rules=LAW)
    assert answer.passed == passes


def test_the_refusal_says_what_would_pass():
    answer = nominations.passes_by_nomination(property_pence=9_000_00, asked_pence=6_000_00, rules=LAW)
    assert answer.message == "Only the first £5,000 can pass by a nomination, here £5,000. The rest needs a will."
    assert answer.arithmetic == "£6,000 > £5,000"
    assert nominations.passes_by_nomination(property_pence=9_000_00, asked_pence=1, rules=LAW).arithmetic == (
        "£0.01 ≤ £5,000"
    )


@given(st.integers(0, 20_000_00), st.integers(-10, 20_000_00))
def test_what_passes_agrees_with_the_words_of_the_act(has, asked):
    naive = 0 <= asked <= (5_000_00 if has > 5_000_00 else has)
    assert nominations.passes_by_nomination(property_pence=has, asked_pence=asked, rules=LAW).passed == naive
