"""Withdrawal of share capital (WDR-1): notice, the board's discretion, the pot, and what can be afforded."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import PRACTICE, RULES, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet


@question("WDR-1", RULES)
def allowed(
    *, asked_on: date, pay_on: date, notice_days: int, is_suspended: bool, board_agrees: bool, amount_pence: int,
    held_pence: int, rule_number: str = "",
) -> Answer:  # fmt: skip
    """WDR-1: after the notice that the rules ask, if the board agrees and has not suspended it, up to the holding."""
    days = (pay_on - asked_on).days
    wrong = [
        words
        for words, is_right in (
            (_("the notice of %(days)s days has not run") % {"days": notice_days}, days >= notice_days),
            (_("the board has suspended withdrawals"), not is_suspended),
            (_("the board has not agreed"), board_agrees),
            (_("it is more than is held"), 0 < amount_pence <= held_pence),
        )
        if not is_right
    ]
    message = _("This cannot be paid back now: %(why)s.") % {"why": "; ".join(wrong)} if wrong else ""
    arithmetic = (
        f"{days} {'≥' if days >= notice_days else '<'} {notice_days}; "
        f"{as_pounds(amount_pence)} {'≤' if amount_pence <= held_pence else '>'} {as_pounds(held_pence)}"
    )
    source = _("Rule %(number)s of the society") % {"number": rule_number} if rule_number else _("The society's rules")
    return Answer("WDR-1", RULES, not wrong, message, arithmetic, source)


@question("WDR-1", PRACTICE)
def within_the_pot(
    *, paid_this_year_pence: int, amount_pence: int, opening_capital_pence: int, rules: RuleSet
) -> Answer:
    """WDR-1: at most a tenth of the share capital at the year's beginning goes out in the year. Units: pence."""
    figure = rules.figure("withdrawal_pot_percent")
    pot, together = opening_capital_pence * figure.value // 100, paid_this_year_pence + amount_pence
    passed = together <= pot
    message = (
        ""
        if passed
        else _("The pot for this year is %(pot)s, and %(left)s of it is left.")
        % {"pot": as_pounds(pot), "left": as_pounds(max(pot - paid_this_year_pence, 0))}
    )
    arithmetic = f"{as_pounds(together)} {'≤' if passed else '>'} {as_pounds(pot)}"
    return Answer("WDR-1", PRACTICE, passed, message, arithmetic, figure.source)


@question("WDR-1", PRACTICE)
def affordable(
    *, run_pence: int, surplus_pence: int, new_capital_pence: int, months_solvent: int, rules: RuleSet
) -> Answer:
    """WDR-1: paid out of surplus or new capital, by directors who say that debts can be met for a year after.

    run_pence: all that is paid back together; months_solvent: how far ahead the directors' statement looks.
    """
    figure = rules.figure("withdrawal_solvent_months")
    source_pence = surplus_pence + new_capital_pence
    has_money, looks_ahead = run_pence <= source_pence, months_solvent >= figure.value
    message = ""
    if not has_money:
        message = _("Only %(sum)s of surplus and new share capital is there to pay withdrawals from.") % {
            "sum": as_pounds(max(source_pence, 0))
        }
    elif not looks_ahead:
        message = _("The directors must first state that debts can be met for %(months)s months.") % {
            "months": figure.value
        }
    arithmetic = (
        f"{as_pounds(run_pence)} {'≤' if has_money else '>'} {as_pounds(source_pence)}; "
        f"{months_solvent} {'≥' if looks_ahead else '<'} {figure.value}"
    )
    return Answer("WDR-1", PRACTICE, has_money and looks_ahead, message, arithmetic, figure.source)


@question("WDR-1", PRACTICE)
def next_in_the_queue(*, waiting_since: date, longest_waiting_since: date) -> Answer:
    """WDR-1: those who asked first are paid first. longest_waiting_since: the oldest request that is not paid."""
    passed = waiting_since <= longest_waiting_since
    message = (
        ""
        if passed
        else _("Somebody has waited since %(day)s and comes first.")
        % {"day": formats.date_format(longest_waiting_since, "j F Y")}
    )
    arithmetic = f"{waiting_since} {'≤' if passed else '>'} {longest_waiting_since}"
    return Answer("WDR-1", PRACTICE, passed, message, arithmetic, _("By date of notice, as is usual"))


@question("WDR-1", PRACTICE)
def keeps_tax_relief(*, pay_on: date, eis_until_on: date | None, amount_pence: int, rules: RuleSet) -> Answer:
    """WDR-1: a warning before relief under the EIS is lost; not below £1,000. eis_until_on: None without."""
    figure = rules.figure("eis_small_withdrawal_pence")
    if eis_until_on is None:
        return Answer("WDR-1", PRACTICE, True, "", _("no relief"), figure.source)
    passed = pay_on >= eis_until_on or amount_pence < figure.value
    message = (
        ""
        if passed
        else _("Before %(day)s this member would lose EIS relief, and often paid early it can endanger everybody’s.")
        % {"day": formats.date_format(eis_until_on, "j F Y")}
    )
    arithmetic = (
        f"{pay_on} {'≥' if pay_on >= eis_until_on else '<'} {eis_until_on}; "
        f"{as_pounds(amount_pence)} {'<' if amount_pence < figure.value else '≥'} {as_pounds(figure.value)}"
    )
    return Answer("WDR-1", PRACTICE, passed, message, arithmetic, figure.source)
