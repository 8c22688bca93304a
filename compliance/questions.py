"""A question: one rule as one function, with its id and level, which answers from facts alone.

    @question("OFF-2", OFFER)
    def minimum_reached(*, cleared_pence: int, minimum_pence: int) -> Answer: …

What it was asked is kept in the answer's facts, so that the same can be asked again years later
(`compliance/decisions.py`). A question that raises anything is no answer: whatever asked it is refused, never let pass.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Callable
from datetime import date

import structlog
from django.utils.translation import gettext as _

from compliance.answers import Answer, RuleBroken
from compliance.rulesets import RuleSet

log = structlog.get_logger("rules")
THE_LAW = "rules"  # the argument that is a rule-set: kept by its version beside the decision, not in the facts


class CouldNotAsk(RuleBroken):
    """A rule could not be asked. Nothing may be taken, paid, allotted or published past it."""

    def __init__(self, asked: Question, error: Exception):
        message = _(
            "We could not check rule %(rule)s, so nothing was done and nothing is charged. Please try again later, "
            "and tell the society if it happens again."
        ) % {"rule": asked.rule}
        super().__init__(
            [Answer(asked.rule, asked.level, False, message, _("The rule could not be asked."), type(error).__name__)]
        )


@dataclasses.dataclass
class Question:
    """One function of one rule. `key` names it in decisions: its module and its name."""

    key: str
    rule: str
    level: str
    function: Callable

    def ask(self, **facts):
        """The function's answer with what it was asked; CouldNotAsk where it raises."""
        try:
            said = self.function(**facts)
            if isinstance(said, Answer):
                return self._kept(said, facts)
            value, answer = said  # a function may give what follows from the answer, in front of it
            return value, self._kept(answer, facts)
        except Exception as error:
            log.exception("a rule could not be asked", rule=self.rule, question=self.key)
            raise CouldNotAsk(self, error) from error

    def _kept(self, answer: Answer, facts: dict) -> Answer:
        asked = {name: _plain(value) for name, value in facts.items() if name != THE_LAW}
        return dataclasses.replace(answer, question=self.key, facts=answer.facts | asked)

    def again(self, facts: dict, rules: RuleSet) -> Answer:
        """Ask what was asked before, from kept facts, with the law of a rule-set."""
        hints = _hints(self.function)
        asked = {name: _read(facts[name], hint) for name, hint in hints.items() if name in facts}
        if THE_LAW in hints:
            asked[THE_LAW] = rules
        said = self.ask(**asked)
        return said if isinstance(said, Answer) else said[1]


QUESTIONS: dict[str, Question] = {}


def question(rule: str, level: str):
    """Register a function as a question of a rule; calling it then asks the question."""

    def register(function: Callable) -> Callable:
        key = f"{function.__module__.removeprefix('compliance.')}.{function.__name__}"
        asked = QUESTIONS[key] = Question(key, rule, level, function)

        @functools.wraps(function)
        def ask(**facts):
            return asked.ask(**facts)

        return ask

    return register


def _plain(value):
    """A fact as JSON: days as text, rows of facts as objects, sets in order."""
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


@functools.cache
def _hints(function: Callable) -> dict:
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    return hints


def _read(value, hint):
    """The other way round: a fact of JSON as the function's own type says."""
    if value is None:
        return None
    parts = typing.get_args(hint) or (hint,)
    if isinstance(value, str) and date in parts:
        return date.fromisoformat(value)
    rows = [part for part in parts if dataclasses.is_dataclass(part)]
    if rows and isinstance(value, list):
        return [_row(rows[0], item) for item in value]
    if rows and isinstance(value, dict):
        return _row(rows[0], value)
    return value


def _row(cls: type, values: dict):
    hints = _hints(cls)
    return cls(**{name: _read(value, hints[name]) for name, value in values.items()})
