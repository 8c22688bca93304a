"""I13: what was decided would be decided the same again, and no warning was passed in silence."""

from __future__ import annotations

from collections.abc import Iterator

from compliance import decisions
from compliance.models import Decision
from members.books.fault import Found, ask

IN_SILENCE = """
    SELECT society.register_number, 'decision ' || decision.id,
           'the warning ' || decision.rule || ' was passed without a reason'
    FROM compliance_decision decision
    JOIN offers_society society ON society.id = decision.society_id
    LEFT JOIN compliance_override override ON override.decision_id = decision.id
    WHERE NOT decision.passed AND decision.occasion IN ('publish', 'extend') AND override.id IS NULL
"""


def decided() -> Found:
    """I13: every rule, asked again what it was asked, answers the same; every warning passed has its reason."""
    yield from _asked_again()
    yield from ask(IN_SILENCE)


def _asked_again() -> Iterator[tuple[str, str, str]]:
    rows = Decision.objects.select_related("society").order_by("id")
    for row, wrong in decisions.differences(rows.iterator(2000)):
        yield row.society.register_number, f"decision {row.pk}", f"{row.rule}: {wrong}"
