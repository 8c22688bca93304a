"""A material change to a published offer (OFF-6), and the days in which an applicant may cancel (CNL-1)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from compliance.answers import POLICY, PRACTICE, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet


@question("OFF-6", PRACTICE)
def allotted_after_change(
    *, changed_on: date | None, told: int, to_tell: int, closes_on: date | None, allot_on: date, rules: RuleSet
) -> Answer:
    """OFF-6: after a material change everybody is told and may cancel; nothing is allotted inside that window.

    changed_on: the day of the last material change, None for none; told of to_tell: applicants and members who have
    been; the window ends with the rule-set's days or with the offer, whichever is later. Source: Handbook 5.4.8.
    """
    figure = rules.figure("material_change_days")
    if changed_on is None:
        return Answer("OFF-6", PRACTICE, True, "", _("no material change"), figure.source)
    last = max(changed_on + timedelta(days=figure.value), closes_on or changed_on)
    everybody, is_over = told >= to_tell, allot_on > last
    message = ""
    if not everybody:
        message = _("The offer was changed on %(day)s, and %(n)s of those concerned have not been told.") % {
            "day": formats.date_format(changed_on, "j F Y"),
            "n": to_tell - told,
        }
    elif not is_over:
        message = _(
            "The offer was changed, and applicants may cancel until %(day)s. Shares can be allotted after it."
        ) % {"day": formats.date_format(last, "j F Y")}
    arithmetic = f"{told} {'≥' if everybody else '<'} {to_tell}; {allot_on} {'>' if is_over else '≤'} {last}"
    return Answer("OFF-6", PRACTICE, everybody and is_over, message, arithmetic, figure.source)


@question("CNL-1", POLICY)
def may_cancel(*, is_live: bool, is_in_time: bool, last_day: date) -> Answer:
    """CNL-1: an applicant may cancel within the offer's days, as long as the application waits.

    is_in_time: the last moment has not passed; last_day: the London day of that moment.
    """
    message = ""
    if not is_live:
        message = _("This application no longer waits, so there is nothing to cancel.")
    elif not is_in_time:
        message = _(
            "The days in which you could cancel have passed: they ended on %(day)s. Write to the society if you have "
            "changed your mind."
        ) % {"day": formats.date_format(last_day, "j F Y")}
    words = {"day": last_day.isoformat(), "sign": "≤" if is_in_time else ">"}
    arithmetic = _("now %(sign)s the end of %(day)s") % words if is_live else _("it no longer waits")
    return Answer("CNL-1", POLICY, is_live and is_in_time, message, arithmetic, _("The offer: days to cancel"))


@question("CNL-1", POLICY)
def allotted_after_cooling_off(*, applied_on: date, allot_on: date, asked_for_it: bool, rules: RuleSet) -> Answer:
    """CNL-1: nothing is allotted within fourteen days of an application unless its applicant asked for that."""
    figure = rules.figure("cooling_off_days_least")
    days = (allot_on - applied_on).days
    passed = asked_for_it or days > figure.value
    message = (
        ""
        if passed
        else _("This applicant may still cancel: shares can be allotted from %(day)s on.")
        % {"day": formats.date_format(applied_on + timedelta(days=figure.value + 1), "j F Y")}
    )
    arithmetic = _("the applicant asked for it") if asked_for_it else f"{days} {'>' if passed else '≤'} {figure.value}"
    return Answer("CNL-1", POLICY, passed, message, arithmetic, figure.source)


@question("CNL-1", POLICY)
def refunded_in_time(*, owed_on: date, paid_on: date, rules: RuleSet) -> Answer:
    """CNL-1: what is owed back after a cancellation is paid within thirty days."""
    figure = rules.figure("refund_days_most")
    days = (paid_on - owed_on).days
    passed = days <= figure.value
    message = (
        ""
        if passed
        else _("This refund was due within %(days)s days, by %(day)s.")
        % {"days": figure.value, "day": formats.date_format(owed_on + timedelta(days=figure.value), "j F Y")}
    )
    arithmetic = f"{days} {'≤' if passed else '>'} {figure.value}"
    return Answer("CNL-1", POLICY, passed, message, arithmetic, figure.source)
