"""What is owed back when an offer is decided: what was not allotted, and every sum that was held as an exception."""

from __future__ import annotations

from django.utils.translation import gettext as _

from members.allotment.working import Working
from offers.choices import ApplicationState
from offers.models import Application
from payments import balances, refunds
from payments.models import Refund


def owe(working: Working) -> None:
    """Write every refund of the decision at once."""
    refunds.owe_rows(rows(working))


def rows(working: Working) -> list[Refund]:
    """Every refund of the decision, not written: what the dry run shows is what the decision then owes."""
    offer = working.offer
    left = balances.refundable(society_id=offer.society_id, application__offer_id=offer.pk)
    found = []
    for line in working.lines:
        if line.back_pence:
            problem = line.problems[0]
            available = left.pop(line.application.pk)
            found += refunds.split(
                line.application, line.back_pence, available, rule=problem.rule, reason=problem.message
            )
        else:
            left.pop(line.application.pk, None)
    lapsed = Application.objects.filter(
        society_id=offer.society_id, offer=offer, state=ApplicationState.LAPSED, pk__in=list(left)
    )
    for application in lapsed:
        available = left[application.pk]
        held = sum(amount_pence for _receipt, amount_pence in available)
        reason = _("Your payment was not exactly what was due, and the offer has ended.")
        found += refunds.split(application, held, available, rule="AMT-1", reason=reason)
    return found
