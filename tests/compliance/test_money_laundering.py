"""AML-1: the exclusion within the limit, identity where it is asked, and banks here."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import money_laundering, rulesets

ENGLAND = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
NORTHERN_IRELAND = rulesets.rule_set("GB-NIR", date(2026, 11, 24))


@pytest.mark.parametrize(
    ("withdrawable", "most", "exempt", "law", "passes"),
    [
        (True, 100_000_00, False, ENGLAND, True),
        (True, 100_000_01, False, ENGLAND, False),
        (True, 100_000_01, True, ENGLAND, True),
        (False, 1, True, ENGLAND, False),
        (True, 20_000_00, False, NORTHERN_IRELAND, True),
        (True, 20_000_01, False, NORTHERN_IRELAND, False),
    ],
)
def test_the_exclusion_is_lost_above_the_limit(withdrawable, most, exempt, law, passes):
    answer = money_laundering.excluded(is_withdrawable=withdrawable, most_held_pence=most, is_exempt=exempt, rules=law)
    assert (answer.rule, answer.level, answer.passed, bool(answer.message)) == ("AML-1", "LAW", passes, not passes)


def test_the_exclusion_shows_its_figures():
    facts = {"is_withdrawable": True, "most_held_pence": 100_000_01, "rules": ENGLAND}
    above = money_laundering.excluded(is_exempt=False, **facts)
    assert above.arithmetic == "£100,000.01 > £100,000"
    assert above.message.startswith("Above £100,000, or for other shares")
    assert money_laundering.excluded(is_exempt=True, **facts).arithmetic == "a registered society"
    assert money_laundering.excluded(is_exempt=False, **facts | {"most_held_pence": 1}).arithmetic == (
        "£0.01 ≤ £100,000"
    )


@given(st.integers(0, 1_000_00), st.booleans(), st.booleans())
def test_identity_is_asked_above_five_hundred_pounds_where_the_society_asks(amount, identified, asked):
    answer = money_laundering.identity_seen(
        amount_pence=amount, is_identified=identified, is_asked=asked, rules=ENGLAND
    )
    naive = not (asked and amount > 500_00 and not identified)
    assert (answer.level, answer.passed) == ("POLICY", naive)
    assert answer.message == ("" if naive else "The society asks for proof of identity above £500.")


@pytest.mark.parametrize(
    ("amount", "asked", "words"),
    [(500_00, True, "£500 ≤ £500"), (500_01, True, "£500.01 > £500"), (1, False, "not asked")],
)
def test_identity_shows_its_figures(amount, asked, words):
    answer = money_laundering.identity_seen(amount_pence=amount, is_identified=True, is_asked=asked, rules=ENGLAND)
    assert (answer.passed, answer.arithmetic) == (True, words)


@pytest.mark.parametrize(
    ("cash", "country", "passes", "words"),
    [(False, "GB", True, "GB = GB"), (False, "FR", False, "FR ≠ GB"), (True, "GB", False, "cash")],
)
def test_money_comes_from_a_bank_here(cash, country, passes, words):
    answer = money_laundering.from_a_bank_here(is_cash=cash, country=country)
    assert (answer.passed, answer.arithmetic, bool(answer.message)) == (passes, words, not passes)
