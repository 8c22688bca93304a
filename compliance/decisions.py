"""Keeping what the rules answered, so that it can be read, and asked again to the same answer, years later."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator

from django.utils.translation import override

from common import clock, hot
from compliance import catalogue, questions, rulesets
from compliance.answers import Answer
from compliance.models import Decision
from compliance.rulesets import RuleSet

NUMBERS = re.compile(r"\d(?:[\d,.]*\d)?")


def record(
    answers: Iterable[Answer], *, society_id: uuid.UUID, subject_id: uuid.UUID, occasion: str, rules: RuleSet
) -> list[Decision]:
    """Write one Decision for each answer, in the transaction of the verb that asked. Returns the rows."""
    return record_many([(subject_id, answers)], society_id=society_id, occasion=occasion, rules=rules)


def record_many(
    asked: Iterable[tuple[uuid.UUID, Iterable[Answer]]], *, society_id: uuid.UUID, occasion: str, rules: RuleSet
) -> list[Decision]:
    """The same for many subjects at once: (subject, its answers). `rules`: the law that was asked."""
    moment = clock.now()
    rows = [
        Decision(
            society_id=society_id,
            subject_id=subject_id,
            occasion=occasion,
            question=answer.question,
            rule=answer.rule,
            level=answer.level,
            passed=answer.passed,
            message=answer.message,
            arithmetic=answer.arithmetic,
            source=answer.source,
            facts=answer.facts,
            rule_set=rules.version,
            law_on=rules.on,
            decided_at=moment,
        )
        for subject_id, answers in asked
        for answer in answers
    ]
    hot.insert(rows)
    return rows


def ask_again(row: Decision) -> Answer:
    """What its question answers today to the facts of its day, with the law of its rule-set's version.

    NoFigure where the text of that version was not kept, KeyError where nobody asks that question any more, and
    questions.CouldNotAsk where the facts that were kept do not suffice.
    """
    rules = rulesets.of_version(row.rule_set, row.law_on)
    with override("en-gb"):
        return catalogue.QUESTIONS[row.question].again(row.facts, rules)


def differences(rows: Iterable[Decision]) -> Iterator[tuple[Decision, str]]:
    """Decisions that would not be answered the same now, each with what is different.

    The same are the rule, its level, yes or no, and every number that was said. Its words may have become better ones.
    """
    for row in rows:
        try:
            answer = ask_again(row)
        except (rulesets.NoFigure, KeyError, questions.CouldNotAsk) as error:
            yield row, f"cannot be asked again: {error}"
            continue
        for name, before, now in (
            ("rule", row.rule, answer.rule),
            ("level", row.level, answer.level),
            ("passed", row.passed, answer.passed),
            ("arithmetic", _numbers(row.arithmetic), _numbers(answer.arithmetic)),
            ("message", _numbers(row.message), _numbers(answer.message)),
        ):
            if before != now:
                yield row, f"{name} was {before}, and is now {now}"
                break


def _numbers(words: str) -> list[str]:
    """The numbers in a text, which no better wording changes."""
    return NUMBERS.findall(words)
