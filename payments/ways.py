"""Which ways of paying an offer takes now, and why payments at Stripe are off where they are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from common import audit, clock
from compliance import publishing
from compliance.answers import Answer
from compliance.questions import CouldNotAsk
from offers import lifecycle
from offers.choices import ONLINE, Collection, Method
from offers.models import ShareOffer
from payments import accounts, gateway, methods
from payments.models import AccountCheck, Receipt, StripeAccount
from payments.tariffs import tariff

CAN_BE_PROMISED = (Method.CARD, Method.DIRECT_DEBIT)  # a payment by bank is approved once, for one payment only


@dataclass(frozen=True)
class NoCards:
    """Why payments at Stripe are off for an offer, for its officers and for whoever wants to pay.

    `is_fault`: something is wrong that an officer should mend, not a choice of theirs.
    """

    to_officer: str
    is_fault: bool = False

    @property
    def to_buyer(self) -> str:
        return _("Card payments are switched off for this offer. You can pay by bank transfer.")


def account_of(society_id: uuid.UUID) -> StripeAccount | None:
    """The account that a society's payments go to; None while there is none."""
    account = accounts.serving(society_id)
    return account if account and account.account_id else None


def why_no_cards(offer: ShareOffer) -> NoCards | None:
    """Why no payment at Stripe can be begun for an offer now; None where it can."""
    return _standing(offer).problem


@dataclass(frozen=True)
class _Standing:
    """How payments at Stripe stand for an offer: what is wrong, or what Stripe has made active."""

    problem: NoCards | None
    account: StripeAccount | None = None
    capabilities: frozenset[str] = frozenset()


def _standing(offer: ShareOffer) -> _Standing:
    """One query, since every applicant's page asks it; a second one only for an offer that runs for long."""
    if not gateway.is_configured():
        return _Standing(NoCards(_("This site has no key of Stripe’s: ask whoever runs it.")))
    check = (
        AccountCheck.objects.filter(society_id=offer.society_id, account__ended_at=None)
        .select_related("account")
        .first()
    )
    if check is None:
        is_begun = account_of(offer.society_id) is not None
        words = not_ready(None) if is_begun else _("The society has no account at Stripe yet.")
        return _Standing(NoCards(words, is_fault=is_begun))
    if problem := not_ready(check):
        return _Standing(NoCards(problem, is_fault=True))
    if not offer.cards_accepted:
        return _Standing(NoCards(_("An officer has switched them off for this offer.")))
    answer = held_answer(offer, since=_first_money_on(offer))
    if not answer.passed:
        answer = held_answer(offer, since=_first_charge_on(offer) or max(clock.today(), offer.opens_on))
    if not answer.passed:
        return _Standing(NoCards(answer.message, is_fault=True))
    return _Standing(None, check.account, frozenset(check.active))


def not_ready(check: AccountCheck | None) -> str:
    """What is wrong with an account, in words for an officer; empty where it is ready."""
    if check is None:
        return _("Stripe has not been asked about the account yet.")
    if check.cards != "active":
        return _("Stripe has not made card payments active: finish its questions, or see what it asks for.")
    if check.payouts != gateway.MANUAL:
        words = _("Stripe pays the account out by itself (%(interval)s). The money must wait for the decision.")
        return words % {"interval": check.payouts or _("no interval named")}
    return ""


def takes_cards(offer: ShareOffer) -> bool:
    """Whether an application to this offer can be paid at Stripe now."""
    return why_no_cards(offer) is None


def usable(offer: ShareOffer, amount_pence: int) -> list[Method]:
    """The ways in which a sum can be paid into an offer now, the quickest first."""
    standing = _standing(offer)
    found = methods.usable(
        amount_pence=amount_pence,
        capabilities=standing.capabilities,
        raised=raised(standing.account),
        takes_cash=offer.cash_accepted,
        tariff=tariff(clock.today()),
    )
    if offer.collection == Collection.AT_CLOSE:
        return [method for method in found if method not in ONLINE or method in CAN_BE_PROMISED]
    return found


def hints(offer: ShareOffer) -> dict[str, str]:
    """For each way of paying, one line on what it takes and how long."""
    terms = tariff(clock.today())
    later = offer.collection == Collection.AT_CLOSE
    promised = {
        Method.CARD: _("You give your card on Stripe’s page now. It is charged only if the offer succeeds."),
        Method.DIRECT_DEBIT: _("You give your bank details now. They are used only if the offer succeeds."),
    }
    waits = {method: methods.waits(method, transfer_days=offer.transfer_days, tariff=terms) for method in Method}
    return waits | promised if later else waits


def raised(account: StripeAccount | None) -> dict[str, int]:
    """What Stripe has agreed to take of the society in one payment, by method, in pence."""
    agreed = {
        Method.PAY_BY_BANK: account and account.pay_by_bank_limit_pence,
        Method.DIRECT_DEBIT: account and account.debit_limit_pence,
    }
    return {method: limit for method, limit in agreed.items() if limit}


def held_answer(offer: ShareOffer, *, since: date, closes_on: date | None = None) -> Answer:
    """PAY-1 for an offer whose first payment at Stripe is made on a day; `closes_on` where it shall be another."""
    hold = tariff(clock.today()).hold
    last = closes_on or offer.closes_on
    wait = timedelta(days=max(offer.cooling_off_days, offer.transfer_days))
    try:
        return publishing.held_at_provider(
            since=since,
            decided_by=last and last + wait,
            most_days=hold.days_ours,
            provider_days=hold.days_most,
            source=hold.source,
        )
    except CouldNotAsk as refusal:
        return refusal.problems[0]  # a no: cards stay off


def publishing_answers(offer: ShareOffer) -> list[Answer]:
    """What is asked of an offer before it is published because it takes payments at Stripe; nothing where it cannot."""
    account = account_of(offer.society_id)
    if account is None or not offer.cards_accepted:
        return []
    problem = not_ready(accounts.latest_check(account))
    return [held_answer(offer, since=_first_money_on(offer)), publishing.provider_ready(problem=problem)]


def _first_money_on(offer: ShareOffer) -> date:
    """The day from which money may lie at Stripe: promises are charged after the close only."""
    return offer.closes_on if offer.collection == Collection.AT_CLOSE else offer.opens_on


def _first_charge_on(offer: ShareOffer) -> date | None:
    paid = Receipt.objects.filter(society_id=offer.society_id, application__offer=offer, attempt__isnull=False)
    moment = paid.aggregate(first=Min("received_at"))["first"]
    return moment and clock.london(moment).date()


@transaction.atomic
def extend(offer: ShareOffer, *, to: date, by, reason: str = "") -> ShareOffer:
    """Move the last day, unless money at Stripe would then wait longer than Stripe keeps it (ValidationError).

    `reason`: for opening again where good practice warns of it (`lifecycle.extend`).
    """
    offer = ShareOffer.objects.select_for_update(no_key=True).get(pk=offer.pk, society_id=offer.society_id)
    first = _first_charge_on(offer)
    if first and offer.closes_on and to > offer.closes_on:
        answer = held_answer(offer, since=first, closes_on=to)
        if not answer.passed:
            raise ValidationError(answer.message)
    return lifecycle.extend(offer, to=to, by=by, reason=reason)


@transaction.atomic
def switch(offer: ShareOffer, *, cards: bool, cash: bool, by) -> ShareOffer:
    """Take payments at Stripe, or cash, for an offer or not from now on; a bank transfer is always taken.

    What was begun at Stripe can still be paid. ValidationError where the offer would keep money there for too long.
    """
    offer = ShareOffer.objects.select_for_update(no_key=True).get(pk=offer.pk, society_id=offer.society_id)
    if cards and not offer.cards_accepted and not offer.is_decided():
        answer = held_answer(offer, since=_first_charge_on(offer) or max(clock.today(), offer.opens_on))
        if not answer.passed:
            raise ValidationError(answer.message)
    if (offer.cards_accepted, offer.cash_accepted) == (cards, cash):
        return offer
    offer.cards_accepted, offer.cash_accepted = cards, cash
    offer.save(update_fields=["cards_accepted", "cash_accepted"])
    audit.note("offer.methods", society_id=offer.society_id, subject_id=offer.pk, by=by, cards=cards, cash=cash)
    return offer
