"""Exceptions on an officer's desk: one page each, with what happened, who looks after it and what was done."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import posted
from common.money import as_decimal
from members.forms.exceptions import SettleForm
from members.views.office import guards
from offers import officers
from payments import settling, suspense
from payments.models import SuspenseItem

SHOWN = {
    "reason": gettext_lazy("Reason"),
    "charge": gettext_lazy("Payment at Stripe"),
    "payment_intent": gettext_lazy("Payment at Stripe"),
    "answer_by": gettext_lazy("Answer by"),
    "words": gettext_lazy("Stripe says"),
    "answer": gettext_lazy("Stripe says"),
    "type": gettext_lazy("Kind at Stripe"),
    "source": gettext_lazy("Concerns"),
    "sent": gettext_lazy("Stripe sent"),
    "came": gettext_lazy("The bank has"),
    "arrives_on": gettext_lazy("At the bank on"),
    "first_event": gettext_lazy("First event"),
    "object": gettext_lazy("Concerns"),
    "declined": gettext_lazy("Cards declined within an hour"),
    "paid": gettext_lazy("Paid in the same hour"),
}


def days_open(item: SuspenseItem) -> int:
    """How many days an exception has been open, or was."""
    return ((item.resolved_at or clock.now()) - item.opened_at).days


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def exception(request, society, key):
    """One exception: take it, or say what was done about it."""
    rows = SuspenseItem.objects.select_related("application__offer", "taken_by", "resolved_by")
    item = get_object_or_404(rows, society=society, pk=key)
    meaning = settling.meaning(item)
    form = SettleForm(posted(request))
    if request.method == "POST":
        if officers.MONEY not in request.rights:
            raise PermissionDenied
        if request.POST.get("act") == "take":
            return _take(request, society, item)
        if form.is_valid() and _resolve(request, item, form):
            return redirect("office:clearing", society.slug)
    facts = [{"label": label, "value": item.facts[name]} for name, label in SHOWN.items() if item.facts.get(name)]
    context = guards.page(
        request, society, "office:money", item=item, form=form, meaning=meaning, facts=facts, days=days_open(item),
        foreign=f"{as_decimal(item.amount_pence)} {item.currency.upper()}",
        is_mine=item.taken_by_id == request.user.pk,
    )  # fmt: skip
    return render(request, "office/exception.html", context)


def _take(request, society, item: SuspenseItem):
    try:
        suspense.take(item, by=request.user)
        messages.success(request, _("You look after this now."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("office:exception", society.slug, item.pk)


def _resolve(request, item: SuspenseItem, form: SettleForm) -> bool:
    try:
        settling.resolve(item, form.cleaned_data["words"], by=request.user)
        messages.success(request, _("Written down. It is off the list."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return True
