"""A payout on an officer's desk: what Stripe says of it, and whether it was seen at the bank."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.forms import posted
from members.forms.payouts import SeenForm
from members.views.office import guards
from offers import officers
from payments import arrivals
from payments.choices import PayoutState
from payments.models import Payout


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def payout(request, society, key):
    """One payout; a treasurer who has only paper says that it is at the bank, or that this was a mistake."""
    found = get_object_or_404(Payout, society=society, pk=key)
    came = arrivals.standing(found)
    is_seen = request.POST.get("act") == "see"
    form = SeenForm(posted(request) if is_seen else None, initial={"amount_pence": found.amount_pence})
    if request.method == "POST":
        if officers.MONEY not in request.rights:
            raise PermissionDenied
        if _done(request, found, came, form):
            return redirect("office:payout", society.slug, found.pk)
    context = guards.page(
        request,
        society,
        "office:money",
        payout=found,
        form=form,
        came=came,
        went=arrivals.standing(found, is_in=False),
        may_be_seen=came is None and found.state != PayoutState.CANCELED,
    )
    return render(request, "office/payout.html", context)


def _done(request, found: Payout, came, form: SeenForm) -> bool:
    """Do what the button says; a refusal of the form stands at it, and the page comes again."""
    if request.POST.get("act") == "release" and came:
        try:
            arrivals.release(came, by=request.user)
            messages.success(request, _("The payout is on its way again."))
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        return True
    if not form.is_valid():
        return False
    try:
        arrivals.see_on_paper(found, **form.cleaned_data, by=request.user)
    except ValidationError as refusal:
        form.add_error("seen_on", refusal)
        return False
    messages.success(request, _("Written down."))
    return True
