"""INT-1 and INT-2: what interest may be paid, and what is told to HMRC of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import interest, rulesets

LAW = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
BEGINS = date(2026, 4, 1)
GOOD = {
    "rate": 450,
    "declared_most": 450,
    "declared_on": date(2026, 3, 31),
    "period_begins_on": BEGINS,
    "is_affordable": True,
    "adds_for_earlier_years": False,
}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"rate": 0}, ""),
        ({"rate": 451}, "it is above the most that was declared"),
        ({"rate": -1}, "it is above the most that was declared"),
        ({"declared_on": BEGINS}, "the most was not declared before the period began"),
        ({"is_affordable": False}, "the board has not said that it is affordable"),
        ({"adds_for_earlier_years": True}, "it makes up for earlier years"),
        (
            {"rate": 451, "is_affordable": False},
            "it is above the most that was declared; the board has not said that it is affordable",
        ),
    ],
)
def test_no_more_interest_than_was_declared_and_can_be_afforded(change, why):
    answer = interest.rate_allowed(**GOOD | change)
    assert (answer.rule, answer.level, answer.passed) == ("INT-1", "RULES", not why)
    assert answer.message == (f"This interest cannot be paid: {why}. Up to 4.50% was declared." if why else "")


@pytest.mark.parametrize(
    ("rate", "number", "words", "source"),
    [(450, "7.11", "4.50% ≤ 4.50%", "Rule 7.11 of the society"), (501, "", "5.01% > 4.50%", "The society's rules")],
)
def test_interest_shows_its_rates_and_its_rule(rate, number, words, source):
    answer = interest.rate_allowed(**GOOD | {"rate": rate}, rule_number=number)
    assert (answer.arithmetic, answer.source) == (words, source)


@pytest.mark.parametrize(
    ("paid", "credited", "statute", "words", "passes"),
    [
        (14_99, 0, True, "£14.99 < £15", True),
        (15_00, 0, True, "£15 ≥ £15", False),
        (14_99, 1, True, "£15 ≥ £15", False),
        (249_99, 0, False, "£249.99 < £250", True),
        (0, 250_00, False, "£250 ≥ £250", False),
    ],
)
def test_whoever_got_enough_stands_on_the_return_and_crediting_counts(paid, credited, statute, words, passes):
    facts = {"paid_pence": paid, "credited_pence": credited, "by_statute": statute, "rules": LAW}
    answer = interest.on_the_return(is_listed=False, **facts)
    assert (answer.rule, answer.level, answer.passed, answer.arithmetic) == ("INT-2", "LAW", passes, words)
    assert interest.on_the_return(is_listed=True, **facts).passed
    if not passes:
        assert "from £15 on" in answer.message or "from £250 on" in answer.message


@given(st.integers(0, 300_00), st.integers(0, 300_00), st.booleans(), st.booleans())
def test_the_return_agrees_with_a_naive_reading(paid, credited, listed, statute):
    naive = listed or paid + credited < (15_00 if statute else 250_00)
    answer = interest.on_the_return(
        paid_pence=paid, credited_pence=credited, is_listed=listed, by_statute=statute, rules=LAW
    )
    assert answer.passed == naive


@pytest.mark.parametrize(
    ("here", "deducted", "passes"),
    [(True, 0, True), (True, 1, False), (False, 0, False), (False, 1, True), (False, 99, True), (False, 100, False)],
)
def test_gross_here_and_less_tax_elsewhere(here, deducted, passes):
    answer = interest.paid_gross(lives_in_the_uk=here, deducted_pence=deducted, gross_pence=100, rules=LAW)
    assert (answer.passed, "outside" in answer.message) == (passes, not here and not passes)
    assert answer.arithmetic.endswith("deducted of £1")


@pytest.mark.parametrize(
    ("ends", "sent", "passes", "words"),
    [
        (date(2026, 3, 31), date(2026, 6, 30), True, "2026-06-30 ≤ 2026-06-30"),
        (date(2026, 3, 31), date(2026, 7, 1), False, "2026-07-01 > 2026-06-30"),
        (date(2025, 11, 30), date(2026, 3, 1), False, "2026-03-01 > 2026-02-28"),
    ],
)
def test_the_return_goes_out_in_three_months(ends, sent, passes, words):
    answer = interest.return_in_time(period_ends_on=ends, sent_on=sent, rules=LAW)
    assert (answer.passed, answer.arithmetic) == (passes, words)
    assert answer.message == ("" if passes else f"The interest return was due by {words[-10:]}.")
