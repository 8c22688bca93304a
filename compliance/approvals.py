"""Four eyes: an act is prepared by one officer and approved by another before it can be done.

The doors see to it that both are officers of the society; here, and in the table's constraints, that they are
two people and that nothing has changed between the approval and the act.
"""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common import clock
from compliance import canonical
from compliance.models import Approval


class NotApproved(Exception):
    """The act may not be done: nobody else has approved it, or what was approved has changed."""


def _open(society_id: uuid.UUID, act: str, subject_id: uuid.UUID):
    return (
        Approval.objects.select_for_update(no_key=True, of=("self",))
        .filter(society_id=society_id, act=act, subject_id=subject_id, used_at=None, voided_at=None)
        .first()
    )


def prepare(*, society_id: uuid.UUID, act: str, subject_id: uuid.UUID, facts: dict, by) -> Approval:
    """Put an act before a second officer. An open one with other facts, or from somebody else, becomes void."""
    wanted = {"society_id": society_id, "act": act, "subject_id": subject_id, "facts": facts, "by": by}
    try:
        return _prepare(**wanted)
    except IntegrityError:  # a double click, or two officers at this very moment: the other one's is seen now
        return _prepare(**wanted)


@transaction.atomic
def _prepare(*, society_id: uuid.UUID, act: str, subject_id: uuid.UUID, facts: dict, by) -> Approval:
    digest = canonical.sha256(facts)
    waiting = _open(society_id, act, subject_id)
    if waiting and waiting.facts_sha256 == digest and waiting.prepared_by_id == by.pk:
        return waiting
    if waiting:
        waiting.voided_at = clock.now()
        waiting.save(update_fields=["voided_at"])
    return Approval.objects.create(
        society_id=society_id,
        act=act,
        subject_id=subject_id,
        facts=facts,
        facts_sha256=digest,
        prepared_at=clock.now(),
        prepared_by=by,
    )


@transaction.atomic
def approve(*, society_id: uuid.UUID, act: str, subject_id: uuid.UUID, facts: dict, by) -> Approval:
    """Approve what another officer prepared. `facts` are what the approver has before them now.

    Raises NotApproved, with words for the officer, where it is the same person, nothing waits, or the facts differ.
    """
    waiting = _open(society_id, act, subject_id)
    if waiting is None:
        raise NotApproved(_("Nothing waits for approval. Somebody may have withdrawn it."))
    if waiting.prepared_by_id == by.pk:
        raise NotApproved(_("You prepared this, so another officer must approve it."))
    if waiting.facts_sha256 != canonical.sha256(facts):
        raise NotApproved(_("Something has changed since this was prepared. It must be prepared again."))
    if waiting.approved_at is None:
        waiting.approved_at, waiting.approved_by = clock.now(), by
        waiting.save(update_fields=["approved_at", "approved_by"])
    return waiting


def use(*, society_id: uuid.UUID, act: str, subject_id: uuid.UUID, facts: dict) -> Approval:
    """Spend the approval in the transaction of the act itself; NotApproved unless it stands and fits the facts."""
    waiting = _open(society_id, act, subject_id)
    if waiting is None or waiting.approved_at is None:
        raise NotApproved(_("A second officer has not approved this yet."))
    if waiting.facts_sha256 != canonical.sha256(facts):
        raise NotApproved(_("Something has changed since this was approved. It must be prepared and approved again."))
    waiting.used_at = clock.now()
    waiting.save(update_fields=["used_at"])
    return waiting


@transaction.atomic
def withdraw(*, society_id: uuid.UUID, act: str, subject_id: uuid.UUID) -> bool:
    """Take back what waits for approval, or was approved and not done; False where nothing does."""
    waiting = _open(society_id, act, subject_id)
    if waiting is None:
        return False
    waiting.voided_at = clock.now()
    waiting.save(update_fields=["voided_at"])
    return True


def waiting_for(*, society_id: uuid.UUID, act: str, subject_id: uuid.UUID) -> Approval | None:
    """The open approval of an act, if there is one: prepared, perhaps approved, not done. For showing only."""
    return (
        Approval.objects.filter(society_id=society_id, act=act, subject_id=subject_id, used_at=None, voided_at=None)
        .select_related("prepared_by", "approved_by")
        .first()
    )


def fits(approval: Approval, facts: dict) -> bool:
    """Whether what was prepared is still what stands there now."""
    return approval.facts_sha256 == canonical.sha256(facts)
