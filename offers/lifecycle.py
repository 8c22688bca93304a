"""An offer's life: published by two officers, perhaps extended, perhaps closed early by the board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from compliance import approvals, canonical, decisions, overrides, publishing, registers, risk, risk_wording
from compliance.answers import Answer, RuleBroken, hard
from compliance.models import Approval
from compliance.rulesets import RuleSet
from offers import versions
from offers.checklist import standing
from offers.choices import OfferState
from offers.models import MatchCommitment, ShareOffer


def _locked(offer: ShareOffer) -> ShareOffer:
    return (
        ShareOffer.objects.select_for_update(no_key=True, of=("self",))
        .select_related("society", "share_class")
        .get(pk=offer.pk, society_id=offer.society_id)
    )


def checklist(offer: ShareOffer, *, member_count: int, more: Iterable[Answer] = ()) -> list[Answer]:
    """Every rule that publication asks, the warnings too.

    `member_count`: members on the register today; `more`: what the rooms to the right ask, such as
    how long money waits.
    """
    rules, items = offer.society.law(clock.today()), standing.of(offer)
    return [
        publishing.offered_class(
            withdrawable=offer.share_class.withdrawable, transferable=offer.share_class.transferable
        ),
        publishing.enough_members(members=member_count, all_societies=False, rules=rules),
        publishing.targets_in_order(
            minimum_pence=offer.minimum_pence, optimum_pence=offer.optimum_pence, maximum_pence=offer.maximum_pence
        ),
        publishing.offer_length(opens_on=offer.opens_on, closes_on=offer.closes_on, rules=rules),
        publishing.nobody_connected(
            largest_pence=offer.max_application_pence, minimum_pence=offer.minimum_pence, rules=rules
        ),
        publishing.not_concentrated(
            largest_pence=offer.max_application_pence, maximum_pence=offer.maximum_pence, rules=rules
        ),
        publishing.cooling_off(days=offer.cooling_off_days, rules=rules),
        risk_wording.said_everywhere(shown_at=sorted(risk.SHOWN_AT), rules=rules),
        risk_wording.says_nothing_forbidden(found=risk_wording.found_in(_all_said(offer, items), rules), rules=rules),
        *standing.answers_to_rules(items),
        *(_enterable(match, rules) for match in offer.matches.all()),
        *more,
    ]


def _all_said(offer: ShareOffer, items: Iterable[standing.Standing]) -> str:
    """Every word that officers wrote for applicants to read."""
    written = [one.answer.words for one in items if one.answer]
    return "\n\n".join([offer.title, offer.summary, offer.story, *written])


def _enterable(match: MatchCommitment, rules: RuleSet) -> Answer:
    """REG-1 of the institution that matches: its row will be written at the allotment, when terms cannot change."""
    return registers.row_complete(
        has_name=bool(match.name.strip()),
        has_address=bool(match.address.strip()),
        has_purposes=True,
        entered_on=match.offer.opens_on,
        allotted_on=None,
        rules=rules,
    )


def _facts(offer: ShareOffer, reasons: dict[str, str]) -> dict:
    """What the second officer approves: the text, and why each warning may stand."""
    return {
        "offer": str(offer.pk),
        "text_sha256": canonical.sha256(versions.text_of(offer)),
        "reasons": {question: words.strip() for question, words in reasons.items() if words.strip()},
    }


def prepare_publication(offer: ShareOffer, *, by, reasons: dict[str, str] | None = None) -> Approval:
    """Put the offer's present text before a second officer, with a reason for each warning of the checklist.

    `reasons`: by question, such as "publishing.nobody_connected"; publish refuses a warning without one.
    """
    return approvals.prepare(
        society_id=offer.society_id,
        act=Approval.PUBLISH,
        subject_id=offer.pk,
        facts=_facts(offer, reasons or {}),
        by=by,
    )


def reasons_given(offer: ShareOffer) -> dict[str, str]:
    """The reasons that wait for a second officer, by question; none where nothing waits."""
    waiting = approvals.waiting_for(society_id=offer.society_id, act=Approval.PUBLISH, subject_id=offer.pk)
    return waiting.facts.get("reasons", {}) if waiting else {}


def approve_publication(offer: ShareOffer, *, by) -> Approval:
    """Approve the text and the reasons that another officer prepared; approvals.NotApproved says why not."""
    facts = _facts(offer, reasons_given(offer))
    return approvals.approve(society_id=offer.society_id, act=Approval.PUBLISH, subject_id=offer.pk, facts=facts, by=by)


@transaction.atomic
def publish(offer: ShareOffer, *, by, member_count: int, more: Iterable[Answer] = ()) -> ShareOffer:
    """Freeze the text and open the offer from its first day on.

    Raises RuleBroken where a rule of the law stands against it or a warning has no reason, approvals.NotApproved
    without a second officer, ValidationError where the offer is no draft or its society's jurisdiction is not taken.
    """
    offer = _locked(offer)
    if offer.state != OfferState.DRAFT:
        raise ValidationError(_("This offer has been published already."))
    rules = offer.society.law(clock.today())
    if not rules.is_offered:
        raise ValidationError(rules.why_not)
    offer.clean()
    offer.validate_constraints()
    answers = checklist(offer, member_count=member_count, more=more)
    if stopping := hard(answers):
        raise RuleBroken(stopping)
    reasons = reasons_given(offer)
    used = approvals.use(
        society_id=offer.society_id, act=Approval.PUBLISH, subject_id=offer.pk, facts=_facts(offer, reasons)
    )
    overrides.refuse_unless_answered(answers, reasons)
    moment = clock.now()
    offer.state, offer.published_at = OfferState.PUBLISHED, moment
    offer.save(update_fields=["state", "published_at"])
    version = versions.freeze(offer, at=moment, by=by)
    decided = decisions.record(
        answers, society_id=offer.society_id, subject_id=offer.pk, occasion="publish", rules=rules
    )
    overrides.keep(decided, reasons, by=used.prepared_by, approved_by=used.approved_by)
    audit.note("offer.publish", society_id=offer.society_id, subject_id=offer.pk, by=by, text_sha256=version.sha256)
    return offer


@transaction.atomic
def extend(offer: ShareOffer, *, to: date, by, reason: str = "") -> ShareOffer:
    """Move the last day. After the last day it opens the offer again; after the board closed it, it is refused.

    `reason`: for opening again where good practice warns of it (OFF-1); RuleBroken where none is given.
    """
    offer = _locked(offer)
    if offer.state != OfferState.PUBLISHED:
        raise ValidationError(_("This offer has been closed, so it cannot be extended."))
    if offer.closes_on is None:
        raise ValidationError(_("This offer has no closing day to move."))
    if to < offer.opens_on:
        raise ValidationError(_("The last day may not be before the first."))
    before = offer.closes_on
    if to == before:
        return offer  # the button was pressed twice: nothing changes for applicants, so there is no new version
    _keep_reopening(offer, to, reason, by)
    offer.closes_on = to
    offer.save(update_fields=["closes_on"])
    versions.freeze(offer, at=clock.now(), by=by)
    audit.note(
        "offer.extend",
        society_id=offer.society_id,
        subject_id=offer.pk,
        by=by,
        closes_on=to.isoformat(),
        before=before.isoformat(),
    )
    return offer


def _keep_reopening(offer: ShareOffer, to: date, reason: str, by) -> None:
    answer = publishing.may_open_again(
        has_ended=clock.now() >= offer.closes_at() and to >= clock.today(),
        applied_pence=offer.taken_pence,
        minimum_pence=offer.minimum_pence,
        maximum_pence=offer.maximum_pence,
    )
    reasons = {answer.question: reason}
    overrides.refuse_unless_answered([answer], reasons)
    decided = decisions.record(
        [answer],
        society_id=offer.society_id,
        subject_id=offer.pk,
        occasion="extend",
        rules=offer.society.law(clock.today()),
    )
    overrides.keep(decided, reasons, by=by)


@transaction.atomic
def close(offer: ShareOffer, *, by) -> ShareOffer:
    """The board closes the offer now. Applications made in time may still be paid within their days."""
    offer = _locked(offer)
    if offer.state != OfferState.PUBLISHED:
        raise ValidationError(_("Only a published offer can be closed."))
    offer.state, offer.closed_at, offer.closed_by = OfferState.CLOSED, clock.now(), by
    offer.save(update_fields=["state", "closed_at", "closed_by"])
    audit.note("offer.close", society_id=offer.society_id, subject_id=offer.pk, by=by)
    return offer
