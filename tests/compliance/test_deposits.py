"""BNK-1: deposits that are no banking, and deposits before withdrawals."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import deposits, rulesets

ENGLAND = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
NORTHERN_IRELAND = rulesets.rule_set("GB-NIR", date(2026, 11, 24))


@pytest.mark.parametrize(
    ("payment", "held", "days", "law", "passes"),
    [
        (400_00, 0, 2, ENGLAND, True),
        (400_01, 0, 2, ENGLAND, False),
        (1, 399_99, 2, ENGLAND, True),
        (1, 400_00, 2, ENGLAND, False),
        (100_00, 0, 1, ENGLAND, False),
        (100_00, 0, 30, ENGLAND, True),
        (0, 0, 2, ENGLAND, False),
        (2_00, 48_00, 2, NORTHERN_IRELAND, True),
        (2_01, 0, 2, NORTHERN_IRELAND, False),
        (2_00, 48_01, 2, NORTHERN_IRELAND, False),
    ],
)
def test_a_deposit_at_its_edges(payment, held, days, law, passes):
    answer = deposits.deposit(payment_pence=payment, held_pence=held, clear_days=days, rules=law)
    assert (answer.rule, answer.level, answer.passed, bool(answer.message)) == ("BNK-1", "LAW", passes, not passes)


def test_a_deposit_that_is_refused_says_what_would_be_taken():
    answer = deposits.deposit(payment_pence=500_00, held_pence=10_00, clear_days=1, rules=ENGLAND)
    assert answer.message == (
        "A society with withdrawable shares may take deposits of up to £400 at a time and £400 from one person, "
        "on 2 clear days’ notice. More would be banking."
    )
    assert answer.arithmetic == "£500 > £400; £510 > £400; 1 < 2"
    assert deposits.deposit(payment_pence=5_00, held_pence=0, clear_days=2, rules=ENGLAND).arithmetic == (
        "£5 ≤ £400; £5 ≤ £400; 2 ≥ 2"
    )


@given(st.integers(-5, 500_00), st.integers(0, 500_00), st.integers(0, 5))
def test_deposits_agree_with_the_words_of_the_act(payment, held, days):
    naive = not (payment <= 0 or payment > 400_00 or payment + held > 400_00 or days < 2)
    assert deposits.deposit(payment_pence=payment, held_pence=held, clear_days=days, rules=ENGLAND).passed == naive


@pytest.mark.parametrize(("due", "passes", "words"), [(0, True, "£0 = £0"), (1, False, "£0.01 > £0")])
def test_deposits_come_before_withdrawals(due, passes, words):
    answer = deposits.shares_may_be_paid_back(deposits_due_unpaid_pence=due, rules=ENGLAND)
    assert (answer.passed, answer.arithmetic) == (passes, words)
    assert ("no shares can be withdrawn" in answer.message) != passes
