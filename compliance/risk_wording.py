"""What must be said of the risk, and what may not be said of shares (RSK-1). The statement itself: `risk.py`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from django.utils.translation import gettext as _

from compliance.answers import PRACTICE, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet


@question("RSK-1", PRACTICE)
def said_everywhere(*, shown_at: Collection[str], rules: RuleSet) -> Answer:
    """RSK-1: the risk statement is shown at each of its five points. Source: Community Shares Handbook 4.2."""
    figure = rules.figure("risk_points")
    missing = [point for point in figure.value if point not in shown_at]
    message = _("The risk statement is not shown at: %(where)s.") % {"where": ", ".join(missing)} if missing else ""
    arithmetic = _("%(n)s of %(all)s points") % {"n": len(figure.value) - len(missing), "all": len(figure.value)}
    return Answer("RSK-1", PRACTICE, not missing, message, arithmetic, figure.source)


@question("RSK-1", PRACTICE)
def says_nothing_forbidden(*, found: Collection[str], rules: RuleSet) -> Answer:
    """RSK-1: words that promise safety or borrow the regulator's name are not said of shares.

    found: those words of the rule-set that stand in the offer's text, as `forbidden_in` finds them.
    """
    figure = rules.figure("words_not_said")
    wrong = [word for word in figure.value if word in found]
    message = (
        _("The text says “%(words)s”, which may not be said of these shares. Take it out, or say why it may stay.")
        % {"words": "”, “".join(wrong)}
        if wrong
        else ""
    )
    arithmetic = _("%(n)s words that may not be said") % {"n": len(wrong)}
    return Answer("RSK-1", PRACTICE, not wrong, message, arithmetic, figure.source)


def forbidden_in(text: str, words: Collection[str], allowed: Collection[str] = ()) -> list[str]:
    """Which of the words stand in a text as words of their own, whatever their case, width or spacing.

    allowed: phrases in which they may stand, such as "not guaranteed".
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    for phrase in sorted(allowed, key=len, reverse=True):
        plain = re.sub(_whole(phrase), "·", plain)
    return [word for word in words if re.search(_whole(word), plain)]


def _whole(phrase: str) -> str:
    return rf"(?<!\w){re.escape(phrase.casefold())}(?!\w)"


def found_in(text: str, rules: RuleSet) -> list[str]:
    """The words of a rule-set that may not be said and that a text says all the same."""
    return forbidden_in(text, rules.figure("words_not_said").value, rules.figure("words_allowed").value)
