"""Changing what the register says of a member: the member asks, or an officer with a letter, and an officer approves.

The change is another row with its day, so a past register shows the old name and address. Nobody's request changes
the register by itself, and the address that stood before is told of it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, outbox
from compliance.models import Approval
from members import membership, numbering, register_acts
from members.models import Member, Particulars, PreparedChange
from members.register_acts import Paper

FIELDS = (
    "name", "joint_names", "representative", "address", "postcode", "country", "email", "email_purposes",
)  # fmt: skip


@dataclass(frozen=True)
class Details:
    """What the register shall say of a member, whole: what does not change is said again."""

    name: str
    joint_names: str
    representative: str
    address: str
    postcode: str
    country: str
    email: str
    email_purposes: str

    @classmethod
    def of(cls, said: Particulars | dict) -> Details:
        """From what the register says, or from what was prepared."""
        read = said.get if isinstance(said, dict) else lambda name: getattr(said, name)
        return cls(**{name: read(name) for name in FIELDS})


def newest(member: Member) -> Particulars:
    """What the register says of a member now."""
    return membership.newest_particulars(member.society_id, [member])[member.pk]


def stands(member: Member) -> dict:
    """The row of the register that a change is a change of, and the holder behind it."""
    return {"particulars": str(newest(member).pk), "holder": str(member.holder_id)}


def waiting(member: Member) -> Approval | None:
    """The change that waits for an officer."""
    return register_acts.waiting(member, Approval.DETAILS)


@transaction.atomic
def ask(
    member: Member,
    told: Details,
    *,
    on: date,
    reason: str,
    by,
    paper: Paper | None = None,
    is_members_own: bool = False,
) -> Approval:
    """Put a change before an officer: from the member, or from another officer who has it in writing.

    ValidationError, at the field it concerns, where the register could not say it so, or says it already.
    """
    numbering.lock(member.society_id)
    member = _read(member)
    now = newest(member)
    _refuse_wrong(told, now, on)
    said = {name: getattr(told, name) for name in FIELDS} | {"on": on.isoformat(), "reason": reason.strip()[:300]}
    return register_acts.prepare(
        member, act=Approval.DETAILS, said=said, stands=stands(member), by=by, paper=paper,
        is_members_own=is_members_own,
    )  # fmt: skip


def _read(member: Member) -> Member:
    return Member.objects.select_related("society", "holder").get(pk=member.pk, society_id=member.society_id)


def _refuse_wrong(told: Details, now: Particulars, on: date) -> None:
    if not told.name.strip():
        raise ValidationError({"name": _("Enter a name.")})
    if _people(told) != _people(now):
        raise ValidationError(_("Who holds the shares is not changed here: that is a transfer, with its own page."))
    if not told.address.strip():
        raise ValidationError({"address": _("Enter a postal address: the law asks for it.")})
    if told.email and not told.email_purposes:
        raise ValidationError({"email_purposes": _("Choose what the society may send to this address.")})
    if on < now.effective_on:
        words = _("The register changed on %(day)s already. A later change cannot count from before that.")
        raise ValidationError({"on": words % {"day": f"{now.effective_on:%-d %B %Y}"}})
    if on > clock.today():
        raise ValidationError({"on": _("A change counts from a day that has come.")})
    if told == Details.of(now):
        raise ValidationError(_("The register says all of this already."))


def _people(said: Details | Particulars) -> tuple[int, bool]:
    """How many names stand there as holders, and whether somebody acts for them."""
    return said.joint_names.count(";") + bool(said.joint_names.strip()), bool(said.representative.strip())


@transaction.atomic
def approve(member: Member, *, approval_id: uuid.UUID | None, by) -> Particulars:
    """Put on the register what was asked, as another row from its day on; the member is told at both addresses.

    approvals.NotApproved, with words, where it may not be.
    """
    numbering.lock(member.society_id)
    member = _read(member)
    before = newest(member)
    change, used = register_acts.approved(
        member, act=Approval.DETAILS, approval_id=approval_id, stands=stands(member), by=by
    )
    told = Details.of(change.said)
    on = date.fromisoformat(change.said["on"])
    _refuse_wrong(told, before, on)
    row = _written(member, told, on=on, by=by)
    audit.note("details.change", society_id=member.society_id, subject_id=member.pk, by=by, approval=str(used.pk))
    _tell(row, before, by)
    return row


def _written(member: Member, told: Details, *, on: date, by) -> Particulars:
    entry = membership.Entry(holder=member.holder, **{name: getattr(told, name) for name in FIELDS})
    row = membership.particulars_row(member, entry, on=on, at=clock.now(), by=by)
    row.save()
    return row


def _tell(row: Particulars, before: Particulars, by) -> None:
    """A message to the address that stood before, so that a stranger's request is seen, and to another one now."""
    for to in dict.fromkeys((before.email, row.email)):
        event = audit.note("details.tell", society_id=row.society_id, subject_id=row.member_id, by=by, row=str(row.pk))
        outbox.post("details-changed", event, to=to)


@transaction.atomic
def withdraw(member: Member, *, by) -> bool:
    """Take back what waits, or leave it: the register stays. False where nothing waits."""
    numbering.lock(member.society_id)
    return register_acts.withdraw(member, act=Approval.DETAILS, by=by)


def asked(approval: Approval) -> PreparedChange:
    """What was asked, for showing."""
    return register_acts.change_of(approval)
