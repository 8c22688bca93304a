"""The limits asked again where a holding grows without an application: interest, inheritance, merger, import (CAP-4).

Whatever writes such a holding locks the exposures of everybody concerned and calls `refuse_over_limit` first.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from common import clock
from compliance import caps, decisions
from compliance.answers import Answer, RuleBroken, problems_in
from compliance.caps import Interest
from compliance.rulesets import RuleSet
from offers import exposures, versions
from offers.models import Exposure, RuleBook, Society


@dataclass(frozen=True)
class Facts:
    """The law and the society's rules of one day, read once for many holdings."""

    law: RuleSet
    rules: RuleBook

    @classmethod
    def of(cls, society: Society) -> Facts:
        """As they are today."""
        today = clock.today()
        return cls(society.law(today), versions.rule_book(society, today))

    def answers(self, interests: Collection[Interest], *, added_pence: int, way: str) -> list[Answer]:
        """CAP-4 and CAP-2 for a holding that grows. Units: pence; way: one of caps.WAYS."""
        return caps.recheck(
            interests=interests,
            added_pence=added_pence,
            way=way,
            rules=self.law,
            max_holding_pence=self.rules.max_holding_pence,
            rule_number=self.rules.max_holding_rule,
        )


def refuse_over_limit(
    society: Society, locked: Collection[Exposure], *, added_pence: int, way: str, subject_id: uuid.UUID
) -> list[Answer]:
    """Keep what the limits answer to a holding that grows by `added_pence`, and raise RuleBroken on a no.

    locked: the exposures of everybody who will have an interest in it, locked by the caller (`exposures.lock`,
    `lock_parties`), so that nothing is added beside it; subject_id: what the decisions are filed under. A caller whose
    transaction is undone by the refusal records it again where it must be kept.
    """
    facts = Facts.of(society)
    found = facts.answers(exposures.interests(locked, ()), added_pence=added_pence, way=way)
    decisions.record(found, society_id=society.pk, subject_id=subject_id, occasion=way, rules=facts.law)
    if problems := problems_in(found):
        raise RuleBroken(problems)
    return found
