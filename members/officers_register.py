"""The register of officers (2014 Act s.30(3)): name, addresses, office, and the days it was taken and left."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from members import numbering
from members.models import OfficeHeld
from offers.models import Society


@dataclass(frozen=True)
class Told:
    """What the register shall say of somebody in an office."""

    name: str
    address: str
    office: str
    took_office_on: date
    email: str = ""
    email_purposes: str = ""
    left_office_on: date | None = None


@transaction.atomic
def enter(society: Society, told: Told, *, by, tenure: uuid.UUID | None = None, on: date | None = None) -> OfficeHeld:
    """Somebody took an office, or, with `tenure`, the register says something else of them from a day on.

    What it said before stands for the days before. ValidationError where an office would be left before it was taken,
    or an electronic address has no purposes.
    """
    if told.left_office_on and told.left_office_on < told.took_office_on:
        raise ValidationError({"left_office_on": _("The office cannot be left before it was taken.")})
    if told.email and not told.email_purposes:
        raise ValidationError({"email_purposes": _("Say for what the electronic address was given.")})
    numbering.lock(society.pk)
    if tenure and not OfficeHeld.objects.filter(society=society, tenure=tenure).exists():
        raise ValidationError(_("Nobody is entered under this office."))
    row = OfficeHeld.objects.create(
        society=society,
        **({"tenure": tenure} if tenure else {}),
        effective_on=on or told.took_office_on,
        recorded_at=clock.now(),
        recorded_by=by,
        **told.__dict__,
    )
    audit.note("officer.enter", society_id=society.pk, subject_id=row.tenure, by=by)
    return row


def newest(society_id: uuid.UUID, tenure: uuid.UUID) -> OfficeHeld | None:
    """What the register says of an office held now."""
    rows = OfficeHeld.objects.filter(society_id=society_id, tenure=tenure)
    return rows.order_by("effective_on", "recorded_at").last()


def now(society_id: uuid.UUID) -> list[OfficeHeld]:
    """Everybody on the register of officers, who serves first."""
    said = {row.tenure: row for row in OfficeHeld.objects.filter(society_id=society_id)}
    return sorted(said.values(), key=lambda row: (row.left_office_on is not None, row.took_office_on, row.name))
