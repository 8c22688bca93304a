"""Every rule of the list has its questions; what they were asked is kept; one that raises lets nobody pass."""

from __future__ import annotations

import json
import typing
from collections.abc import Collection, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import rulesets
from compliance.answers import LEVELS, Answer, RuleBroken
from compliance.caps import WAYS, Interest
from compliance.catalogue import QUESTIONS, RULES_BY_ID
from compliance.nominations import NONE, Nominee
from compliance.questions import CouldNotAsk, question
from compliance.unpaid import Waiting

TWENTY_FIVE = [
    "CAP-1", "CAP-2", "CAP-3", "CAP-4", "TYP-1", "MEM-1", "MEM-2", "REG-1", "REG-2", "NOM-1", "BNK-1", "OFF-1", "OFF-2",
    "OFF-3", "OFF-4", "OFF-5", "OFF-6", "CNL-1", "RSK-1", "AML-1", "INT-1", "INT-2", "WDR-1", "EIS-1", "FIL-1",
]  # fmt: skip
OTHERS = ["OPN-1", "AMT-1", "ADM-1", "GRP-1", "RAT-1", "PAY-1", "UNP-1", "PAY-2"]
LAW = {code: rulesets.rule_set(code, date(2026, 11, 24)) for code in ("GB-ENG", "GB-WLS", "GB-SCT", "GB-NIR")}


def test_the_list_is_whole_and_each_rule_can_be_asked():
    assert list(RULES_BY_ID) == TWENTY_FIVE + OTHERS
    assert {asked.rule for asked in QUESTIONS.values()} == set(RULES_BY_ID)
    for rule in RULES_BY_ID.values():
        assert set(rule.levels) <= set(LEVELS)
        assert {asked.level for asked in rule.questions} == set(rule.levels), rule.id
        assert rule.says
        assert rule.source


SUMS = st.integers(0, 300_000_00)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
TEXTS = st.sampled_from(["", "7.2", "GB", "FR", "person", "member", "anybody", "other property", "0" * 64, *WAYS])
PLAIN = {int: SUMS, bool: st.booleans(), str: TEXTS, date: DAYS}
ROWS = {
    Interest: st.builds(Interest, held_pence=SUMS, live_pence=SUMS, in_offer_pence=SUMS, exempt=st.booleans()),
    Waiting: st.builds(Waiting, what=st.sampled_from(["email", "address", "account"]), waiting_pence=SUMS),
    Nominee: st.builds(
        Nominee, hundredths=st.integers(-5, 130), serves=st.booleans(), relation=st.sampled_from([NONE, "child"])
    ),
}
SPECIAL = {
    "unit_pence": st.integers(1, 10_000),
    "percent": st.integers(1, 100),
    "max_percent": st.integers(1, 100),
    "way": st.sampled_from(WAYS),
    "source": st.just("docs.stripe.com"),
}


def strategy(name: str, hint) -> st.SearchStrategy:
    """Facts of a function's own types."""
    if name in SPECIAL:
        return SPECIAL[name]
    if hint in PLAIN:
        return PLAIN[hint]
    parts = typing.get_args(hint)
    if typing.get_origin(hint) in (Sequence, Collection):
        least = 1 if parts[0] is Interest else 0
        return st.lists((PLAIN | ROWS)[parts[0]], min_size=least, max_size=4)
    return st.none() | strategy(name, next(part for part in parts if part is not type(None)))


def facts_of(key: str) -> st.SearchStrategy[dict]:
    hints = typing.get_type_hints(QUESTIONS[key].function)
    hints.pop("return")
    hints.pop("rules", None)
    return st.fixed_dictionaries({name: strategy(name, hint) for name, hint in hints.items()})


@pytest.mark.parametrize("key", list(QUESTIONS))
@settings(deadline=None)
@given(st.data())
def test_whatever_is_asked_is_answered_in_words_and_again_the_same(key, data):
    """Of every question: a plain answer with its arithmetic and source, and the same one from what was kept."""
    asked, law = QUESTIONS[key], LAW[data.draw(st.sampled_from(list(LAW)))]
    facts = data.draw(facts_of(key))
    with_law = facts | ({"rules": law} if "rules" in typing.get_type_hints(asked.function) else {})
    said = asked.ask(**with_law)
    answer = said if isinstance(said, Answer) else said[1]
    assert (answer.rule, answer.question) == (asked.rule, key)
    assert answer.level in RULES_BY_ID[asked.rule].levels
    assert answer.arithmetic
    assert answer.source
    assert bool(answer.message) == (not answer.passed)
    kept = json.loads(json.dumps(answer.facts))
    assert kept == answer.facts
    assert asked.again(kept, law) == answer


@pytest.mark.parametrize("key", list(QUESTIONS))
def test_a_question_that_raises_is_a_no_and_never_a_pass(key, monkeypatch):
    def broken(**facts):
        raise ZeroDivisionError

    monkeypatch.setattr(QUESTIONS[key], "function", broken)
    with pytest.raises(RuleBroken) as refusal:
        QUESTIONS[key].ask()
    (problem,) = refusal.value.problems
    assert (problem.rule, problem.passed) == (QUESTIONS[key].rule, False)
    assert "nothing was done and nothing is charged" in problem.message
    assert isinstance(refusal.value, CouldNotAsk)


@pytest.mark.parametrize("said", [None, True, "yes", (1,), (1, True)])
def test_what_is_no_answer_is_a_no(said, monkeypatch):
    monkeypatch.setitem(QUESTIONS, "x", None)
    ask = question("OFF-2", "OFFER")(lambda **facts: said)
    with pytest.raises(CouldNotAsk):
        ask()
    QUESTIONS.pop(next(key for key in QUESTIONS if "lambda" in key))


def test_a_figure_that_nobody_has_confirmed_lets_nobody_pass():
    ireland = rulesets.rule_set("IE", date(2026, 11, 24))
    with pytest.raises(CouldNotAsk) as refusal:
        QUESTIONS["caps.statutory_cap"].ask(interests=[Interest()], applied_pence=1, rules=ireland)
    assert refusal.value.problems[0].source == "NoFigure"
