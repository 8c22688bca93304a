"""WDR-1: notice, the board, the pot, the surplus, the queue, and relief that would be lost."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import rulesets, withdrawals

LAW = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
ASKED = date(2026, 1, 1)
GOOD = {
    "asked_on": ASKED,
    "pay_on": ASKED + timedelta(days=90),
    "notice_days": 90,
    "is_suspended": False,
    "board_agrees": True,
    "amount_pence": 500_00,
    "held_pence": 500_00,
}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"pay_on": ASKED + timedelta(days=89)}, "the notice of 90 days has not run"),
        ({"is_suspended": True}, "the board has suspended withdrawals"),
        ({"board_agrees": False}, "the board has not agreed"),
        ({"amount_pence": 500_01}, "it is more than is held"),
        ({"amount_pence": 0}, "it is more than is held"),
        (
            {"is_suspended": True, "board_agrees": False},
            "the board has suspended withdrawals; the board has not agreed",
        ),
    ],
)
def test_a_withdrawal_is_allowed_or_says_why_not(change, why):
    answer = withdrawals.allowed(**GOOD | change)
    assert (answer.rule, answer.level, answer.passed) == ("WDR-1", "RULES", not why)
    assert answer.message == (f"This cannot be paid back now: {why}." if why else "")


def test_a_withdrawal_shows_its_figures_and_its_rule():
    good = withdrawals.allowed(**GOOD, rule_number="7.8")
    assert (good.arithmetic, good.source) == ("90 ≥ 90; £500 ≤ £500", "Rule 7.8 of the society")
    early = withdrawals.allowed(**GOOD | {"pay_on": ASKED, "amount_pence": 501_00})
    assert (early.arithmetic, early.source) == ("0 < 90; £501 > £500", "The society's rules")


@pytest.mark.parametrize(
    ("paid", "amount", "opening", "passes", "words"),
    [
        (0, 100_00, 1_000_00, True, "£100 ≤ £100"),
        (0, 100_01, 1_000_00, False, "£100.01 > £100"),
        (99_99, 1, 1_000_00, True, "£100 ≤ £100"),
        (0, 99, 9_99, True, "£0.99 ≤ £0.99"),
        (0, 1_00, 9_99, False, "£1 > £0.99"),
    ],
)
def test_the_pot_is_a_tenth_of_the_opening_capital(paid, amount, opening, passes, words):
    answer = withdrawals.within_the_pot(
        paid_this_year_pence=paid, amount_pence=amount, opening_capital_pence=opening, rules=LAW
    )
    assert (answer.level, answer.passed, answer.arithmetic) == ("PRACTICE", passes, words)


@given(st.integers(0, 200_00), st.integers(1, 200_00), st.integers(0, 2_000_00))
def test_the_pot_agrees_with_a_naive_reading_and_says_what_is_left(paid, amount, opening):
    answer = withdrawals.within_the_pot(
        paid_this_year_pence=paid, amount_pence=amount, opening_capital_pence=opening, rules=LAW
    )
    assert answer.passed == (10 * (paid + amount) <= opening)
    left = max(opening // 10 - paid, 0)
    assert answer.passed or f"{left // 100:,}" in answer.message


@pytest.mark.parametrize(
    ("run", "surplus", "new", "months", "passes", "words"),
    [
        (100_00, 60_00, 40_00, 12, True, ""),
        (100_01, 60_00, 40_00, 12, False, "Only £100 of surplus"),
        (100_00, 60_00, 40_00, 11, False, "for 12 months"),
        (1, -5_00, 0, 12, False, "Only £0 of surplus"),
    ],
)
def test_withdrawals_come_out_of_surplus_or_new_capital(run, surplus, new, months, passes, words):
    answer = withdrawals.affordable(
        run_pence=run, surplus_pence=surplus, new_capital_pence=new, months_solvent=months, rules=LAW
    )
    assert answer.passed == passes
    assert words in answer.message


def test_what_can_be_afforded_shows_its_figures():
    facts = {"surplus_pence": 60_00, "new_capital_pence": 40_00, "rules": LAW}
    assert withdrawals.affordable(run_pence=100_00, months_solvent=12, **facts).arithmetic == "£100 ≤ £100; 12 ≥ 12"
    assert withdrawals.affordable(run_pence=101_00, months_solvent=3, **facts).arithmetic == "£101 > £100; 3 < 12"


@pytest.mark.parametrize(("days", "passes"), [(-1, True), (0, True), (1, False)])
def test_who_asked_first_is_paid_first(days, passes):
    since = ASKED + timedelta(days=days)
    answer = withdrawals.next_in_the_queue(waiting_since=since, longest_waiting_since=ASKED)
    assert (answer.passed, answer.arithmetic) == (passes, f"{since} {'≤' if passes else '>'} 2026-01-01")
    assert answer.message == ("" if passes else "Somebody has waited since 1 January 2026 and comes first.")


@pytest.mark.parametrize(
    ("until", "pay", "amount", "passes", "words"),
    [
        (None, ASKED, 5_000_00, True, "no relief"),
        (ASKED, ASKED, 5_000_00, True, "2026-01-01 ≥ 2026-01-01; £5,000 ≥ £1,000"),
        (ASKED, ASKED - timedelta(days=1), 1_000_00, False, "2025-12-31 < 2026-01-01; £1,000 ≥ £1,000"),
        (ASKED, ASKED - timedelta(days=1), 999_99, True, "2025-12-31 < 2026-01-01; £999.99 < £1,000"),
    ],
)
def test_relief_is_warned_of(until, pay, amount, passes, words):
    answer = withdrawals.keeps_tax_relief(pay_on=pay, eis_until_on=until, amount_pence=amount, rules=LAW)
    assert (answer.passed, answer.arithmetic) == (passes, words)
    assert ("Before 1 January 2026" in answer.message) != passes
