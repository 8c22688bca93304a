"""Enterprise Investment Scheme (EIS-1): who may get an EIS3, what it must say, and until when shares must be held."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from common import clock
from compliance.answers import LAW, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet


@question("EIS-1", LAW)
def certificate_allowed(
    *, on_the_eis1: bool, reference: str, issued_on: date, entered_on: date, is_joint: bool, is_shared_equally: bool,
    rules: RuleSet,
) -> Answer:  # fmt: skip
    """EIS-1: an EIS3 only for subscribers on the EIS1, with HMRC's reference, of the very day of issue.

    entered_on: the day on the register; joint subscribers count as having subscribed equally (ITA 2007 s.250(2)).
    """
    figure = rules.figure("eis_years")
    wrong = [
        words
        for words, is_right in (
            (_("this subscriber is not on the EIS1"), on_the_eis1),
            (_("HMRC has given no reference"), bool(reference.strip())),
            (_("the day of issue is not that of the register"), issued_on == entered_on),
            (_("joint holders are not shown as equal"), not is_joint or is_shared_equally),
        )
        if not is_right
    ]
    message = _("No EIS3 can be made: %(why)s.") % {"why": "; ".join(wrong)} if wrong else ""
    return Answer(
        "EIS-1",
        LAW,
        not wrong,
        message,
        f"{issued_on} {'=' if issued_on == entered_on else '≠'} {entered_on}",
        figure.source,
    )


def relief_until(*, issued_on: date, trade_began_on: date, rules: RuleSet) -> date:
    """The day from which shares may go without loss of relief: three years after issue or trade, the later one."""
    return clock.months_later(max(issued_on, trade_began_on), 12 * rules.figure("eis_years").value)


@question("EIS-1", LAW)
def relief_kept(*, issued_on: date, trade_began_on: date, until_on: date, rules: RuleSet) -> Answer:
    """EIS-1: the day until which relief binds is three years after the issue or the start of trade, the later one."""
    figure = rules.figure("eis_years")
    right = relief_until(issued_on=issued_on, trade_began_on=trade_began_on, rules=rules)
    passed = until_on == right
    message = "" if passed else _("Relief binds until %(day)s.") % {"day": right.isoformat()}
    return Answer("EIS-1", LAW, passed, message, f"{until_on} {'=' if passed else '≠'} {right}", figure.source)


@question("EIS-1", LAW)
def may_claim(*, trade_began_on: date, claim_on: date, rules: RuleSet) -> Answer:
    """EIS-1: the EIS1 goes in after four months of trade at the earliest."""
    figure = rules.figure("eis_trading_months_before_claim")
    first = clock.months_later(trade_began_on, figure.value)
    passed = claim_on >= first
    message = "" if passed else _("The EIS1 can be sent from %(day)s on.") % {"day": first.isoformat()}
    return Answer("EIS-1", LAW, passed, message, f"{claim_on} {'≥' if passed else '<'} {first}", figure.source)
