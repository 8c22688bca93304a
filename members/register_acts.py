"""Acts on a member's row that take two people: what one asks, with its paper, is kept; another approves exactly that.

The approval's facts are hashes and numbers: of what was asked, of the paper, and of how the member's row stood. If any
of it is another when the second person approves, the approval does not fit and nothing is done. The verbs that use
this hold the society's numbering, under which rows of the register are written.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common import audit, clock
from compliance import approvals, canonical
from compliance.models import Approval
from members.models import Member, PreparedChange
from offers import officers
from offers.models import Society

PREPARES = frozenset({officers.REGISTER, officers.DECIDE})  # not an auditor, who reads only
APPROVES = frozenset({officers.DECIDE})
PAPERS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Paper:
    """A scan of what shows that an act may be done, such as a grant of probate."""

    name: str
    content: bytes


def media_type(content: bytes) -> str | None:
    """What a paper is, by its first bytes; None where it is neither PDF nor picture."""
    return next((kind for start, kind in PAPERS if bytes(content[: len(start)]) == start), None)


def prepare(
    member: Member, *, act: str, said: dict, stands: dict, by, paper: Paper | None = None, is_members_own: bool = False
) -> Approval:
    """Keep what is asked of a member's row and put it before a second person; what waited before is void and emptied.

    `stands`: how the row stands, in ids, numbers and hashes. The caller holds the numbering. ValidationError for a
    paper that cannot be shown, or from somebody who may not ask it.
    """
    if not is_members_own and not officers.rights(by, member.society) >= PREPARES:
        raise ValidationError(_("Only an officer who keeps the register may prepare this."))
    if paper and (media_type(paper.content) is None or len(paper.content) > MOST_BYTES):
        raise ValidationError({"paper": _("Choose a PDF, JPEG or PNG of at most 2 MB.")})
    earlier = waiting(member, act)
    change = PreparedChange.objects.create(
        society_id=member.society_id,
        member=member,
        act=act,
        said=said,
        paper=paper.content if paper else None,
        paper_name=paper.name[-200:] if paper else "",
        paper_sha256=hashlib.sha256(paper.content).hexdigest() if paper else "",
        is_members_own=is_members_own,
        prepared_at=clock.now(),
        prepared_by=by,
    )
    approval = approvals.prepare(
        society_id=member.society_id, act=act, subject_id=member.pk, facts=_facts(change, stands), by=by
    )
    if earlier:
        empty(change_of(earlier))
    audit.note(f"{act}.prepare", society_id=member.society_id, subject_id=member.pk, by=by, approval=str(approval.pk))
    return approval


def _facts(change: PreparedChange, stands: dict) -> dict:
    paper = hashlib.sha256(change.paper).hexdigest() if change.paper else ""
    return {"change": str(change.pk), "said": canonical.sha256(change.said), "paper": paper, "stands": stands}


def waiting(member: Member, act: str) -> Approval | None:
    """What waits for a second person here."""
    return approvals.waiting_for(society_id=member.society_id, act=act, subject_id=member.pk)


def change_of(approval: Approval) -> PreparedChange:
    """What an approval is of."""
    rows = PreparedChange.objects.select_related("prepared_by")
    return rows.get(pk=approval.facts["change"], society_id=approval.society_id)


def fits(approval: Approval, stands: dict) -> bool:
    """Whether what was prepared, and the row it is of, still stand as they did."""
    return approvals.fits(approval, _facts(change_of(approval), stands))


def approved(
    member: Member, *, act: str, approval_id: uuid.UUID | None, stands: dict, by
) -> tuple[PreparedChange, Approval]:
    """Approve the very act that the second person has before them, and spend the approval: the caller now does it.

    The caller holds the numbering and does the act in this transaction. NotApproved, with words, where it is the same
    person, something has changed, or one of the two may not any more.
    """
    found = waiting(member, act)
    if found is None or found.pk != approval_id:
        raise approvals.NotApproved(_("What you read no longer waits. Look at the page again."))
    change = change_of(found)
    refuse_without_office(member.society, None if change.is_members_own else found.prepared_by, by)
    facts = _facts(change, stands)
    of_it = {"society_id": member.society_id, "act": act, "subject_id": member.pk, "facts": facts}
    approvals.approve(**of_it, by=by)
    return change, approvals.use(**of_it)


def refuse_without_office(society: Society, prepared_by, by) -> None:
    """NotApproved where an officer who stood behind an act holds no office any more. prepared_by: None for a member."""
    if not officers.rights(by, society) >= APPROVES:
        raise approvals.NotApproved(_("Only an officer who decides for the society may approve this."))
    if prepared_by is not None and not officers.rights(prepared_by, society) >= PREPARES:
        raise approvals.NotApproved(_("Whoever prepared this is no longer an officer here. It must be prepared again."))


def withdraw(member: Member, *, act: str, by) -> bool:
    """Take back what waits, and empty it: what was not done is nobody's business. False where nothing waits."""
    found = waiting(member, act)
    if found is None:
        return False
    approvals.withdraw(society_id=member.society_id, act=act, subject_id=member.pk)
    empty(change_of(found))
    audit.note(f"{act}.withdraw", society_id=member.society_id, subject_id=member.pk, by=by, approval=str(found.pk))
    return True


def empty(change: PreparedChange) -> None:
    """Forget what was asked and its paper; the hashes stay."""
    change.said, change.paper, change.paper_name = {}, None, ""
    change.save(update_fields=["said", "paper", "paper_name"])
