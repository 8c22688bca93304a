"""Going on in spite of a warning: a named officer, a reason, kept for good beside the decision that was a no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from common import clock
from compliance.answers import Answer, RuleBroken, hard, warnings
from compliance.models import Decision, Override


def refuse_unless_answered(answers: Iterable[Answer], reasons: Mapping[str, str]) -> None:
    """RuleBroken for every no that stops, and for every warning without a reason. `reasons`: by question.

    Law, rules and promises stop whatever reason is given.
    """
    answers = list(answers)
    unanswered = [answer for answer in warnings(answers) if not reasons.get(answer.question, "").strip()]
    if stopping := [*hard(answers), *unanswered]:
        raise RuleBroken(stopping)


def keep(decided: Iterable[Decision], reasons: Mapping[str, str], *, by, approved_by=None) -> list[Override]:
    """Keep the reasons beside the warnings that they answer, in the transaction of the act. The rows are decided."""
    moment = clock.now()
    return Override.objects.bulk_create(
        Override(
            society_id=decision.society_id,
            decision=decision,
            reason=reasons[decision.question].strip(),
            given_at=moment,
            given_by=by,
            approved_by=approved_by,
        )
        for decision in decided
        if not decision.passed and reasons.get(decision.question, "").strip()
    )


def one_reason(answers: Iterable[Answer], words: str) -> dict[str, str]:
    """The same reason for every warning, by question: for rehearsals and the demonstration."""
    return {answer.question: words for answer in warnings(answers)}


def said_of(subject_id, *, society_id) -> list[Override]:
    """Every warning of a subject that somebody went past, the oldest first, with its people."""
    rows = Override.objects.filter(society_id=society_id, decision__subject_id=subject_id)
    return list(rows.select_related("decision", "given_by", "approved_by").order_by("given_at", "id"))
