"""OFF-6 and CNL-1: material changes, and the days in which one may cancel."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import changes, rulesets

LAW = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
DAY = date(2026, 6, 1)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def after(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("told", "closes", "allot", "passes"),
    [
        (5, None, after(15), True),
        (5, None, after(14), False),
        (4, None, after(15), False),
        (5, after(30), after(31), True),
        (5, after(30), after(30), False),
        (5, after(3), after(14), False),
    ],
)
def test_nothing_is_allotted_in_the_days_after_a_change(told, closes, allot, passes):
    answer = changes.allotted_after_change(
        changed_on=DAY, told=told, to_tell=5, closes_on=closes, allot_on=allot, rules=LAW
    )
    assert (answer.rule, answer.level, answer.passed) == ("OFF-6", "PRACTICE", passes)


def test_a_change_says_who_waits_or_until_when():
    facts = {"changed_on": DAY, "to_tell": 5, "closes_on": None, "allot_on": after(3), "rules": LAW}
    untold = changes.allotted_after_change(told=3, **facts)
    assert untold.message == "The offer was changed on 1 June 2026, and 2 of those concerned have not been told."
    assert untold.arithmetic == "3 < 5; 2026-06-04 ≤ 2026-06-15"
    early = changes.allotted_after_change(told=5, **facts)
    assert "may cancel until 15 June 2026" in early.message
    late = changes.allotted_after_change(told=5, **facts | {"allot_on": after(20)})
    assert late.arithmetic == "5 ≥ 5; 2026-06-21 > 2026-06-15"


@given(st.none() | DAYS, st.integers(0, 5), st.integers(0, 5), st.none() | DAYS, DAYS)
def test_changes_agree_with_a_naive_reading(changed, told, to_tell, closes, allot):
    windows = [] if changed is None else [changed + timedelta(days=14), closes or changed]
    naive = changed is None or (told >= to_tell and all(allot > day for day in windows))
    answer = changes.allotted_after_change(
        changed_on=changed, told=told, to_tell=to_tell, closes_on=closes, allot_on=allot, rules=LAW
    )
    assert answer.passed == naive
    if changed is None:
        assert answer.arithmetic == "no material change"


@pytest.mark.parametrize(
    ("live", "in_time", "passes", "words", "arithmetic"),
    [
        (True, True, True, "", "now ≤ the end of 2026-06-01"),
        (True, False, False, "ended on 1 June 2026", "now > the end of 2026-06-01"),
        (False, True, False, "nothing to cancel", "it no longer waits"),
        (False, False, False, "nothing to cancel", "it no longer waits"),
    ],
)
def test_one_may_cancel_while_it_waits_and_in_time(live, in_time, passes, words, arithmetic):
    answer = changes.may_cancel(is_live=live, is_in_time=in_time, last_day=DAY)
    assert (answer.rule, answer.level, answer.passed, answer.arithmetic) == ("CNL-1", "POLICY", passes, arithmetic)
    assert words in answer.message


@pytest.mark.parametrize(
    ("days", "asked", "passes", "words"),
    [
        (14, False, False, "14 ≤ 14"),
        (15, False, True, "15 > 14"),
        (0, True, True, "the applicant asked for it"),
    ],
)
def test_nothing_is_allotted_inside_the_cooling_off_unless_asked_for(days, asked, passes, words):
    answer = changes.allotted_after_cooling_off(applied_on=DAY, allot_on=after(days), asked_for_it=asked, rules=LAW)
    assert (answer.passed, answer.arithmetic) == (passes, words)
    if not passes:
        assert "from 16 June 2026 on" in answer.message


@pytest.mark.parametrize(("days", "passes", "words"), [(30, True, "30 ≤ 30"), (31, False, "31 > 30")])
def test_refunds_are_paid_within_thirty_days(days, passes, words):
    answer = changes.refunded_in_time(owed_on=DAY, paid_on=after(days), rules=LAW)
    assert (answer.passed, answer.arithmetic) == (passes, words)
    assert answer.message == ("" if passes else "This refund was due within 30 days, by 1 July 2026.")
