"""Places in an offer that are not paid: who holds how much, since when, until when; how much is allowed; letting go."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.forms import posted
from members.forms.unpaid import LimitForm, ReleaseForm
from members.views.office import guards
from members.views.office.applications import application_or_404
from members.views.office.offers import offer_or_404
from members.views.office.table_pages import A_PAGE
from offers import officers, unpaid
from offers.choices import ApplicationState
from offers.models import Application
from payments import releasing


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def places(request, society, offer):
    """Who holds room of an offer unpaid, the most first. A treasurer sets here how much one address may hold."""
    found = offer_or_404(society, offer)
    form = LimitForm(posted(request), initial={"percent": found.unpaid_percent})
    if request.method == "POST":
        if officers.MONEY not in request.rights:
            raise PermissionDenied
        if form.is_valid():
            unpaid.set_limit(found, form.cleaned_data["percent"], by=request.user)
            messages.success(request, _("Done. It counts from now on; what waits already stays."))
            return redirect("office:unpaid", society.slug, offer)
    number, pence = unpaid.waiting(found)
    page = Paginator(unpaid.groups(found), A_PAGE).get_page(request.GET.get("page"))
    context = guards.page(
        request,
        society,
        "office:applications",
        offer=found,
        form=form,
        page=page,
        number=number,
        unpaid_pence=pence,
        limit_pence=unpaid.limit_pence(found),
        is_first_come=found.oversubscription == "first-come" and found.maximum_pence,
    )
    return render(request, "office/unpaid.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def release(request, society, reference):
    """Let the place of one unpaid application go, with a reason that its applicant is told."""
    found = application_or_404(society, reference)
    form = ReleaseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            releasing.release(found, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("Let go. Its room is free again, and the applicant is told why."))
            return redirect(_back(found))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    waits = found.state == ApplicationState.AWAITING_PAYMENT
    context = guards.page(
        request, society, "office:applications", application=found, offer=found.offer, form=form, waits=waits
    )
    return render(request, "office/release.html", context)


def _back(found: Application) -> str:
    return reverse("office:unpaid", args=[found.offer.society.slug, found.offer.slug])
