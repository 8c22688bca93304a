"""What an application's money adds up to: sums of rows that never change, in pence."""

from __future__ import annotations

import uuid

from django.db import connection
from django.db.models import Sum

from offers.models import Application
from payments.models import Receipt, Refund

HELD = """
    SELECT coalesce((SELECT sum(amount_pence) FROM payments_receipt
                     WHERE society_id = %(society)s AND application_id = %(application)s), 0)
         - coalesce((SELECT sum(amount_pence) FROM payments_refund
                     WHERE society_id = %(society)s AND application_id = %(application)s), 0)
"""


def held_pence(application: Application) -> int:
    """What is held for an application now: received less refunded. A refund counts from the moment it is due."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"society": application.society_id, "application": application.pk})
        return int(cursor.fetchone()[0])


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
        Receipt.objects.filter(society_id=society_id, reverses=None, reversal=None, **of)
        .select_related("application", "attempt")
        .annotate(back_pence=Sum("refunds__amount_pence", default=0))
        .order_by("-recorded_at", "-pk")
    )
    left: dict[uuid.UUID, list[tuple[Receipt, int]]] = {}
    for receipt in receipts:
        if receipt.amount_pence > receipt.back_pence:
            left.setdefault(receipt.application_id, []).append((receipt, receipt.amount_pence - receipt.back_pence))
    return left
