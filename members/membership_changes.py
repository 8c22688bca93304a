"""Ceasing to be a member and being admitted again: each a row with its day, so that a past register stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from members import numbering
from members.models import Member, MembershipChange


@transaction.atomic
def cease(member: Member, *, on: date, reason: str, by) -> Member:
    """The member ceases at the end of a day. The number stays theirs, and the register of that day still shows them.

    ValidationError where they have ceased already, or had not been entered yet.
    """
    numbering.lock(member.society_id)
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk, society_id=member.society_id)
    if member.ceased_on is not None:
        raise ValidationError(_("This member has ceased already."))
    if on < member.entered_on:
        raise ValidationError(_("The member was entered after that day."))
    member.ceased_on = on
    member.save(update_fields=["ceased_on"])
    _record(member, MembershipChange.CEASED, on=on, reason=reason, by=by)
    return member


def readmit(members: Sequence[Member], *, on: date, reason: str, by) -> None:
    """Who had ceased is a member again from a day on. The caller has locked the numbering."""
    for member in members:
        if member.ceased_on is None:
            continue
        from_day, member.ceased_on = max(on, member.ceased_on), None
        member.save(update_fields=["ceased_on"])
        _record(member, MembershipChange.READMITTED, on=from_day, reason=reason, by=by)


def _record(member: Member, kind: str, *, on: date, reason: str, by) -> None:
    MembershipChange.objects.create(
        society_id=member.society_id,
        member=member,
        kind=kind,
        effective_on=on,
        recorded_at=clock.now(),
        recorded_by=by,
        reason=reason,
    )
    audit.note(f"member.{kind}", society_id=member.society_id, subject_id=member.pk, by=by, on=on.isoformat())
