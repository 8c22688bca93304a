"""OFF-3 and OFF-4: money apart, and only for whole applications."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import application_money, risk

SHA = risk.sha256()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"in_account_pence": 101}, ""),
        ({"is_separate": False}, "it is not kept apart"),
        ({"applicant_told": False}, "applicants were not told when it is taken"),
        ({"in_account_pence": 99}, "some of it is missing"),
        ({"is_separate": False, "in_account_pence": 99}, "it is not kept apart; some of it is missing"),
    ],
)
def test_application_money_lies_apart_and_whole(change, why):
    facts = {"is_separate": True, "applicant_told": True, "held_pence": 100, "in_account_pence": 100}
    answer = application_money.kept_apart(**facts | change)
    assert (answer.rule, answer.level, answer.passed) == ("OFF-3", "PRACTICE", not why)
    assert answer.message == (f"Application money is not safe: {why}." if why else "")


@given(st.integers(0, 500), st.integers(0, 500))
def test_no_penny_of_it_may_be_missing(held, there):
    answer = application_money.kept_apart(
        is_separate=True, applicant_told=True, held_pence=held, in_account_pence=there
    )
    assert answer.passed == (not there < held)
    assert (" ≥ " in answer.arithmetic) == answer.passed


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({}, ""),
        ({"has_version": False}, "the version of the offer"),
        ({"version_sha256": SHA[:-1]}, "the version of the offer"),
        ({"risk_sha256": ""}, "the risk statement that was shown"),
        ({"has_declared": False}, "the applicant’s declaration"),
        ({"risk_sha256": "", "has_declared": False}, "the risk statement that was shown, the applicant’s declaration"),
    ],
)
def test_no_payment_without_a_whole_application(change, lacks):
    facts = {"has_version": True, "version_sha256": SHA, "risk_sha256": SHA, "has_declared": True}
    answer = application_money.application_whole(**facts | change)
    assert (answer.rule, answer.level, answer.passed) == ("OFF-4", "PRACTICE", not lacks)
    assert answer.message == (f"No payment can be taken: the application lacks {lacks}." if lacks else "")
    lacking = lacks.count(",") + 1 if lacks else 0
    assert answer.arithmetic == f"{3 - lacking} of 3 are kept with the application"
