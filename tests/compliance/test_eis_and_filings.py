"""EIS-1 and FIL-1: certificates of relief, until when it binds, returns, copies of the rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from compliance import eis, filings, rulesets

LAW = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
ISSUED = date(2026, 3, 1)
GOOD = {
    "on_the_eis1": True,
    "reference": "UIR 123",
    "issued_on": ISSUED,
    "entered_on": ISSUED,
    "is_joint": False,
    "is_shared_equally": False,
    "rules": LAW,
}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"is_joint": True, "is_shared_equally": True}, ""),
        ({"on_the_eis1": False}, "this subscriber is not on the EIS1"),
        ({"reference": " "}, "HMRC has given no reference"),
        ({"entered_on": date(2026, 3, 2)}, "the day of issue is not that of the register"),
        ({"is_joint": True}, "joint holders are not shown as equal"),
        ({"on_the_eis1": False, "reference": ""}, "this subscriber is not on the EIS1; HMRC has given no reference"),
    ],
)
def test_an_eis3_is_made_or_says_why_not(change, why):
    answer = eis.certificate_allowed(**GOOD | change)
    assert (answer.rule, answer.level, answer.passed) == ("EIS-1", "LAW", not why)
    assert answer.message == (f"No EIS3 can be made: {why}." if why else "")
    sign = "≠" if "entered_on" in change else "="
    assert answer.arithmetic == f"2026-03-01 {sign} {(GOOD | change)['entered_on']}"


@pytest.mark.parametrize(
    ("issued", "trade", "until"),
    [
        (date(2026, 3, 1), date(2025, 1, 1), date(2029, 3, 1)),
        (date(2026, 3, 1), date(2026, 9, 15), date(2029, 9, 15)),
        (date(2024, 2, 29), date(2020, 1, 1), date(2027, 2, 28)),
    ],
)
def test_relief_binds_for_three_years_after_issue_or_trade(issued, trade, until):
    facts = {"issued_on": issued, "trade_began_on": trade, "rules": LAW}
    assert eis.relief_until(**facts) == until
    right = eis.relief_kept(**facts, until_on=until)
    assert (right.passed, right.arithmetic) == (True, f"{until} = {until}")
    wrong = eis.relief_kept(**facts, until_on=issued)
    assert (wrong.passed, wrong.message) == (False, f"Relief binds until {until}.")
    assert wrong.arithmetic == f"{issued} ≠ {until}"


@pytest.mark.parametrize(("claim", "passes"), [(date(2026, 7, 1), True), (date(2026, 6, 30), False)])
def test_the_eis1_waits_for_four_months_of_trade(claim, passes):
    answer = eis.may_claim(trade_began_on=ISSUED, claim_on=claim, rules=LAW)
    assert (answer.passed, answer.arithmetic) == (passes, f"{claim} {'≥' if passes else '<'} 2026-07-01")
    assert answer.message == ("" if passes else "The EIS1 can be sent from 2026-07-01 on.")


@pytest.mark.parametrize(
    ("filed", "signatures", "secretary", "passes", "words"),
    [
        (date(2026, 10, 31), 2, True, True, ""),
        (date(2026, 11, 1), 2, True, False, "due by 31 October 2026"),
        (date(2026, 10, 31), 1, True, False, "need 2 signatures"),
        (date(2026, 10, 31), 3, False, False, "that of the secretary"),
    ],
)
def test_the_annual_return_is_signed_by_three_and_in_time(filed, signatures, secretary, passes, words):
    answer = filings.annual_return(
        year_ends_on=date(2026, 3, 31),
        filed_on=filed,
        committee_signatures=signatures,
        secretary_signed=secretary,
        rules=LAW,
    )
    assert (answer.rule, answer.level, answer.passed) == ("FIL-1", "LAW", passes)
    assert words in answer.message
    sign = "≤" if filed <= date(2026, 10, 31) else ">"
    assert answer.arithmetic == f"{filed} {sign} 2026-10-31; {signatures} + {int(secretary)}"


@pytest.mark.parametrize(
    ("member", "had", "fee", "passes", "words"),
    [
        (True, False, 0, True, "£0 ≤ £0"),
        (True, False, 1, False, "£0.01 > £0"),
        (True, True, 5_00, True, "£5 ≤ £5"),
        (False, False, 5_00, True, "£5 ≤ £5"),
        (False, False, 5_01, False, "£5.01 > £5"),
        (False, False, -1, False, "−£0.01 > £5"),
    ],
)
def test_a_copy_of_the_rules_is_free_once_to_a_member(member, had, fee, passes, words):
    answer = filings.copy_of_rules(is_member=member, had_one=had, fee_pence=fee, rules=LAW)
    assert (answer.passed, bool(answer.message)) == (passes, not passes)
    assert answer.arithmetic == words


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 40))
def test_months_later_keeps_the_day_or_takes_the_last_one(day, months):
    later = clock.months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
