"""Money on an officer's desk: what is held without being due, what goes back, what is still expected."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.money import as_pounds
from members import office_todo
from members.views.office import guards
from offers import officers
from offers.choices import ApplicationState, Method
from offers.models import Application
from payments import refunds
from payments.models import Refund


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
        refunds=Paginator(office_todo.refunds_due(society), 100).get_page(request.GET.get("page")),
        expected=expected.select_related("offer").order_by("pay_by_at")[:100],
        awaiting=office_todo.awaiting(society),
        clearing=office_todo.clearing(society),
    )
    return render(request, "office/money.html", context)


@require_POST
@guards.officer(officers.MONEY)
def paid_back(request, society, key):
    """A refund was paid by hand at the bank."""
    refund = get_object_or_404(Refund, society=society, pk=key)
    try:
        refunds.mark_done(refund, by=request.user)
        words = _("%(sum)s to %(name)s is marked as paid back.")
        messages.success(request, words % {"sum": as_pounds(refund.amount_pence), "name": refund.application.name})
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("office:money", society.slug)
