"""An offer's life: published by two officers, perhaps extended, perhaps closed early by the board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from compliance import approvals, canonical, decisions, publishing
from compliance.answers import Answer, RuleBroken
from compliance.models import Approval
from offers import versions
from offers.choices import OfferState
from offers.models import ShareOffer


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
    rules = offer.society.law(clock.today())
    return [
        publishing.offered_class(
            withdrawable=offer.share_class.withdrawable, transferable=offer.share_class.transferable
        ),
        publishing.enough_members(members=member_count, all_societies=False, rules=rules),
        publishing.offer_length(opens_on=offer.opens_on, closes_on=offer.closes_on, rules=rules),
        publishing.nobody_connected(
            largest_pence=offer.max_application_pence, minimum_pence=offer.minimum_pence, rules=rules
        ),
        publishing.cooling_off(days=offer.cooling_off_days, rules=rules),
        *more,
    ]


def _facts(offer: ShareOffer) -> dict:
    return {"offer": str(offer.pk), "text_sha256": canonical.sha256(versions.text_of(offer))}


def prepare_publication(offer: ShareOffer, *, by) -> Approval:
    """Put the offer's present text before a second officer."""
    return approvals.prepare(
        society_id=offer.society_id, act=Approval.PUBLISH, subject_id=offer.pk, facts=_facts(offer), by=by
    )


def approve_publication(offer: ShareOffer, *, by) -> Approval:
    """Approve the text that another officer prepared; approvals.NotApproved says why not."""
    return approvals.approve(
        society_id=offer.society_id, act=Approval.PUBLISH, subject_id=offer.pk, facts=_facts(offer), by=by
    )


@transaction.atomic
def publish(offer: ShareOffer, *, by, member_count: int, more: Iterable[Answer] = ()) -> ShareOffer:
    """Freeze the text and open the offer from its first day on.

    Raises RuleBroken where a rule of the law stands against it, approvals.NotApproved without a second officer,
    ValidationError where the offer is no draft.
    """
    offer = _locked(offer)
    if offer.state != OfferState.DRAFT:
        raise ValidationError(_("This offer has been published already."))
    offer.clean()
    offer.validate_constraints()
    answers = checklist(offer, member_count=member_count, more=more)
    if publishing.hard(answers):
        raise RuleBroken(publishing.hard(answers))
    approvals.use(society_id=offer.society_id, act=Approval.PUBLISH, subject_id=offer.pk, facts=_facts(offer))
    moment = clock.now()
    offer.state, offer.published_at = OfferState.PUBLISHED, moment
    offer.save(update_fields=["state", "published_at"])
    version = versions.freeze(offer, at=moment, by=by)
    decisions.record(
        answers,
        society_id=offer.society_id,
        subject_id=offer.pk,
        occasion="publish",
        rules=offer.society.law(clock.today()),
    )
    audit.note("offer.publish", society_id=offer.society_id, subject_id=offer.pk, by=by, text_sha256=version.sha256)
    return offer


@transaction.atomic
def extend(offer: ShareOffer, *, to: date, by) -> ShareOffer:
    """Move the last day. After the last day it opens the offer again; after the board closed it, it is refused."""
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
