"""Showing the register under s.103 of the 2014 Act: every showing is written down before the first name is seen.

Members and people with an interest in the society's funds may inspect all but holdings and other property. The Act
gives nobody a copy, so there is a screen that an officer supervises, and no file.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from common import audit, clock, exports
from members.models import Inspection
from members.register import inspection_copy
from offers.models import Society

LASTS = timedelta(minutes=60)  # one sitting; whoever comes again is written down again


@transaction.atomic
def begin(society: Society, *, asked_by_name: str, capacity: str, reason: str, on: date, by) -> Inspection:
    """Write down who asked, as what and why; the screen then opens for one sitting."""
    moment = clock.now()
    found = Inspection.objects.create(
        society=society,
        asked_by_name=asked_by_name,
        capacity=capacity,
        reason=reason,
        register_on=on,
        rows=exports.count(inspection_copy(society, on=on, known_at=moment)),
        shown_at=moment,
        shown_by=by,
    )
    audit.note("register.inspect", society_id=society.pk, subject_id=found.pk, by=by, capacity=capacity)
    return found


def is_open(inspection: Inspection) -> bool:
    """Whether the sitting has not ended."""
    return clock.now() < inspection.shown_at + LASTS


def shown(inspection: Inspection) -> exports.Table:
    """What is shown: the register of that day as it was known when the sitting began."""
    return inspection_copy(inspection.society, on=inspection.register_on, known_at=inspection.shown_at)
