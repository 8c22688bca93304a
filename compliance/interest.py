"""Interest on shares: what may be declared and paid (INT-1), what is told to HMRC and deducted (INT-2).

Rates are in hundredths of a per cent: 450 is 4.5 %.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from common import clock
from common.money import as_pounds
from compliance.answers import LAW, RULES, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet


@question("INT-1", RULES)
def rate_allowed(
    *, rate: int, declared_most: int, declared_on: date, period_begins_on: date, is_affordable: bool,
    adds_for_earlier_years: bool, rule_number: str = "",
) -> Answer:  # fmt: skip
    """INT-1: no more than the most that was declared before the period, affordable, and never for earlier years.

    Source: FCA guidance on the lowest rate that suffices; Community Shares Handbook 6.1; the society's own rule.
    """
    wrong = [
        words
        for words, is_right in (
            (_("it is above the most that was declared"), 0 <= rate <= declared_most),
            (_("the most was not declared before the period began"), declared_on < period_begins_on),
            (_("the board has not said that it is affordable"), is_affordable),
            (_("it makes up for earlier years"), not adds_for_earlier_years),
        )
        if not is_right
    ]
    most = f"{declared_most / 100:.2f}"
    message = (
        _("This interest cannot be paid: %(why)s. Up to %(most)s%% was declared.")
        % {"why": "; ".join(wrong), "most": most}
        if wrong
        else ""
    )
    arithmetic = f"{rate / 100:.2f}% {'≤' if rate <= declared_most else '>'} {most}%"
    source = _("Rule %(number)s of the society") % {"number": rule_number} if rule_number else _("The society's rules")
    return Answer("INT-1", RULES, not wrong, message, arithmetic, source)


@question("INT-2", LAW)
def on_the_return(*, paid_pence: int, credited_pence: int, is_listed: bool, by_statute: bool, rules: RuleSet) -> Answer:
    """INT-2: whoever got £15 (statute) or £250 (HMRC's practice) in a period stands on the return; crediting counts.

    paid_pence, credited_pence: of one person in the period; is_listed: stands on the return. Source: ITA 2007 s.887.
    """
    figure = rules.figure("interest_return_statute_pence" if by_statute else "interest_return_practice_pence")
    together = paid_pence + credited_pence
    is_due = together >= figure.value
    passed = is_listed or not is_due
    message = (
        ""
        if passed
        else _("Somebody who got %(sum)s is not on the interest return, and from %(limit)s on everybody must be.")
        % {"sum": as_pounds(together), "limit": as_pounds(figure.value)}
    )
    arithmetic = f"{as_pounds(together)} {'≥' if is_due else '<'} {as_pounds(figure.value)}"
    return Answer("INT-2", LAW, passed, message, arithmetic, figure.source)


@question("INT-2", LAW)
def paid_gross(*, lives_in_the_uk: bool, deducted_pence: int, gross_pence: int, rules: RuleSet) -> Answer:
    """INT-2: gross to whoever usually lives in the United Kingdom; tax is deducted for everybody else.

    What is deducted is for HMRC's rate of the day to say, so only that something is. Source: ITA 2007 s.887(1).
    """
    figure = rules.figure("interest_return_statute_pence")
    passed = deducted_pence == 0 if lives_in_the_uk else 0 < deducted_pence < gross_pence
    message = ""
    if not passed:
        message = (
            _("Interest to somebody who lives in the United Kingdom is paid without deducting tax.")
            if lives_in_the_uk
            else _("Tax must be deducted from interest to somebody who lives outside the United Kingdom.")
        )
    arithmetic = _("%(deducted)s deducted of %(gross)s") % {
        "deducted": as_pounds(deducted_pence),
        "gross": as_pounds(gross_pence),
    }
    return Answer("INT-2", LAW, passed, message, arithmetic, figure.source)


@question("INT-2", LAW)
def return_in_time(*, period_ends_on: date, sent_on: date, rules: RuleSet) -> Answer:
    """INT-2: the return goes out within three months of the end of the accounting period. Source: ITA 2007 s.887(2)."""
    figure = rules.figure("interest_return_months")
    last = clock.months_later(period_ends_on, figure.value)
    passed = sent_on <= last
    message = "" if passed else _("The interest return was due by %(day)s.") % {"day": last.isoformat()}
    return Answer("INT-2", LAW, passed, message, f"{sent_on} {'≤' if passed else '>'} {last}", figure.source)
