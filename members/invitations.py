"""Inviting somebody to act for a society: a link by mail, good once and for two weeks, for that address only."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common import audit, clock, outbox
from members import accounts
from members.models import Invitation, User
from offers import officers
from offers.models import Officer, Society

GOOD_FOR = timedelta(days=14)


def invite(society: Society, *, email: str, role: str, by: User) -> Invitation:
    """Ask somebody by mail. ValidationError where they hold the office, or are asked already."""
    email = email.strip().lower()
    if Officer.objects.filter(society=society, user__email=email, role=role, ended_at=None).exists():
        raise ValidationError({"email": _("This person holds the office already.")})
    now = clock.now()
    Invitation.objects.filter(
        society=society, email=email, role=role, accepted_at=None, withdrawn_at=None, expires_at__lt=now
    ).update(withdrawn_at=now)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                society=society, email=email, role=role, invited_at=now, invited_by=by, expires_at=now + GOOD_FOR
            )
            accounts.account_for(email)  # so that a code by mail lets them in
            outbox.post("invitation", invitation, to=email)
            audit.note("invitation.send", society_id=society.pk, subject_id=invitation.pk, by=by, role=role)
    except IntegrityError:
        raise ValidationError({"email": _("This person has been invited already. Withdraw that first.")}) from None
    return invitation


def withdraw(invitation: Invitation, *, by: User) -> None:
    """Take an invitation back; one that was accepted stays accepted."""
    rows = Invitation.objects.filter(pk=invitation.pk, society_id=invitation.society_id, accepted_at=None)
    if rows.filter(withdrawn_at=None).update(withdrawn_at=clock.now()):
        audit.note("invitation.withdraw", society_id=invitation.society_id, subject_id=invitation.pk, by=by)


def open_invitations(society: Society):
    """Invitations that wait for an answer."""
    return Invitation.objects.filter(
        society=society, accepted_at=None, withdrawn_at=None, expires_at__gte=clock.now()
    ).order_by("invited_at")


@transaction.atomic
def accept(token: str, *, user: User) -> Officer:
    """Take up an office. ValidationError where the link is used, withdrawn or too old, or was sent to somebody else."""
    invitation = Invitation.objects.select_for_update().select_related("society").filter(token=token).first()
    if invitation is None or invitation.withdrawn_at or invitation.expires_at < clock.now():
        raise ValidationError(_("This invitation is no longer good. Ask the society to invite you again."))
    if invitation.email != user.email:
        raise ValidationError(_("This invitation was sent to another e-mail address. Sign in with that address."))
    if invitation.accepted_at:
        raise ValidationError(_("You have accepted this invitation already."))
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    return officers.appoint(invitation.society, user=user, role=invitation.role, by=invitation.invited_by)
