"""Other property of a member in the society: loans, deposits or otherwise (2014 Act s.30(2)(d))."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from common import audit, clock
from members import numbering
from members.models import Member, OtherProperty


@transaction.atomic
def record(member: Member, *, kind: str, description: str, amount_pence: int, on: date, by) -> OtherProperty:
    """A movement: + what the member lent or deposited, − what went back. ValidationError where more would go back."""
    numbering.lock(member.society_id)
    of_kind = OtherProperty.objects.filter(society_id=member.society_id, member=member, kind=kind)
    held = of_kind.aggregate(total=Sum("amount_pence", default=0))["total"]
    if held + amount_pence < 0:
        raise ValidationError({"amount_pence": _("That is more than the register shows. Correct the sum.")})
    row = OtherProperty.objects.create(
        society_id=member.society_id,
        member=member,
        kind=kind,
        description=description,
        amount_pence=amount_pence,
        effective_on=on,
        recorded_at=clock.now(),
        recorded_by=by,
    )
    audit.note("member.property", society_id=member.society_id, subject_id=member.pk, by=by, pence=amount_pence)
    return row
