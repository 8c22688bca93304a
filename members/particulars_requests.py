"""Asking a member by mail for what the register lacks. The answer is a request: an officer takes it or leaves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common import audit, clock, outbox
from members import membership, numbering
from members.models import Member, Particulars, ParticularsRequest

GOOD_FOR = timedelta(days=30)
ANSWERED = ("address", "postcode", "country", "email", "email_purposes")


def newest(member: Member) -> Particulars:
    """What the register says of a member now."""
    return membership.newest_particulars(member.society_id, [member])[member.pk]


def ask(member: Member, *, by) -> ParticularsRequest:
    """Send the member a link. ValidationError where the register has no address to send it to, or one waits already."""
    said = newest(member)
    if not said.email:
        raise ValidationError(_("The register has no e-mail address for this member. Write by post."))
    now = clock.now()
    try:
        with transaction.atomic():
            waiting = ParticularsRequest.objects.filter(society_id=member.society_id, member=member, decided_at=None)
            waiting.filter(answered_at=None, expires_at__lt=now).update(decided_at=now, decided_by=by)
            asked = ParticularsRequest.objects.create(
                society_id=member.society_id, member=member, asked_at=now, asked_by=by, expires_at=now + GOOD_FOR
            )
            outbox.post("particulars-wanted", asked, to=said.email)
            audit.note("particulars.ask", society_id=member.society_id, subject_id=member.pk, by=by)
    except IntegrityError:
        raise ValidationError(_("This member has been asked already.")) from None
    return asked


@transaction.atomic
def answer(request: ParticularsRequest, **said: str) -> ParticularsRequest:
    """Keep what the member says; the register stays. ValidationError where the link is used or too old."""
    request = ParticularsRequest.objects.select_for_update().get(pk=request.pk, society_id=request.society_id)
    if request.answered_at or request.decided_at or request.expires_at < clock.now():
        raise ValidationError(_("This link has been used or is too old. Ask the society for another."))
    if said["email"] and not said["email_purposes"]:
        raise ValidationError({"email_purposes": _("Choose what the society may send to this address.")})
    for name in ANSWERED:
        setattr(request, name, said[name])
    request.answered_at = clock.now()
    request.save(update_fields=[*ANSWERED, "answered_at"])
    return request


@transaction.atomic
def accept(request: ParticularsRequest, *, on: date, by) -> Particulars:
    """Put the answer on the register from a day on, as a new row; what it said before stands for the days before."""
    numbering.lock(request.society_id)
    request = _waiting(request)
    said = newest(request.member)
    entry = membership.Entry(
        holder=request.member.holder, name=said.name, joint_names=said.joint_names, representative=said.representative,
        address=said.address,
    )  # fmt: skip
    entry = replace(entry, **{name: getattr(request, name) for name in ANSWERED})
    row = membership.particulars_row(request.member, entry, on=on, at=clock.now(), by=by)
    row.save()
    request.decided_at, request.decided_by, request.accepted_as = clock.now(), by, row
    request.save(update_fields=["decided_at", "decided_by", "accepted_as"])
    audit.note("particulars.accept", society_id=request.society_id, subject_id=request.member_id, by=by)
    return row


@transaction.atomic
def decline(request: ParticularsRequest, *, by) -> None:
    """The register stays as it is."""
    request = _waiting(request)
    request.decided_at, request.decided_by = clock.now(), by
    request.save(update_fields=["decided_at", "decided_by"])
    audit.note("particulars.decline", society_id=request.society_id, subject_id=request.member_id, by=by)


def _waiting(request: ParticularsRequest) -> ParticularsRequest:
    rows = ParticularsRequest.objects.select_for_update(of=("self",)).select_related("member__holder")
    request = rows.get(pk=request.pk, society_id=request.society_id)
    if request.answered_at is None or request.decided_at is not None:
        raise ValidationError(_("Nothing waits here: it was decided already, or not answered yet."))
    return request


def waiting(society):
    """Answers that wait for an officer, the oldest first."""
    rows = ParticularsRequest.objects.filter(society=society, decided_at=None, answered_at__isnull=False)
    return rows.select_related("member").order_by("answered_at")
