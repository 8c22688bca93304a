"""Builders for tests: plain keyword-only functions that make just enough, through the verbs where there is one."""

from __future__ import annotations

import itertools
import uuid
from datetime import date, timedelta

from common import clock
from compliance import overrides
from members import allotment, membership
from members.models import User
from offers import applications, lifecycle
from offers.checklist import answering
from offers.choices import BY_HAND, ApplicationState, OfficerRole
from offers.holders import Applicant, PartyDetails
from offers.models import Officer, RuleBook, ShareClass, ShareOffer, Society, Tier
from payments import accounts, gateway, receipts
from payments.models import StripeAccount

_numbers = itertools.count(1)


def make_user(email: str = "", **fields) -> User:
    return User.objects.create_user(email or f"user{next(_numbers)}@example.org", **fields)


def make_society(*, max_holding_pence: int = 100_000_00, jurisdiction: str = "GB-ENG", **fields) -> Society:
    """A society with rules, a class of £1 shares and three founding members."""
    number = next(_numbers)
    registered_on = clock.today() - timedelta(days=400)
    society = Society.objects.create(
        registered_name=fields.pop("registered_name", f"Marlpit Community Shop {number} Limited"),
        slug=fields.pop("slug", f"marlpit-{number}"),
        register_number=f"RS{number:06}",
        legal_form="community-benefit",
        jurisdiction=jurisdiction,
        registered_office="1 High Street\nMarlpit\nNR11 7LG",
        year_end_month=3,
        year_end_day=31,
        asset_lock="statutory",
        email="secretary@marlpit.example",
        registered_on=registered_on,
        **fields,
    )
    RuleBook.objects.create(
        society=society,
        valid_from_on=registered_on,
        max_holding_pence=max_holding_pence,
        max_holding_rule="7.2",
        min_age_rule="6.1",
        admits_rule="6.2",
    )
    share_class = ShareClass.objects.create(society=society, name="Ordinary shares", nominal_pence=100)
    founders = [PartyDetails(name=f"Founder {n}", key=f"founder {n}") for n in (1, 2, 3)]
    membership.found(society, founders, share_class=share_class, address="1 High Street\nMarlpit", on=clock.today())
    return society


def make_officer(society: Society, role: str = OfficerRole.SECRETARY, user: User | None = None) -> User:
    user = user or make_user()
    Officer.objects.create(society=society, user=user, role=role, appointed_at=clock.now())
    return user


def connect(society: Society, account_id: str = "", **said) -> StripeAccount:
    """An account at Stripe that may take every kind of payment, unless `said` says otherwise; nobody is asked."""
    account = StripeAccount.objects.create(
        society=society, account_id=account_id or f"acct_{next(_numbers)}", connected_at=clock.now()
    )
    active = {"card_payments": "active", "bacs_debit_payments": "active", "pay_by_bank_payments": "active"}
    facts = {"capabilities": active, "payouts": "manual", "is_closed": False}
    accounts.note(account, gateway.AccountFacts(**facts | said))
    return account


def make_draft(
    society: Society | None = None, *, tiers: list[dict] = (), is_answered: bool = True, **fields
) -> ShareOffer:
    society = society or make_society()
    values = {
        "slug": f"offer-{next(_numbers)}",
        "title": "The shop",
        "summary": "To buy the village shop.",
        "opens_on": clock.today(),
        "closes_on": clock.today() + timedelta(days=50),
        "minimum_pence": 1_000_00,
        "optimum_pence": 10_000_00,
        "maximum_pence": 10_000_00,
        "min_application_pence": 100_00,
        "max_application_pence": 5_000_00,
    }
    offer = ShareOffer.objects.create(
        society=society, share_class=ShareClass.objects.get(society=society), **values | fields
    )
    for position, tier in enumerate(tiers, start=1):
        Tier.objects.create(society=society, offer=offer, position=position, **tier)
    if is_answered:
        answer_checklist(offer)
    return offer


def answer_checklist(offer: ShareOffer) -> None:
    """Everything that officers write to the checklist, looked at by another one."""
    answering.answer_all(offer, lambda item: f"Said: {item.title}.", by=make_user(), reviewed_by=make_user())


def prepare(offer: ShareOffer, *, by: User | None = None, members: int = 3) -> None:
    """Put a draft before a second officer, with a reason for each warning."""
    reasons = overrides.one_reason(lifecycle.checklist(offer, member_count=members), "Our members know the risk.")
    lifecycle.prepare_publication(offer, by=by or make_user(), reasons=reasons)


def make_offer(society: Society | None = None, **fields) -> ShareOffer:
    """A published offer, open from today on unless said otherwise."""
    offer = make_draft(society, **fields)
    prepare(offer)
    second = make_user()
    lifecycle.approve_publication(offer, by=second)
    return lifecycle.publish(offer, by=second, member_count=3)


def person(name: str = "", **fields) -> PartyDetails:
    number = next(_numbers)
    return PartyDetails(name=name or f"Person {number}", **{"email": f"person{number}@example.org"} | fields)


def applicant(*parties: PartyDetails, kind: str = "person", **fields) -> Applicant:
    return Applicant(kind=kind, parties=parties or (person(),), **fields)


def submit(offer: ShareOffer, amount_pence: int = 500_00, *, by_whom: Applicant | None = None, **fields):
    """An application as the site takes it; RuleBroken where a rule says no."""
    who = by_whom or applicant()
    waiting = offer.applications.filter(state=ApplicationState.AWAITING_PAYMENT).count()
    values = {
        "details": applications.Details(
            name=who.parties[0].name,
            # Those who wait unpaid live apart, so that no limit of one address is met by chance.
            address=fields.pop("address", f"{2 + waiting} Low Street\nMarlpit"),
            postcode=fields.pop("postcode", "NR11 7LG"),
            email=who.parties[0].email,
            email_purposes="notices",
        ),
        "accept_less": False,
        "method": "bank-transfer",
        "submission": uuid.uuid4(),
    }
    return applications.submit(offer, applicant=who, amount_pence=amount_pence, **values | fields)


def take(application, amount_pence: int, method: str = "cheque", **fields):
    """Money for an application; behind a cheque or cash stand two people."""
    two = {"by": make_user(), "confirmed_by": make_user()} if method in BY_HAND else {}
    return receipts.take(application, amount_pence=amount_pence, method=method, **two | fields)


def paid(offer: ShareOffer, amount_pence: int = 500_00, **fields):
    """An application with its money in."""
    application = submit(offer, amount_pence, **fields)
    take(application, application.due_pence, application.method)
    application.refresh_from_db()
    return application


def close_and_decide(offer: ShareOffer, *, on: date | None = None):
    """Past the closing day and every cooling-off, two officers decide."""
    with clock.stopped(allotment.earliest(offer) + timedelta(microseconds=1)):
        first, second = make_user(), make_user()
        allotment.prepare(offer, by=first)
        allotment.approve(offer, by=second)
        working = allotment.decide(offer, on=on or clock.today(), by=second)
    offer.refresh_from_db()
    return working
