"""Room in an offer: taken by one conditional UPDATE, the last statement of the verb, and given back the same way."""

from __future__ import annotations

from django.db import connection
from django.db.models import F

from offers.choices import OfferState, Oversubscription
from offers.models import ShareOffer

TAKE = """
    UPDATE offers_shareoffer SET taken_pence = taken_pence + %(amount)s
    WHERE id = %(offer)s AND society_id = %(society)s AND {when}
      AND (%(most)s::bigint IS NULL OR taken_pence + %(amount)s <= %(most)s::bigint)
"""
WHILE_OPEN = "state = %(published)s AND opens_on <= %(on)s AND (closes_on IS NULL OR closes_on >= %(on)s)"
EVEN_CLOSED = "state IN (%(published)s, %(closed)s)"


def room_pence(offer: ShareOffer) -> int | None:
    """What may still be applied for under first come, first served; None where nothing limits it."""
    if offer.oversubscription != Oversubscription.FIRST_COME or offer.maximum_pence is None:
        return None
    return offer.maximum_pence - offer.taken_pence


def smallest_pence(offer: ShareOffer) -> int:
    """The smallest application that somebody may make, whatever their area."""
    areas = [tier.min_application_pence for tier in offer.tiers.all() if tier.min_application_pence]
    return min([offer.min_application_pence, *areas])


def is_full(offer: ShareOffer) -> bool:
    """Whether an open offer has no room for even the smallest application; room may come free again."""
    room = room_pence(offer)
    return offer.is_open() and room is not None and room < smallest_pence(offer)


def take(offer: ShareOffer, amount_pence: int, *, on, closed_too: bool = False) -> bool:
    """Take room if the offer is still open on that London day and it fits; False means nothing was written.

    Two buyers of the last shares meet in this one statement, and the second finds the room gone. Where another
    strategy shares out at the close, only what is applied for is counted. `closed_too`: for money that was in the
    bank in time and is recorded after the close.
    """
    terms = {
        "offer": offer.pk,
        "society": offer.society_id,
        "amount": amount_pence,
        "on": on,
        "most": None if room_pence(offer) is None else offer.maximum_pence,
        "published": OfferState.PUBLISHED.value,
        "closed": OfferState.CLOSED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(when=EVEN_CLOSED if closed_too else WHILE_OPEN), terms)
        return cursor.rowcount == 1


def give_back(offer_id, society_id, amount_pence: int) -> None:
    """The room of an application that no longer waits."""
    ShareOffer.objects.filter(pk=offer_id, society_id=society_id).update(taken_pence=F("taken_pence") - amount_pence)
