"""How a rule answers: yes or no, in words, with its arithmetic and its source.

Rules are functions of facts and read nothing else (`compliance/questions.py`). What they answer is recorded
(`compliance/decisions.py`) and, where the answer is no, shown to the person who asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

LAW = "LAW"  # the Act or a regulation: nobody can override it
RULES = "RULES"  # the society's registered rules: changed only by a registered amendment
OFFER = "OFFER"  # a promise in the published offer
PRACTICE = "PRACTICE"  # the Community Shares Handbook: a warning
POLICY = "POLICY"  # the society's or the platform's choice
PROVIDER = "PROVIDER"  # the terms of whoever moves the money, such as Stripe
LEVELS = (LAW, RULES, OFFER, PRACTICE, POLICY, PROVIDER)
# Warnings: an officer may go on in spite of them, by name and with a reason. A promise in the offer is no warning: it
# was made to everybody who applied, and one officer's reason cannot take it back.
WARNINGS = (PRACTICE, POLICY)

# In the order in which several noes are listed to a person.
APPLICATION_RULES = (
    "OPN-1", "AMT-1", "ADM-1", "MEM-2", "GRP-1", "CAP-1", "CAP-2", "CAP-4", "OFF-5", "UNP-1", "RAT-1",
    "OFF-2",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """One rule's answer. `facts` are what it was asked, as JSON, without personal data."""

    rule: str
    level: str
    passed: bool
    message: str  # one plain sentence for the person; empty where passed
    arithmetic: str  # the comparison in words and figures
    source: str  # section of the Act, rule number, or the offer's own term
    facts: dict = field(default_factory=dict)
    question: str = ""  # the function that answered, by its name in `compliance/questions.py`

    @property
    def in_full(self) -> str:
        """For whoever was refused: what stopped them, what would be allowed, and where the limit comes from."""
        return f"{self.message} ({self.source})" if self.message and self.source else self.message


class RuleBroken(Exception):
    """A verb was refused. `problems` holds every answer that was no, in the order of APPLICATION_RULES."""

    def __init__(self, problems: Iterable[Answer]):
        self.problems = in_order(answer for answer in problems if not answer.passed)
        super().__init__("; ".join(f"{problem.rule}: {problem.message}" for problem in self.problems))


def in_order(answers: Iterable[Answer]) -> list[Answer]:
    """Answers in the order in which people are told of them; rules not listed come last, as they stood."""
    place = {rule: position for position, rule in enumerate(APPLICATION_RULES)}
    return sorted(answers, key=lambda answer: place.get(answer.rule, len(place)))


def problems_in(answers: Iterable[Answer]) -> list[Answer]:
    """Only the noes, in order, one for each rule."""
    found = {}
    for answer in in_order(answers):
        if not answer.passed:
            found.setdefault(answer.rule, answer)
    return list(found.values())


def hard(answers: Iterable[Answer]) -> list[Answer]:
    """The noes that stop an act whoever asks: law, rules and what the offer promises."""
    return [answer for answer in answers if not answer.passed and answer.level not in WARNINGS]


def warnings(answers: Iterable[Answer]) -> list[Answer]:
    """The noes that an officer may answer with a reason."""
    return [answer for answer in answers if not answer.passed and answer.level in WARNINGS]
