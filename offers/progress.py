"""How far an offer has come: what is applied for and what has cleared, against its three targets."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from offers.choices import LIVE, ApplicationState, OfferState
from offers.models import Application, ShareOffer

COUNTED = [*LIVE, ApplicationState.ALLOTTED]


@dataclass(frozen=True)
class Progress:
    """Sums in pence. applied: live applications; cleared: paid ones; promised: to be paid at the close.

    holders: how many applied.
    """

    offer: ShareOffer
    applied_pence: int
    cleared_pence: int
    holders: int
    promised_pence: int = 0

    @property
    def waiting_pence(self) -> int:
        """Applied for, and neither paid nor promised yet."""
        return self.applied_pence - self.cleared_pence - self.promised_pence


def of(offer: ShareOffer) -> Progress:
    """One query. After the allotment it is what was allotted."""
    state = Application.objects.filter(society_id=offer.society_id, offer=offer, state__in=COUNTED).aggregate(
        applied=Sum("due_pence", default=0),
        cleared=Sum("due_pence", filter=Q(paid_at__isnull=False), default=0),
        promised=Sum("due_pence", filter=Q(state=ApplicationState.COMMITTED), default=0),
        allotted=Sum("allotted_pence", default=0),
        holders=Count("holder", distinct=True),
    )
    if offer.state == OfferState.ALLOTTED:
        return Progress(offer, state["allotted"], state["allotted"], state["holders"])
    return Progress(offer, state["applied"], state["cleared"], state["holders"], state["promised"])
