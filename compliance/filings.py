"""What a society files and gives out (FIL-1): the annual return with accounts, and copies of its rules."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from common import clock
from common.money import as_pounds
from compliance.answers import LAW, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet


@question("FIL-1", LAW)
def annual_return(
    *, year_ends_on: date, filed_on: date, committee_signatures: int, secretary_signed: bool, rules: RuleSet
) -> Answer:
    """FIL-1: the AR30 and accounts, signed by two of the committee and the secretary, within seven months."""
    months, signatures = rules.figure("annual_return_months"), rules.figure("accounts_committee_signatures")
    last = clock.months_later(year_ends_on, months.value)
    in_time, is_signed = filed_on <= last, committee_signatures >= signatures.value and secretary_signed
    message = ""
    if not in_time:
        message = _("The annual return and accounts are due by %(day)s.") % {"day": formats.date_format(last, "j F Y")}
    elif not is_signed:
        message = _("The accounts need %(n)s signatures of the committee and that of the secretary.") % {
            "n": signatures.value
        }
    arithmetic = f"{filed_on} {'≤' if in_time else '>'} {last}; {committee_signatures} + {int(secretary_signed)}"
    return Answer("FIL-1", LAW, in_time and is_signed, message, arithmetic, months.source)


@question("FIL-1", LAW)
def copy_of_rules(*, is_member: bool, had_one: bool, fee_pence: int, rules: RuleSet) -> Answer:
    """FIL-1: a member's first copy of the rules is free; anybody else pays £5 at most. Units: pence."""
    figure = rules.figure("rules_copy_fee_most_pence")
    most = 0 if is_member and not had_one else figure.value
    passed = 0 <= fee_pence <= most
    message = (
        "" if passed else _("For this copy of the rules %(most)s may be asked at most.") % {"most": as_pounds(most)}
    )
    arithmetic = f"{as_pounds(fee_pence)} {'≤' if passed else '>'} {as_pounds(most)}"
    return Answer("FIL-1", LAW, passed, message, arithmetic, figure.source)
