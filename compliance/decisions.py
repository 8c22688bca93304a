"""Keeping what the rules answered, so that it can be read and recomputed years later."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from common import clock, hot
from compliance.answers import Answer
from compliance.models import Decision
from compliance.rulesets import RuleSet


def record(
    answers: Iterable[Answer], *, society_id: uuid.UUID, subject_id: uuid.UUID, occasion: str, rules: RuleSet
) -> list[Decision]:
    """Write one Decision for each answer, in the transaction of the verb that asked. Returns the rows."""
    return record_many([(subject_id, answers)], society_id=society_id, occasion=occasion, rules=rules)


def record_many(
    asked: Iterable[tuple[uuid.UUID, Iterable[Answer]]], *, society_id: uuid.UUID, occasion: str, rules: RuleSet
) -> list[Decision]:
    """The same for many subjects at once: (subject, its answers)."""
    moment = clock.now()
    rows = [
        Decision(
            society_id=society_id,
            subject_id=subject_id,
            occasion=occasion,
            rule=answer.rule,
            level=answer.level,
            passed=answer.passed,
            message=answer.message,
            arithmetic=answer.arithmetic,
            source=answer.source,
            facts=answer.facts,
            rule_set=rules.version,
            decided_at=moment,
        )
        for subject_id, answers in asked
        for answer in answers
    ]
    hot.insert(rows)
    return rows
