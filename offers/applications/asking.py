"""What the rules say of one application: every rule is asked, whatever the others answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from common import hot
from compliance import amounts, caps, eligibility
from compliance.answers import Answer
from offers.choices import HolderKind
from offers.models import RuleBook, ShareOffer, Tier


@dataclass(frozen=True)
class Terms:
    """The terms that hold for one applicant: their area's where it has its own, else the offer's."""

    tier: Tier | None
    smallest_pence: int
    largest_pence: int | None

    @classmethod
    def of(cls, offer: ShareOffer, postcode: str) -> Terms:
        tiers = hot.read(Tier, "WHERE row.offer_id = %s ORDER BY row.position", [offer.pk]) if postcode else []
        tier = next((tier for tier in tiers if tier.covers(postcode)), None)
        return cls(
            tier=tier,
            smallest_pence=(tier and tier.min_application_pence) or offer.min_application_pence,
            largest_pence=(tier and tier.max_application_pence) or offer.max_application_pence,
        )


def holder_answers(*, kind: str, people: int, born_on: date | None, on: date, rules: RuleBook) -> list[Answer]:
    """ADM-1, MEM-2 and GRP-1: what the society's rules say of who asks. The age is asked of people for themselves."""
    asked = kind in (HolderKind.PERSON, HolderKind.JOINT) and born_on is not None
    answers = [
        eligibility.admitted(kind=kind, admits=rules.admits, rule_number=rules.admits_rule),
        eligibility.old_enough(
            age=eligibility.age_on(born_on, on) if asked else None,
            min_age=rules.min_age,
            rule_number=rules.min_age_rule,
        ),
    ]
    if kind == HolderKind.SYNDICATE:
        answers.append(
            eligibility.syndicate_size(people=people, most=rules.syndicate_max, rule_number=rules.syndicate_rule)
        )
    return answers


def limit_answers(
    *, offer: ShareOffer, terms: Terms, amount_pence: int, interests: list, rules: RuleBook, on: date
) -> list[Answer]:
    """AMT-1, CAP-1 and CAP-2: how much, on top of what everybody concerned has already."""
    amount = amounts.amount(
        applied_pence=amount_pence,
        smallest_pence=terms.smallest_pence,
        largest_pence=terms.largest_pence,
        unit_pence=offer.multiple_of_pence,
        interests=interests,
    )
    return [
        amount,
        *cap_answers(offer=offer, amount_pence=amount_pence, interests=interests, rules=rules, on=on),
    ]


def cap_answers(*, offer: ShareOffer, amount_pence: int, interests: list, rules: RuleBook, on: date) -> list[Answer]:
    """CAP-1 and CAP-2: the law's limit, the society's and the offer's, with what everybody concerned has already."""
    answers = [
        caps.statutory_cap(interests=interests, applied_pence=amount_pence, rules=offer.society.law(on)),
        caps.society_cap(
            interests=interests,
            applied_pence=amount_pence,
            max_holding_pence=rules.max_holding_pence,
            rule_number=rules.max_holding_rule,
        ),
    ]
    if offer.max_percent:
        answers.append(
            caps.percent_cap(
                interests=interests,
                applied_pence=amount_pence,
                maximum_pence=offer.maximum_pence,
                max_percent=offer.max_percent,
            )
        )
    return answers
