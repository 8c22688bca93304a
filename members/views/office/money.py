"""Money on an officer's desk: what is held without being due, what goes back, what is still expected."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members import office_todo
from members.views.office import guards
from offers import officers
from offers.choices import ONLINE, ApplicationState
from offers.models import Application
from payments import checkout
from payments.models import CheckoutAttempt


@require_safe
@guards.officer(officers.LOOK)
def money(request, society):
    """Exceptions, refunds that are not done, and transfers and cheques that are expected."""
    expected = Application.objects.filter(
        society=society, state=ApplicationState.AWAITING_PAYMENT
    ).exclude(method__in=ONLINE)  # fmt: skip
    context = guards.page(
        request,
        society,
        "office:money",
        exceptions=office_todo.exceptions(society),
        credit=office_todo.paid_by_credit(society),
        paper=office_todo.paper_to_confirm(society),
        refunds=office_todo.refund_totals(society),
        expected=expected.select_related("offer").order_by("pay_by_at")[:100],
        awaiting=office_todo.awaiting(society),
        clearing=office_todo.clearing(society),
    )
    return render(request, "office/money.html", context)


@require_POST
@guards.officer(officers.MONEY)
def credit_seen(request, society, key):
    """An officer has looked at a payment by credit card and dealt with it."""
    attempt = get_object_or_404(CheckoutAttempt, society=society, pk=key, funding="credit")
    checkout.note_credit_seen(attempt, by=request.user)
    messages.success(request, _("Noted."))
    return redirect("office:money", society.slug)
