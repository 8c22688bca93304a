"""Money laundering (AML-1): the exclusion that societies have, and what remains to be watched."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import LAW, POLICY, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet


@question("AML-1", LAW)
def excluded(*, is_withdrawable: bool, most_held_pence: int, is_exempt: bool, rules: RuleSet) -> Answer:
    """AML-1: issuing withdrawable shares within the law's limit is outside most of the 2017 Regulations.

    most_held_pence: the most that anybody concerned would have; is_exempt: all of them are registered societies.
    Source: Money Laundering Regulations 2017 reg. 15(1), which rests on the limit of CAP-1.
    """
    figure = rules.figure("holding_cap_pence")
    passed = is_withdrawable and (is_exempt or most_held_pence <= figure.value)
    message = (
        ""
        if passed
        else _("Above %(cap)s, or for other shares, the society would have to check identities as a bank does.")
        % {"cap": as_pounds(figure.value)}
    )
    sign = "≤" if most_held_pence <= figure.value else ">"
    arithmetic = (
        _("a registered society") if is_exempt else f"{as_pounds(most_held_pence)} {sign} {as_pounds(figure.value)}"
    )
    return Answer("AML-1", LAW, passed, message, arithmetic, "Money Laundering Regulations 2017 reg. 15(1)")


@question("AML-1", POLICY)
def identity_seen(*, amount_pence: int, is_identified: bool, is_asked: bool, rules: RuleSet) -> Answer:
    """AML-1: a society may ask for proof of identity above £500. is_asked: this society does. Units: pence."""
    figure = rules.figure("identity_over_pence")
    passed = not is_asked or is_identified or amount_pence <= figure.value
    message = (
        ""
        if passed
        else _("The society asks for proof of identity above %(limit)s.") % {"limit": as_pounds(figure.value)}
    )
    sign = "≤" if amount_pence <= figure.value else ">"
    arithmetic = _("not asked") if not is_asked else f"{as_pounds(amount_pence)} {sign} {as_pounds(figure.value)}"
    return Answer("AML-1", POLICY, passed, message, arithmetic, figure.source)


@question("AML-1", POLICY)
def from_a_bank_here(*, is_cash: bool, country: str) -> Answer:
    """AML-1: money comes from a bank account in the United Kingdom, never in cash. country: two letters."""
    passed = not is_cash and country == "GB"
    message = (
        "" if passed else _("The society takes money only from a bank account in the United Kingdom, and no cash.")
    )
    arithmetic = _("cash") if is_cash else f"{country} {'=' if passed else '≠'} GB"
    return Answer("AML-1", POLICY, passed, message, arithmetic, "Community Shares Handbook 7.3.6")
