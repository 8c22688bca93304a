"""RSK-1: the risk at its five points, and words that may not be said of shares."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import risk_wording, rulesets

LAW = rulesets.rule_set("GB-ENG", date(2026, 11, 24))
POINTS = ["offer", "summary", "declaration", "confirmation", "certificate"]
WORDS = LAW.figure("words_not_said").value


@given(st.lists(st.sampled_from(POINTS), unique=True))
def test_the_risk_is_shown_at_all_five_points(shown):
    answer = risk_wording.said_everywhere(shown_at=shown, rules=LAW)
    missing = [point for point in POINTS if point not in shown]
    assert (answer.rule, answer.level, answer.passed) == ("RSK-1", "PRACTICE", len(shown) == 5)
    assert answer.arithmetic == f"{len(shown)} of 5 points"
    assert answer.message == (f"The risk statement is not shown at: {', '.join(missing)}." if missing else "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Your money is guaranteed.", ["guaranteed"]),
        ("GUARANTEED interest", ["guaranteed"]),
        ("We guarantee nothing.", []),
        ("unguaranteed", []),
        ("It is risk-free, and FCA\n  Approved!", ["risk-free", "fca approved"]),
        ("ＦＣＡ ａｐｐｒｏｖｅｄ", ["fca approved"]),
        ("A shop run by its members.", []),
        ("", []),
    ],
)
def test_forbidden_words_are_found_as_words(text, found):
    assert risk_wording.forbidden_in(text, WORDS) == found


@given(st.lists(st.sampled_from([*WORDS, "harmless"]), unique=True))
def test_a_text_with_none_of_them_passes(found):
    answer = risk_wording.says_nothing_forbidden(found=found, rules=LAW)
    wrong = [word for word in WORDS if word in found]
    assert (answer.passed, answer.arithmetic) == (not wrong, f"{len(wrong)} words that may not be said")
    assert answer.message == "" or "”, “".join(wrong) in answer.message
