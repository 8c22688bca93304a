"""Deposits with a society that has withdrawable shares (BNK-1): small ones are no banking, larger ones are."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.money import as_pounds
from compliance.answers import LAW, Answer
from compliance.questions import question
from compliance.rulesets import RuleSet


@question("BNK-1", LAW)
def deposit(*, payment_pence: int, held_pence: int, clear_days: int, rules: RuleSet) -> Answer:
    """BNK-1: a payment, and all that one depositor has, within the limits, on notice of two clear days at least.

    payment_pence: this payment; held_pence: what the depositor has already; clear_days: the notice of repayment.
    Source: 2014 Act s.67(2) (Northern Ireland: 1969 Act s.7(3)).
    """
    one, all_of = rules.figure("deposit_payment_most_pence"), rules.figure("deposit_depositor_most_pence")
    notice = rules.figure("deposit_notice_clear_days")
    together = held_pence + payment_pence
    passed = 0 < payment_pence <= one.value and together <= all_of.value and clear_days >= notice.value
    message = (
        ""
        if passed
        else _(
            "A society with withdrawable shares may take deposits of up to %(one)s at a time and %(all)s from one "
            "person, on %(days)s clear days’ notice. More would be banking."
        )
        % {"one": as_pounds(one.value), "all": as_pounds(all_of.value), "days": notice.value}
    )
    arithmetic = "; ".join(
        (
            f"{as_pounds(payment_pence)} {'≤' if payment_pence <= one.value else '>'} {as_pounds(one.value)}",
            f"{as_pounds(together)} {'≤' if together <= all_of.value else '>'} {as_pounds(all_of.value)}",
            f"{clear_days} {'≥' if clear_days >= notice.value else '<'} {notice.value}",
        )
    )
    return Answer("BNK-1", LAW, passed, message, arithmetic, one.source)


@question("BNK-1", LAW)
def shares_may_be_paid_back(*, deposits_due_unpaid_pence: int, rules: RuleSet) -> Answer:
    """BNK-1: no withdrawable capital is paid back while a deposit that is due has not been paid. Source: s.67(3)."""
    passed = deposits_due_unpaid_pence == 0
    message = (
        ""
        if passed
        else _("Deposits of %(sum)s are due and unpaid: they come first, and no shares can be withdrawn before them.")
        % {"sum": as_pounds(deposits_due_unpaid_pence)}
    )
    arithmetic = f"{as_pounds(deposits_due_unpaid_pence)} {'=' if passed else '>'} £0"
    return Answer("BNK-1", LAW, passed, message, arithmetic, rules.figure("deposit_payment_most_pence").source)
