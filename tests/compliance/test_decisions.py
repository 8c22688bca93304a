"""Whatever was decided can be asked again, years later, to the same answer; what would differ is told row by row."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from common import clock
from compliance import decisions, rulesets
from compliance.answers import Answer, RuleBroken
from compliance.catalogue import QUESTIONS
from compliance.models import Decision
from offers import applications
from tests.factories import applicant, close_and_decide, make_offer, make_society, paid, person, submit, take

pytestmark = pytest.mark.django_db


def everything_that_is_decided():
    """Applications of every kind, refusals, payments, a revival, a cancellation, an allotment with a ratio."""
    society = make_society()
    offer = make_offer(
        society, oversubscription="pro-rata", maximum_pence=3_000_00, optimum_pence=3_000_00, max_percent=80,
        tiers=[{"code": "A", "postcodes": ["NR11"]}], ratio_tier="A", ratio_percent=50,
    )  # fmt: skip
    paid(offer, 2_000_00)
    paid(offer, 500_00, by_whom=applicant(person(), person(role="joint"), kind="joint"))
    paid(offer, 700_00, postcode="ZE1 1AA")
    paid(offer, 900_00, by_whom=applicant(person(kind="registered-society"), kind="registered-society"))
    with pytest.raises(RuleBroken):
        submit(offer, 9_999_99, by_whom=applicant(person(born_on=clock.today()), kind="person"))
    with pytest.raises(RuleBroken):
        submit(offer, by_whom=applicant(kind="syndicate", people=11))
    late = submit(offer, 100_00)
    with clock.stopped(late.pay_by_at + timedelta(seconds=1)):
        applications.lapse(late)
        take(late, 100_00)
    close_and_decide(offer)
    first_come = make_offer(make_society(jurisdiction="GB-NIR", max_holding_pence=20_000_00), maximum_pence=1_050_00,
                            optimum_pence=1_000_00)  # fmt: skip
    submit(first_come, 1_000_00)
    with pytest.raises(RuleBroken):
        submit(first_come, 500_00)


def test_every_decision_is_asked_again_to_the_same_answer():
    everything_that_is_decided()
    rows = list(Decision.objects.all())
    assert {row.occasion for row in rows} == {"publish", "apply", "pay", "revive", "decide", "enter", "found"}
    assert len({row.question for row in rows}) == 27
    assert list(decisions.differences(rows)) == []
    for row in rows:
        answer = decisions.ask_again(row)
        assert (answer.rule, answer.level, answer.passed, answer.message, answer.arithmetic, answer.source) == (
            row.rule, row.level, row.passed, row.message, row.arithmetic, row.source)  # fmt: skip


def test_no_decision_names_anybody():
    everything_that_is_decided()
    words = json.dumps([row.facts for row in Decision.objects.all()])
    assert "Person" not in words
    assert "@" not in words
    assert "Low Street" not in words


def one(**changes) -> Decision:
    """A decision on a limit, as an application would leave it."""
    society = make_society()
    law = society.law(clock.today())
    answer = QUESTIONS["deposits.deposit"].ask(payment_pence=500_00, held_pence=0, clear_days=2, rules=law)
    (row,) = decisions.record([answer], society_id=society.pk, subject_id=society.pk, occasion="test", rules=law)
    for name, value in changes.items():
        setattr(row, name, value)
    return row


def wrong(row) -> list[str]:
    return [words for _row, words in decisions.differences([row])]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"passed": True}, "passed was True, and is now False"),
        ({"level": "POLICY"}, "level was POLICY, and is now LAW"),
        ({"rule": "CAP-1"}, "rule was CAP-1, and is now BNK-1"),
        ({"arithmetic": "£1 > £400; £500 > £400; 2 ≥ 2"}, "arithmetic was"),
        ({"message": "Up to £401."}, "message was"),
        ({"message": "Of £400 at a time, £400 in all, in 2 days, no more!"}, None),  # other words, the same figures
        ({"question": "deposits.nobody_asks"}, "cannot be asked again"),
        ({"facts": {"payment_pence": 1}}, "cannot be asked again"),
        ({"rule_set": "GB-ENG@000000000000"}, "was not kept"),
        ({"rule_set": "GB-XXX@000000000000"}, "No rule-set for GB-XXX"),
    ],
)
def test_what_would_be_different_is_told(changes, words):
    found = wrong(one(**changes))
    assert (found == []) if words is None else (words in found[0])


def test_a_decision_is_asked_again_with_the_law_of_its_version_and_day(monkeypatch):
    """When the file has changed since, the text before it is read; the same figure of today does not count."""
    row = one()
    changed = rulesets.rule_set("GB-NIR", row.law_on)
    monkeypatch.setattr(rulesets, "rule_set", lambda code, on: changed)
    assert wrong(row) == []
    row.rule_set = changed.version
    assert "arithmetic was" in wrong(row)[0] or "message was" in wrong(row)[0]


def test_a_decision_in_another_language_is_the_same_decision():
    with override("cy"):
        row = one()
    assert wrong(row) == []


def command(*arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("recheck_decisions", *arguments, stdout=said)
    except CommandError as error:
        return error.returncode, f"{said.getvalue()}{error}"
    return 0, said.getvalue()


def test_the_command_asks_everything_again_and_exits_1_with_a_row_for_each_difference(monkeypatch):
    everything_that_is_decided()
    number = Decision.objects.count()
    assert command() == (0, f"{number} decisions asked again: the same answers.\n")
    assert command("--json") == (0, "")

    def laxer(**facts):
        return Answer("CAP-2", "RULES", True, "", "£1", "Rule 7.2 of the society")

    monkeypatch.setattr(QUESTIONS["caps.society_cap"], "function", laxer)
    asked = Decision.objects.filter(question="caps.society_cap").count()
    code, said = command()
    assert code == 1
    assert said.count("caps.society_cap") == asked
    assert f"{asked} of {number} decisions would be different now." in said
    code, said = command("--json", "--society", "nobody")
    assert (code, said) == (0, "")
    code, said = command("--json")
    assert json.loads(said.splitlines()[0])["rule"] == "CAP-2"
