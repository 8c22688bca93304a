"""Nominations on death (NOM-1): which are valid, and how much passes by one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import LAW, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet

NONE = "none"  # no relation that the Act lists


@dataclass(frozen=True)
class Nominee:
    """One nominee: hundredths of the property, and whether they served the society on the day of the nomination."""

    hundredths: int
    serves: bool = False  # an officer or employee
    relation: str = NONE


@question("NOM-1", LAW)
def valid(
    *, is_written: bool, is_signed: bool, received_on: date | None, died_on: date | None,
    nominees: Collection[Nominee], rules: RuleSet,
) -> Answer:  # fmt: skip
    """NOM-1: written, signed, and at the registered office before the death; officers only if near relatives.

    The parts may not pass the whole. received_on: the day it came to the registered office; died_on: None for the
    living. Source: 2014 Act s.37(1)-(3).
    """
    figure = rules.figure("nomination_relatives")
    together = sum(nominee.hundredths for nominee in nominees)
    wrong = [
        words
        for words, is_right in (
            (_("it names nobody"), bool(nominees)),
            (_("it is not written"), is_written),
            (_("it is not signed"), is_signed),
            (_("it did not reach the registered office"), received_on is not None),
            (_("it came after the death"), received_on is None or died_on is None or received_on < died_on),
            (_("a part of it is nothing"), all(nominee.hundredths > 0 for nominee in nominees)),
            (_("its parts are more than the whole"), together <= 100),
            (
                _("it names an officer or employee who is no near relative"),
                all(not nominee.serves or nominee.relation in figure.value for nominee in nominees),
            ),
        )
        if not is_right
    ]
    message = _("This nomination is not valid: %(why)s.") % {"why": "; ".join(wrong)} if wrong else ""
    return Answer("NOM-1", LAW, not wrong, message, f"{together} {'≤' if together <= 100 else '>'} 100", figure.source)


@question("NOM-1", LAW)
def passes_by_nomination(*, property_pence: int, asked_pence: int, rules: RuleSet) -> Answer:
    """NOM-1: at most £5,000 of what a member has in the society passes this way. Units: pence. Source: s.37(4)."""
    figure = rules.figure("nomination_most_pence")
    most = min(property_pence, figure.value)
    passed = 0 <= asked_pence <= most
    message = (
        ""
        if passed
        else _("Only the first %(limit)s can pass by a nomination, here %(most)s. The rest needs a will.")
        % {"limit": as_pounds(figure.value), "most": as_pounds(most)}
    )
    sign = "≤" if passed else ">"
    arithmetic = f"{as_pounds(asked_pence)} {sign} {as_pounds(most)}"
    return Answer("NOM-1", LAW, passed, message, arithmetic, figure.source)
