"""What members hold: sums of ledger entries, on any day, as known at any moment."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery, Sum

from members.models import LedgerEntry, Member, MembershipChange


def counted(*, on: date | None = None, known_at: datetime | None = None, prefix: str = "") -> Q:
    """Which entries count: effective by the day, recorded by the moment; None for all."""
    condition = Q()
    if on is not None:
        condition &= Q(**{f"{prefix}effective_on__lte": on})
    if known_at is not None:
        condition &= Q(**{f"{prefix}recorded_at__lte": known_at})
    return condition


def held_pence(member: Member, *, on: date | None = None, known_at: datetime | None = None) -> int:
    """Nominal value of a member's shares of all classes, in pence."""
    entries = LedgerEntry.objects.filter(counted(on=on, known_at=known_at), society_id=member.society_id, member=member)
    return entries.aggregate(total=Sum("amount_pence"))["total"] or 0


def shares(member: Member, *, on: date | None = None, known_at: datetime | None = None) -> int:
    """How many shares a member has."""
    entries = LedgerEntry.objects.filter(counted(on=on, known_at=known_at), society_id=member.society_id, member=member)
    return entries.aggregate(total=Sum("shares"))["total"] or 0


def member_count(society_id: uuid.UUID, *, on: date) -> int:
    """How many members the register shows on a day."""
    return on_register(society_id, on=on).count()


def on_register(society_id: uuid.UUID, *, on: date):
    """Members on a day: entered by then and not ceased before it; who leaves on a day still shows on it."""
    changes = MembershipChange.objects.filter(society_id=society_id, member=OuterRef("pk"), effective_on__lte=on)
    newest = changes.order_by("-effective_on", "-recorded_at")
    return (
        Member.objects.filter(society_id=society_id, entered_on__lte=on)
        .annotate(
            last_change=Subquery(newest.values("kind")[:1]), changed_on=Subquery(newest.values("effective_on")[:1])
        )
        .filter(Q(changed_on=None) | Q(last_change=MembershipChange.READMITTED) | Q(changed_on__gte=on))
    )
