"""Founding an invented society: its rules, its class of share, its officers with their accounts, its first members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import prefetch_related_objects

from common import clock
from compliance import overrides
from members import membership
from members.demo.people import Crowd
from members.demo.planning import Targets
from members.demo.stories import DRAFT, OfferStory, SocietyStory
from members.models import User
from offers import lifecycle, officers
from offers.checklist import answering
from offers.choices import HolderKind
from offers.holders import PartyDetails
from offers.models import MatchCommitment, RuleBook, ShareClass, ShareOffer, Society, Tier
from payments import accounts, gateway
from payments.models import StripeAccount

PASSWORD = "toad-lane-1844"  # printed on the screen: the demonstration serves this machine only
PREPARED_BEFORE, APPROVED_BEFORE = timedelta(days=9), timedelta(days=6)


@dataclass(frozen=True)
class Founded:
    """A society with its officers by role and the number of its founding members."""

    society: Society
    officers: dict[str, User]
    members: int


def account(email: str, name: str, password_hash: str, **fields) -> User:
    """Somebody who can sign in at once: with the password, or by a code sent to the address."""
    user = User.objects.create(email=email, name=name, password=password_hash, **fields)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def found(story: SocietyStory, crowd: Crowd, password_hash: str) -> Founded:
    """The society as it stands on the day of its registration, which the clock shows."""
    society = _society(story)
    people = {role: account(f"{role}@{story.domain}", name, password_hash) for role, name in story.officers.items()}
    for role, user in people.items():
        officers.appoint(society, user=user, role=role, by=None)
    share_class = ShareClass.objects.create(
        society=society, name=story.share_class, nominal_pence=story.nominal, rule="7.1"
    )
    first = [PartyDetails(user.name, email=user.email) for role, user in people.items() if role != "auditor"]
    while len(first) < story.founders:
        first.append(crowd.somebody({HolderKind.PERSON: 1}).applicant.parties[0])
    members = membership.found(
        society,
        first,
        share_class=share_class,
        address=society.registered_office,
        on=clock.today(),
        by=people["secretary"],
    )
    _connect(society, story.account_id)
    return Founded(society, people, len(members))


def _connect(society: Society, account_id: str) -> None:
    """An account at Stripe that is ready; seeding makes the fake one so."""
    account = StripeAccount.objects.create(
        society=society, account_id=account_id, connected_at=clock.now(), answered_on=clock.today()
    )
    active = dict.fromkeys(gateway.CAPABILITIES, "active")
    accounts.note(account, gateway.AccountFacts(capabilities=active, payouts=gateway.MANUAL, is_closed=False))


def _society(story: SocietyStory) -> Society:
    society = Society.objects.create(
        registered_name=story.registered_name,
        slug=story.slug,
        register_number=story.register_number,
        legal_form=story.legal_form,
        jurisdiction=story.jurisdiction,
        registered_office=story.office,
        year_end_month=3,
        year_end_day=31,
        asset_lock=story.asset_lock,
        objects_text=story.objects,
        email=f"shares@{story.domain}",
        telephone=story.telephone,
        website=f"https://{story.domain}/",
        bank_name=story.registered_name[:100],
        bank_sort_code="00-00-00",
        bank_account=f"0000{story.register_number[-4:]}",
        accent=story.accent,
        is_demo=True,
        registered_on=clock.today(),
    )
    RuleBook.objects.create(
        society=society,
        valid_from_on=society.registered_on,
        min_age=16,
        min_age_rule="6.1",
        max_holding_pence=story.max_holding,
        max_holding_rule="7.4",
        admits=list(story.admits),
        admits_rule="6.2",
        syndicate_max=10,
        syndicate_rule="6.5",
        withdrawal_notice_days=90,
        withdrawal_rule="7.8",
        interest_limit=story.interest,
        interest_rule="7.11",
    )
    return society


def draft_offer(founded: Founded, story: OfferStory, targets: Targets, *, today: date) -> ShareOffer:
    """The offer as a draft, with its areas and matching money. `today`: from which its days are counted."""
    society = founded.society
    sums = {
        "minimum": targets.minimum,
        "optimum": targets.optimum,
        "maximum": targets.maximum,
    }
    opens_on = today - timedelta(days=story.opened)
    offer = ShareOffer.objects.create(
        society=society,
        share_class=ShareClass.objects.get(society=society),
        slug=story.slug,
        title=story.title,
        summary=story.summary,
        story=story.story.format(**{name: f"£{sum_pence // 100:,}" for name, sum_pence in sums.items()}),
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=story.days - 1),
        min_application_pence=story.smallest,
        max_application_pence=story.largest,
        multiple_of_pence=story.step,
        oversubscription=story.oversubscription,
        **{f"{name}_pence": sum_pence for name, sum_pence in sums.items()},
    )
    for position, tier in enumerate(story.tiers, start=1):
        Tier.objects.create(society=society, offer=offer, position=position, **tier)
    if story.match:
        MatchCommitment.objects.create(society=society, offer=offer, **story.match)
    return offer


def publish(founded: Founded, offer: ShareOffer, story: OfferStory, *, move, says, members: int) -> ShareOffer:
    """Prepared by the secretary, approved and published by the treasurer some days before it opens.

    `says`: what is said to each item of the checklist, which the one writes and the other looks at.
    A draft is only prepared, today, so that the visitor can be the second officer.
    """
    secretary, treasurer = founded.officers["secretary"], founded.officers["treasurer"]
    opens_at = clock.day_begins_at(offer.opens_on) + timedelta(hours=10)
    if story.end != DRAFT:
        move(opens_at - PREPARED_BEFORE)
    answering.answer_all(offer, says, by=secretary, reviewed_by=treasurer)
    reasons = overrides.one_reason(lifecycle.checklist(offer, member_count=members), story.why_warnings_may_stand)
    lifecycle.prepare_publication(offer, by=secretary, reasons=reasons)
    if story.end == DRAFT:
        return offer
    move(opens_at - APPROVED_BEFORE)
    lifecycle.approve_publication(offer, by=treasurer)
    offer = lifecycle.publish(offer, by=treasurer, member_count=members)
    prefetch_related_objects([offer], "tiers")
    return offer


def hashed_password() -> str:
    """The one password of the demonstration, hashed once for everybody."""
    return make_password(PASSWORD)
