"""Making the society and the offer of a scenario in the throw-away database, through the verbs of the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import prefetch_related_objects

from common import clock
from compliance import overrides
from members import membership
from members.models import User
from members.rehearsal.scenario import OfferFacts, Scenario
from offers import lifecycle
from offers.checklist import answering
from offers.choices import OfficerRole
from offers.holders import PartyDetails
from offers.models import MatchCommitment, Officer, RuleBook, ShareClass, ShareOffer, Society, Tier


@dataclass(frozen=True)
class Stage:
    """The society, its offer, and the two officers who act in the rehearsal."""

    society: Society
    offer: ShareOffer
    secretary: User
    treasurer: User


def set_up(scenario: Scenario) -> Stage:
    """Society, rules, founders, offer, published by two officers. The clock stands before the offer's first day."""
    today = clock.today()
    society = _society(scenario, today)
    officers = []
    for role in (OfficerRole.SECRETARY, OfficerRole.TREASURER):
        user = User.objects.create_user(f"{role}@rehearsal.invalid", name=f"The {role}")
        Officer.objects.create(society=society, user=user, role=role, appointed_at=clock.now())
        officers.append(user)
    secretary, treasurer = officers
    share_class = ShareClass.objects.create(
        society=society, name=scenario.class_name, nominal_pence=scenario.nominal_pence
    )
    founders = [
        PartyDetails(name=f"Founding member {number}", key=f"founder {number}")
        for number in range(1, scenario.society.founders + 1)
    ]
    members = membership.found(
        society, founders, share_class=share_class, address=society.registered_office, on=today, by=secretary
    )
    offer = _offer(scenario, society, share_class)
    answering.answer_all(offer, lambda _item: "Rehearsed only.", by=secretary, reviewed_by=treasurer)
    answers = lifecycle.checklist(offer, member_count=len(members))
    reasons = overrides.one_reason(answers, "So the scenario has it.")
    lifecycle.prepare_publication(offer, by=secretary, reasons=reasons)
    lifecycle.approve_publication(offer, by=treasurer)
    offer = lifecycle.publish(offer, by=treasurer, member_count=len(members))
    prefetch_related_objects([offer], "tiers")
    return Stage(society, offer, secretary, treasurer)


def _society(scenario: Scenario, today) -> Society:
    facts, rules = scenario.society, scenario.rules
    month, day = facts.year_end
    society = Society.objects.create(
        registered_name=facts.name,
        slug="rehearsal",
        register_number=facts.register_number,
        legal_form=facts.legal_form,
        jurisdiction=facts.jurisdiction,
        registered_office="\n".join(part.strip() for part in facts.registered_office.split(",")),
        year_end_month=month,
        year_end_day=day,
        asset_lock=facts.asset_lock,
        email="secretary@rehearsal.invalid",
        registered_on=today - timedelta(days=1),
    )
    RuleBook.objects.create(
        society=society,
        valid_from_on=society.registered_on,
        min_age=rules.min_age,
        max_holding_pence=rules.max_holding_pence,
        admits=list(rules.admits),
        syndicate_max=rules.syndicate_max,
    )
    return society


def _offer(scenario: Scenario, society: Society, share_class: ShareClass) -> ShareOffer:
    facts: OfferFacts = scenario.offer
    plain = {
        name: getattr(facts, name)
        for name in (
            "kind", "opens_on", "closes_on", "minimum_pence", "optimum_pence", "maximum_pence", "min_application_pence",
            "max_application_pence", "multiple_of_pence", "max_percent", "oversubscription", "tier_then",
            "transfer_days", "cooling_off_days",
        )
    }  # fmt: skip
    tier, percent = facts.ratio or ("", None)
    offer = ShareOffer.objects.create(
        society=society,
        share_class=share_class,
        slug="offer",
        title=scenario.title,
        summary=f"A rehearsal of {scenario.title}.",
        ratio_tier=tier,
        ratio_percent=percent,
        unpaid_percent=None,  # a scenario has no such term
        **plain,
    )
    for position, row in enumerate(facts.tiers, start=1):
        Tier.objects.create(
            society=society,
            offer=offer,
            code=row.code,
            postcodes=list(row.postcodes),
            min_application_pence=row.min_application_pence,
            max_application_pence=row.max_application_pence,
            priority=row.priority,
            position=position,
        )
    for position, match in enumerate(scenario.matches, start=1):
        MatchCommitment.objects.create(
            society=society,
            offer=offer,
            name=match.name,
            kind=match.kind,
            address=society.registered_office,
            ratio_pence=match.ratio_pence,
            cap_pence=match.cap_pence,
            trigger=match.trigger,
            position=position,
        )
    return offer
