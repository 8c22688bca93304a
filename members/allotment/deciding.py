"""Carrying a decision out: members, entries, certificates and refunds due, all of it or none of it.

Lock order: the society's numbering, the exposures of everybody concerned by id, the applications, and the
offer's conditional UPDATE last. Purchases never take the numbering.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import audit, clock
from compliance import approvals, decisions
from compliance.models import Approval
from members import numbering
from members.allotment import giving_back, granting, postings
from members.allotment.working import Working, refuse_if_early, work_out
from offers import holders
from offers.choices import LIVE, OfferState
from offers.models import Application, ApplicationParty, Exposure, ShareOffer


class Changed(Exception):
    """Something moved while the decision was carried out; nothing was written. Prepare it again."""


def prepare(offer: ShareOffer, *, by) -> tuple[Working, Approval]:
    """Work the decision out and put it before a second officer. Raises TooEarly."""
    refuse_if_early(offer)
    working = work_out(offer)
    approval = approvals.prepare(
        society_id=offer.society_id, act=Approval.DECIDE, subject_id=offer.pk, facts=working.facts(), by=by
    )
    audit.note("offer.prepare-decision", society_id=offer.society_id, subject_id=offer.pk, by=by)
    return working, approval


def approve(offer: ShareOffer, *, by) -> Approval:
    """Approve the decision that another officer prepared, as it stands now; approvals.NotApproved says why not."""
    refuse_if_early(offer)
    return approvals.approve(
        society_id=offer.society_id, act=Approval.DECIDE, subject_id=offer.pk, facts=work_out(offer).facts(), by=by
    )


@transaction.atomic
def decide(offer: ShareOffer, *, on: date, by) -> Working:
    """Do what two officers approved: allot the shares, or refund everybody where the minimum was not reached.

    `on`: the day of issue, one for the whole allotment. Raises TooEarly, approvals.NotApproved, or Changed where
    an application moved at this very moment.
    """
    numbers = numbering.lock(offer.society_id)
    exposures = _lock_everybody(offer)
    offer = ShareOffer.objects.select_related("society", "share_class").get(pk=offer.pk, society_id=offer.society_id)
    refuse_if_early(offer)
    working = work_out(offer)
    approvals.use(society_id=offer.society_id, act=Approval.DECIDE, subject_id=offer.pk, facts=working.facts())
    if working.succeeds:
        granting.grant(working, numbers, exposures, on=on, by=by)
    else:
        granting.refuse_all(working, exposures)
    giving_back.owe(working)
    _record(working, by)
    _end(working, on)
    return working


def _lock_everybody(offer: ShareOffer) -> dict:
    """Exposures of everybody with a live application, then the applications; exposures by party."""
    of_offer = {"society_id": offer.society_id, "application__offer_id": offer.pk, "application__state__in": LIVE}
    concerned = ApplicationParty.objects.filter(**of_offer).values("party_id")
    institutions = tuple(postings.matching_party(commitment) for commitment in offer.matches.all())
    known = holders.find_parties(offer.society_id, institutions).values()
    exposures = (
        Exposure.objects.select_for_update(no_key=True, of=("self",))
        .filter(Q(party_id__in=concerned) | Q(party__in=known), society_id=offer.society_id)
        .select_related("party")
        .order_by("pk")
    )
    locked = {row.party_id: row for row in exposures}
    applications = Application.objects.select_for_update(no_key=True).filter(
        society_id=offer.society_id, offer_id=offer.pk
    )
    list(applications.order_by("pk").values_list("pk"))
    return locked


def _record(working: Working, by) -> None:
    """Every rule's answer for every application, and the act itself."""
    offer = working.offer
    rules = offer.society.law(clock.today())
    asked = [(line.application.pk, line.answers) for line in working.lines]
    asked.append((offer.pk, [working.minimum]))
    decisions.record_many(asked, society_id=offer.society_id, occasion="decide", rules=rules)
    audit.note("offer.decide", society_id=offer.society_id, subject_id=offer.pk, by=by, **working.facts())


def _end(working: Working, on: date) -> None:
    """The offer's row, last: refused if an application was counted in it that the working has not seen."""
    offer = working.offer
    rows = ShareOffer.objects.filter(
        pk=offer.pk,
        society_id=offer.society_id,
        state__in=[OfferState.PUBLISHED, OfferState.CLOSED],
        taken_pence=working.cleared_pence,
    )
    state = OfferState.ALLOTTED if working.succeeds else OfferState.FAILED
    if not rows.update(state=state, decided_at=clock.now(), decided_on=on, taken_pence=0):
        raise Changed(_("An application changed while the offer was being decided. Look again and prepare it anew."))
