"""Room in an offer: taken by one conditional UPDATE, the last statement of the verb, and given back the same way."""

from __future__ import annotations

from django.db.models import F, Q

from offers.choices import OfferState, Oversubscription
from offers.models import ShareOffer


def room_pence(offer: ShareOffer) -> int | None:
    """What may still be applied for under first come, first served; None where nothing limits it."""
    if offer.oversubscription != Oversubscription.FIRST_COME or offer.maximum_pence is None:
        return None
    return offer.maximum_pence - offer.taken_pence


def take(offer: ShareOffer, amount_pence: int, *, on, closed_too: bool = False) -> bool:
    """Take room if the offer is still open on that London day and it fits; False means nothing was written.

    Two buyers of the last shares meet in this one statement, and the second finds the room gone. Where another
    strategy shares out at the close, only what is applied for is counted. `closed_too`: for money that was in the
    bank in time and is recorded after the close.
    """
    rows = ShareOffer.objects.filter(pk=offer.pk, society_id=offer.society_id)
    if closed_too:
        rows = rows.filter(state__in=[OfferState.PUBLISHED, OfferState.CLOSED])
    else:
        still_open = Q(closes_on__isnull=True) | Q(closes_on__gte=on)
        rows = rows.filter(still_open, state=OfferState.PUBLISHED, opens_on__lte=on)
    if room_pence(offer) is not None:
        rows = rows.filter(taken_pence__lte=offer.maximum_pence - amount_pence)
    return rows.update(taken_pence=F("taken_pence") + amount_pence) == 1


def give_back(offer_id, society_id, amount_pence: int) -> None:
    """The room of an application that no longer waits."""
    ShareOffer.objects.filter(pk=offer_id, society_id=society_id).update(taken_pence=F("taken_pence") - amount_pence)
