"""A society's numbers: members, certificates and entries count up without gaps, under one lock."""

from __future__ import annotations

import uuid

from members.models import Numbering


def lock(society_id: uuid.UUID) -> Numbering:
    """The society's numbering, locked to the end of the transaction. Whoever writes the ledger takes it first."""
    Numbering.objects.bulk_create([Numbering(society_id=society_id)], ignore_conflicts=True)
    return Numbering.objects.select_for_update(no_key=True).get(society_id=society_id)
