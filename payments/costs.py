"""What payments at Stripe cost a society, and what it would lose if everybody had to be refunded."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from common import clock
from offers.choices import ONLINE, Method
from offers.models import Application, ShareOffer
from payments import methods
from payments.models import Receipt
from payments.tariffs import tariff


@dataclass(frozen=True)
class Lost:
    """Fees that would be lost by refunding what came by one method; `fee_pence` None where no page says."""

    method: str
    payments: int
    sum_pence: int
    fee_pence: int | None

    @property
    def label(self) -> str:
        return Method(self.method).label


def so_far(offer: ShareOffer) -> list[Lost]:
    """What refunding everybody would cost now, by method: Stripe's fees of what has come in, by its price list."""
    terms = tariff(clock.today()).methods
    came = (
        Receipt.objects.filter(society_id=offer.society_id, application__offer=offer, method__in=ONLINE)
        .order_by("amount_pence")
        .values_list("method", "amount_pence")
        .annotate(number=Count("pk"))
    )
    found: dict[str, Lost] = {}
    for method, amount_pence, number in came:
        before = found.get(method, Lost(method, 0, 0, 0))
        fee_pence = terms[method].fee_pence(amount_pence)
        known = None if fee_pence is None else before.fee_pence + number * fee_pence
        found[method] = Lost(method, before.payments + number, before.sum_pence + number * amount_pence, known)
    return [found[method] for method in ONLINE if method in found]


def if_it_just_fails(offer: ShareOffer) -> tuple[methods.Cost, int] | None:
    """The fees lost if the offer misses its minimum by a pound and all of it came by card; and the payment assumed.

    The payment is the average application so far, or the smallest that the offer takes; the most that cards take at
    most. None for an offer without a minimum.
    """
    if not offer.minimum_pence:
        return None
    card = tariff(clock.today()).methods[Method.CARD]
    asked = Application.objects.filter(society_id=offer.society_id, offer=offer)
    said = asked.aggregate(number=Count("pk"), pence=Sum("due_pence", default=0))
    each_pence = said["pence"] // said["number"] if said["number"] else offer.min_application_pence
    each_pence = min(each_pence, card.offered_to_pence or each_pence)
    cost = methods.refund_cost(card, sum_pence=max(offer.minimum_pence - 100, 100), each_pence=each_pence)
    return (cost, each_pence) if cost else None
