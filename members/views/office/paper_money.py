"""Cheques and cash on an officer's desk: the second officer confirms what the first one recorded, or takes it out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import posted
from members.forms.paper_money import ConfirmForm
from members.views.office import guards
from offers import officers
from payments import paper_money
from payments.models import PaperMoney


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def paper(request, society, key):
    """One cheque or sum of cash: who recorded it, and what another officer says of it."""
    rows = PaperMoney.objects.select_related("application__offer", "recorded_by", "confirmed_by", "withdrawn_by")
    row = get_object_or_404(rows, society=society, pk=key)
    form = ConfirmForm(posted(request), initial={"banked_on": clock.today()})
    if request.method == "POST" and _is_done(request, row, form):
        return redirect("office:money", society.slug)
    is_mine = row.recorded_by_id == request.user.pk
    context = guards.page(request, society, "office:money", row=row, form=form, is_mine=is_mine)
    return render(request, "office/paper_money.html", context)


def _is_done(request, row: PaperMoney, form: ConfirmForm) -> bool:
    try:
        if request.POST.get("act") == "withdraw":
            paper_money.withdraw(row, by=request.user)
            messages.success(request, _("Taken out. It never counted."))
            return True
        if form.is_valid():
            paper_money.confirm(row, banked_on=form.cleaned_data["banked_on"], by=request.user)
            messages.success(request, _("Confirmed. It counts now."))
            return True
    except ValidationError as refusal:
        form.add_error(None, refusal)
    return False
