"""What an application's money adds up to: sums of rows that never change, in pence."""

from __future__ import annotations

import uuid

from django.db.models import Sum

from offers.models import Application
from payments.models import Receipt, Refund


def received_pence(application: Application) -> int:
    """All money that ever came in for it."""
    rows = Receipt.objects.filter(society_id=application.society_id, application=application)
    return rows.aggregate(total=Sum("amount_pence"))["total"] or 0


def refunded_pence(application: Application) -> int:
    """All that is owed or has been paid back: a refund counts from the moment it is due."""
    rows = Refund.objects.filter(society_id=application.society_id, application=application)
    return rows.aggregate(total=Sum("amount_pence"))["total"] or 0


def held_pence(application: Application) -> int:
    """What is held for it now: received less refunded."""
    return received_pence(application) - refunded_pence(application)


def held_in_offer(society_id: uuid.UUID, offer_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """What is held for each application of an offer that ever received money; two queries whatever their number."""
    of_offer = {"society_id": society_id, "application__offer_id": offer_id}
    held = dict(
        Receipt.objects.filter(**of_offer).order_by().values_list("application_id").annotate(Sum("amount_pence"))
    )
    back = Refund.objects.filter(**of_offer).order_by().values_list("application_id").annotate(Sum("amount_pence"))
    for application_id, amount_pence in back:
        held[application_id] -= amount_pence
    return held


def refundable(*, society_id: uuid.UUID, **of) -> dict[uuid.UUID, list[tuple[Receipt, int]]]:
    """For each application, its receipts with what is left of each to pay back, the newest first.

    `of`: which applications, such as application=… or application__offer_id=…; one query whatever their number.
    """
    receipts = (
        Receipt.objects.filter(society_id=society_id, **of)
        .annotate(back_pence=Sum("refunds__amount_pence", default=0))
        .order_by("-recorded_at", "-pk")
    )
    left: dict[uuid.UUID, list[tuple[Receipt, int]]] = {}
    for receipt in receipts:
        if receipt.amount_pence > receipt.back_pence:
            left.setdefault(receipt.application_id, []).append((receipt, receipt.amount_pence - receipt.back_pence))
    return left
