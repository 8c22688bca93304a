"""A dry run of an offer's refunds on an officer's desk: nothing is written, and no money moves."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members import refund_dry_run
from members.views.office import guards
from members.views.office.offers import offer_or_404
from offers import officers
from offers.choices import OfferState

A_PAGE = 100


@require_safe
@guards.officer(officers.LOOK)
def dry_run(request, society, offer):
    """What would go to whom, by which way, what it costs, and whether the balance at Stripe covers it."""
    found = offer_or_404(society, offer)
    if found.state == OfferState.DRAFT:
        raise Http404
    choices = refund_dry_run.choices(found)
    what = request.GET.get("what")
    what = what if what in choices else choices[0]
    names = {
        refund_dry_run.DECISION: _("As the offer stands now"),
        refund_dry_run.EVERYBODY: _("If the offer failed"),
        refund_dry_run.DUE: _("What is due and not paid back"),
    }
    plan = refund_dry_run.run(found, what)
    context = guards.page(
        request,
        society,
        "office:offers",
        offer=found,
        what=what,
        title_of_it=names[what],
        choices=[{"what": choice, "label": names[choice]} for choice in choices],
        plan=plan,
        page=Paginator(plan.rows, A_PAGE).get_page(request.GET.get("page")),
    )
    return render(request, "office/dry_run.html", context)
