"""Who may act for a society: the offices people hold, and what each office lets them do."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from offers.choices import OfficerRole
from offers.models import Officer, Society

R = OfficerRole
LOOK, REGISTER, MONEY, OFFERS, DECIDE, PEOPLE = "look", "register", "money", "offers", "decide", "people"
# What an office lets its holder do. Everybody looks; an auditor does nothing else.
RIGHTS: dict[str, frozenset[str]] = {
    R.SECRETARY: frozenset({LOOK, REGISTER, MONEY, OFFERS, DECIDE, PEOPLE}),
    R.TREASURER: frozenset({LOOK, MONEY, OFFERS, DECIDE, PEOPLE}),
    R.BOARD: frozenset({LOOK, OFFERS, DECIDE}),
    R.AUDITOR: frozenset({LOOK, REGISTER}),
}


def rights(user, society: Society) -> frozenset[str]:
    """What a person may do for a society now; nothing for a stranger. Read anew at each request."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    held = Officer.objects.filter(society=society, user=user, ended_at=None).values_list("role", flat=True)
    return frozenset().union(*(RIGHTS[role] for role in held))


def societies_of(user):
    """The societies that a person acts for, by name."""
    return Society.objects.filter(pk__in=Officer.objects.filter(user=user, ended_at=None).values("society")).order_by(
        "registered_name"
    )


def serving(society_id: uuid.UUID):
    """The offices that are held now, with their people."""
    return (
        Officer.objects.filter(society_id=society_id, ended_at=None)
        .select_related("user")
        .order_by("role", "appointed_at")
    )


@transaction.atomic
def appoint(society: Society, *, user, role: str, by) -> Officer:
    """Give somebody an office; having it already is no error."""
    officer, made = Officer.objects.get_or_create(
        society=society,
        user=user,
        role=role,
        ended_at=None,
        defaults={"appointed_at": clock.now(), "appointed_by": by},
    )
    if made:
        audit.note("officer.appoint", society_id=society.pk, subject_id=user.pk, by=by, role=role)
    return officer


@transaction.atomic
def end(officer: Officer, *, by) -> Officer:
    """Take an office away. The last secretary or treasurer of a society stays: nobody could appoint another.

    Takes effect at the next request of the person. ValidationError, with words, where it is refused.
    """
    rows = Officer.objects.select_for_update(no_key=True).filter(society_id=officer.society_id, ended_at=None)
    serving_now = list(rows)
    officer = next((row for row in serving_now if row.pk == officer.pk), None)
    if officer is None:
        raise ValidationError(_("This office has ended already."))
    appointing = [row for row in serving_now if PEOPLE in RIGHTS[row.role] and row.pk != officer.pk]
    if not appointing:
        raise ValidationError(_("Appoint another secretary or treasurer first: somebody must be able to appoint."))
    officer.ended_at, officer.ended_by = clock.now(), by
    officer.save(update_fields=["ended_at", "ended_by"])
    audit.note("officer.end", society_id=officer.society_id, subject_id=officer.user_id, by=by, role=officer.role)
    return officer
