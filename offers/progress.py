"""How far an offer has come: what is applied for and what has cleared, against its three targets."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from offers.choices import LIVE, ApplicationState, OfferState
from offers.models import Application, ShareOffer

COUNTED = [*LIVE, ApplicationState.ALLOTTED]


@dataclass(frozen=True)
class Progress:
    """Sums in pence. applied: live applications; cleared: paid ones; people: how many holders applied."""

    offer: ShareOffer
    applied_pence: int
    cleared_pence: int
    holders: int

    @property
    def targets(self) -> list[tuple[str, int]]:
        """The targets that the offer has, lowest first, by name."""
        offer = self.offer
        found = [("minimum", offer.minimum_pence), ("optimum", offer.optimum_pence), ("maximum", offer.maximum_pence)]
        return [(name, amount_pence) for name, amount_pence in found if amount_pence]

    @property
    def scale_pence(self) -> int:
        """What the whole bar stands for: the maximum, or what has been applied for where that is more."""
        return max([self.applied_pence, *(amount for _name, amount in self.targets)], default=0) or 1

    def percent(self, amount_pence: int) -> int:
        """A sum as whole percent of the bar, rounded down."""
        return min(100, amount_pence * 100 // self.scale_pence)


def of(offer: ShareOffer) -> Progress:
    """One query. After the allotment it is what was allotted."""
    state = Application.objects.filter(society_id=offer.society_id, offer=offer, state__in=COUNTED).aggregate(
        applied=Sum("due_pence", default=0),
        cleared=Sum("due_pence", filter=Q(paid_at__isnull=False), default=0),
        allotted=Sum("allotted_pence", default=0),
        holders=Count("holder", distinct=True),
    )
    if offer.state == OfferState.ALLOTTED:
        return Progress(offer, state["allotted"], state["allotted"], state["holders"])
    return Progress(offer, state["applied"], state["cleared"], state["holders"])
