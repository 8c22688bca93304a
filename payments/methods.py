"""Which ways of paying an amount are offered, what they cost the society and how long they take: rules over dated data.

Nobody may borrow to buy shares, so credit cards are refused wherever a method could be one. A bank transfer is always
offered. What a payment costs is the society's: nothing is added to what the buyer pays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common import clock
from offers.choices import ONLINE, Method
from payments.tariffs import Tariff, Terms

SATURDAY = 5
DEBIT_WAIT = 10  # working days: the longest that Stripe names for a debit with a new mandate, and a few for holidays
Limits = Mapping[str, int]  # what Stripe has agreed to take of a society in one payment, in pence, by method


def limit_pence(terms: Terms, raised: Limits) -> int:
    """The largest payment by a method for a society: Stripe's usual limit, or what it has agreed to with them."""
    most = max(terms.limit_pence, raised.get(terms.name, 0))
    return min(most, terms.limit_raised_pence) if terms.limit_raised_pence else most


def takes(terms: Terms, *, amount_pence: int, raised: Limits) -> bool:
    """Whether a method paid at Stripe is offered for an amount: inside our bounds and Stripe's limit."""
    least = max(terms.offered_from_pence, terms.limit_least_pence)
    most = limit_pence(terms, raised)
    if terms.offered_to_pence is not None:
        most = min(most, terms.offered_to_pence)
    return least <= amount_pence <= most


def usable(
    *, amount_pence: int, capabilities: frozenset[str], raised: Limits, takes_cash: bool, tariff: Tariff
) -> list[Method]:
    """The ways in which an amount can be paid, the quickest first; a bank transfer is always among them.

    capabilities: what Stripe has made active for the society, empty while payments at Stripe are off.
    """
    found = []
    for method in Method:
        if method in ONLINE:
            terms = tariff.methods[method]
            is_offered = terms.capability in capabilities and takes(terms, amount_pence=amount_pence, raised=raised)
        else:
            is_offered = method != Method.CASH or takes_cash
        if is_offered:
            found.append(method)
    return found


def waits(method: str, *, transfer_days: int, tariff: Tariff) -> str:
    """One line for whoever pays: what they do and how long it takes."""
    if method == Method.CARD:
        return _("On Stripe’s secure page, now. Credit cards are not taken.")
    if method == Method.PAY_BY_BANK:
        return _("You approve it in your bank’s app or website, now.")
    if method == Method.DIRECT_DEBIT:
        terms = tariff.methods[method]
        days = {"least": terms.days_least, "most": terms.days_most}
        return (
            _("You give your bank details on Stripe’s page. The money takes %(least)s to %(most)s working days.") % days
        )
    if method == Method.BANK_TRANSFER:
        return _("From your bank within %(days)s days, with a reference that we give you.") % {"days": transfer_days}
    if method == Method.CHEQUE:
        return _("By post, so that it arrives within %(days)s days.") % {"days": transfer_days}
    return _("Handed to an officer of the society within %(days)s days. Ask for a receipt.") % {"days": transfer_days}


def debit_answered_by(moment: datetime) -> datetime:
    """When the banks have answered a debit given at a moment, at the latest: the end of the tenth working day after.

    Monday to Friday count; the few days above Stripe's seven cover bank holidays.
    """
    day, left = clock.london(moment), DEBIT_WAIT
    while left:
        day = clock.london(clock.later(day, days=1))
        left -= day.weekday() < SATURDAY
    return clock.later(clock.day_begins_at(day.date()), days=1, seconds=-1)


@dataclass(frozen=True)
class Cost:
    """What refunding everybody would leave the society short: Stripe keeps its fees."""

    payments: int
    sum_pence: int
    fee_pence: int


def refund_cost(terms: Terms, *, sum_pence: int, each_pence: int) -> Cost | None:
    """The fees lost if a sum that came in payments of `each_pence` all goes back; None where the fee is not known.

    The last payment may be smaller. Source: fees are not returned (docs.stripe.com/refunds).
    """
    whole, rest_pence = divmod(sum_pence, each_pence)
    fee_pence = terms.fee_pence(each_pence)
    if fee_pence is None:
        return None
    rest_fee = terms.fee_pence(rest_pence) if rest_pence else 0
    return Cost(whole + bool(rest_pence), sum_pence, whole * fee_pence + rest_fee)
