"""Money on an officer's desk: what is held without being due, what goes back, what is still expected."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from members import office_todo
from members.views.office import guards
from offers import officers
from offers.choices import ApplicationState, Method
from offers.models import Application


@require_safe
@guards.officer(officers.LOOK)
def money(request, society):
    """Exceptions, refunds that are not done, and transfers and cheques that are expected."""
    expected = Application.objects.filter(
        society=society, state=ApplicationState.AWAITING_PAYMENT
    ).exclude(method=Method.CARD)  # fmt: skip
    context = guards.page(
        request,
        society,
        "office:money",
        exceptions=office_todo.exceptions(society),
        refunds=office_todo.refund_totals(society),
        expected=expected.select_related("offer").order_by("pay_by_at")[:100],
        awaiting=office_todo.awaiting(society),
        clearing=office_todo.clearing(society),
    )
    return render(request, "office/money.html", context)
