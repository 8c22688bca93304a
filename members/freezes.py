"""Freezing a holding: after a death or a bankruptcy, in a dispute, on an order, no share leaves it.

One officer freezes, at once; two let it move again. The table of entries refuses what this file does not see.
"""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from compliance import approvals
from compliance.models import Approval
from members import numbering, register_acts
from members.models import Freeze, FreezeEnd, Member
from offers import officers


def standing(member: Member):
    """The freezes that have not ended, the oldest first."""
    rows = Freeze.objects.filter(society_id=member.society_id, member_id=member.pk, end=None)
    return rows.select_related("frozen_by")


def refuse_frozen(member: Member, *, but_for: str = "") -> None:
    """ValidationError where no share may leave the holding. `but_for`: a ground that is the reason why they leave."""
    found = standing(member).exclude(ground=but_for).first()
    if found:
        words = _("This holding is frozen since %(on)s: %(why)s. Nothing may leave it before two officers end that.")
        raise ValidationError(words % {"on": f"{found.frozen_at:%-d %B %Y}", "why": found.get_ground_display()})


@transaction.atomic
def freeze(member: Member, *, ground: str, reason: str, by) -> Freeze:
    """Let no share leave the holding from now on. ValidationError without a reason or where it is so already."""
    numbering.lock(member.society_id)
    if not officers.rights(by, member.society) >= register_acts.PREPARES:
        raise ValidationError(_("Only an officer who keeps the register may freeze a holding."))
    if standing(member).filter(ground=ground).exists():
        raise ValidationError({"ground": _("The holding is frozen for this already.")})
    found = Freeze(
        society_id=member.society_id, member=member, ground=ground, reason=_said(reason), frozen_at=clock.now(),
        frozen_by=by,
    )  # fmt: skip
    found.save()
    audit.note("freeze.begin", society_id=member.society_id, subject_id=member.pk, by=by, ground=ground)
    return found


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: officers read it years later.")})
    return reason.strip()[:300]


def _locked(found: Freeze) -> Freeze:
    numbering.lock(found.society_id)
    found = Freeze.objects.select_related("member", "society").get(pk=found.pk, society_id=found.society_id)
    if FreezeEnd.objects.filter(society_id=found.society_id, freeze=found).exists():
        raise ValidationError(_("This freeze has ended already."))
    return found


def waiting(found: Freeze) -> Approval | None:
    """The end of a freeze that waits for a second officer."""
    return approvals.waiting_for(society_id=found.society_id, act=Approval.UNFREEZE, subject_id=found.pk)


@transaction.atomic
def prepare_end(found: Freeze, *, reason: str, by) -> Approval:
    """Put the end of a freeze before a second officer. ValidationError without a reason, or where it has ended."""
    found = _locked(found)
    if not officers.rights(by, found.society) >= register_acts.PREPARES:
        raise ValidationError(_("Only an officer who keeps the register may prepare this."))
    facts = {"ground": found.ground, "reason": _said(reason)}
    approval = approvals.prepare(
        society_id=found.society_id, act=Approval.UNFREEZE, subject_id=found.pk, facts=facts, by=by
    )
    audit.note("freeze.prepare-end", society_id=found.society_id, subject_id=found.member_id, by=by)
    return approval


@transaction.atomic
def end(found: Freeze, *, approval_id: uuid.UUID | None, by) -> FreezeEnd:
    """Approve the end that another officer prepared; shares may move again. NotApproved, in words, where not."""
    found = _locked(found)
    waits = waiting(found)
    if waits is None or waits.pk != approval_id:
        raise approvals.NotApproved(_("What you read no longer waits. Look at the page again."))
    register_acts.refuse_without_office(found.society, waits.prepared_by, by)
    of_it = {"society_id": found.society_id, "act": Approval.UNFREEZE, "subject_id": found.pk, "facts": waits.facts}
    approvals.approve(**of_it, by=by)
    return end_by(found, approvals.use(**of_it), reason=waits.facts["reason"], by=by)


def end_by(found: Freeze, used: Approval, *, reason: str, by) -> FreezeEnd:
    """Write the end of a freeze under an approval that was spent in this transaction."""
    ended = FreezeEnd.objects.create(
        society_id=found.society_id, freeze=found, approval=used, reason=reason, ended_at=clock.now(), ended_by=by
    )
    audit.note("freeze.end", society_id=found.society_id, subject_id=found.member_id, by=by, approval=str(used.pk))
    return ended


@transaction.atomic
def withdraw_end(found: Freeze, *, by) -> bool:
    """Take back what waits: the holding stays frozen. False where nothing waits."""
    numbering.lock(found.society_id)
    gone = approvals.withdraw(society_id=found.society_id, act=Approval.UNFREEZE, subject_id=found.pk)
    if gone:
        audit.note("freeze.withdraw-end", society_id=found.society_id, subject_id=found.member_id, by=by)
    return gone
