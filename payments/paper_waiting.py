"""Cheques and cash that wait for a second officer: what there is, and whose place in an offer it holds."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from offers.models import Application
from payments.models import PaperMoney


def waiting(society_id: uuid.UUID) -> QuerySet[PaperMoney]:
    """What one officer has recorded and nobody has decided, the oldest first."""
    return PaperMoney.objects.filter(society_id=society_id, confirmed_at=None, withdrawn_at=None)


def holds_place(application: Application) -> bool:
    """Whether a cheque or cash that was in hand in time waits for its second officer, so that nothing lapses.

    What is asked under the application's lock stays so: whoever records or decides one takes that lock first.
    """
    in_time = {"application": application, "in_hand_at__lte": application.pay_by_at}
    return waiting(application.society_id).filter(**in_time).exists()
