"""One paid application in the working of a decision."""

from __future__ import annotations

from dataclasses import dataclass, field

from compliance.answers import Answer
from offers.models import Application


@dataclass
class Line:
    """One paid application in the working; sums in pence."""

    application: Application
    allotted_pence: int = 0
    answers: list[Answer] = field(default_factory=list)

    @property
    def back_pence(self) -> int:
        return self.application.due_pence - self.allotted_pence

    @property
    def problems(self) -> list[Answer]:
        return [answer for answer in self.answers if not answer.passed]
