"""Deciding a closed offer: the working is shown, one officer prepares, another approves, and it is carried out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from compliance import approvals
from compliance.answers import RuleBroken
from compliance.models import Approval
from members import allotment, minute_pdf
from members.views.office import guards
from members.views.office.offers import offer_or_404
from offers import officers
from offers.choices import OfferState
from offers.models import ShareOffer

A_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def decide(request, society, offer):
    """The working; officers who may decide find the button that fits them under it."""
    found = offer_or_404(society, offer)
    if found.is_decided():
        return redirect("office:offer", society.slug, offer)
    if found.state == OfferState.DRAFT:
        raise Http404
    try:
        allotment.refuse_if_early(found)
        facts = _facts(request, found)
    except allotment.TooEarly as early:
        return _not_now(request, found, str(early))
    except RuleBroken as refusal:
        return _not_now(request, found, refusal.problems[0].message)
    if request.method == "POST":
        if officers.DECIDE not in request.rights:
            raise PermissionDenied
        return _act(request, found)
    return render(request, "office/decide.html", guards.page(request, society, "office:offers", **facts))


def _not_now(request, found: ShareOffer, why: str):
    context = guards.page(request, found.society, "office:offers", offer=found, early=why)
    return render(request, "office/decide_early.html", context)


def _act(request, found: ShareOffer):
    """Prepare; or approve what another officer prepared and carry it out."""
    here = redirect("office:decide", found.society.slug, found.slug)
    try:
        if request.POST.get("act") != "approve":
            allotment.prepare(found, by=request.user)
            messages.success(request, _("Prepared. Ask another officer to sign in, check the working, and approve it."))
            return here
        allotment.approve(found, by=request.user)
        working = allotment.decide(found, on=clock.today(), by=request.user)
    except (approvals.NotApproved, allotment.TooEarly, allotment.Changed) as refusal:
        messages.error(request, str(refusal))
        return here
    except RuleBroken as refusal:
        messages.error(request, refusal.problems[0].message)
        return here
    words = (
        _("The shares are allotted. Members are on the register and their certificates go out by mail.")
        if working.succeeds
        else _("The offer has failed, and everybody’s refund is due. Cards are refunded without your doing.")
    )
    messages.success(request, words)
    return redirect("office:offer", found.society.slug, found.slug)


def _facts(request, found: ShareOffer) -> dict:
    working = allotment.work_out(found)
    approval = approvals.waiting_for(society_id=found.society_id, act=Approval.DECIDE, subject_id=found.pk)
    return {
        "offer": found,
        "working": working,
        "back_pence": working.cleared_pence - working.allotted_pence,
        "cut": sum(1 for line in working.lines if line.back_pence),
        "page": Paginator(working.lines, A_PAGE).get_page(request.GET.get("page")),
        "approval": approval,
        "is_mine": approval is not None and approval.prepared_by_id == request.user.pk,
        "has_changed": approval is not None and not approvals.fits(approval, working.facts()),
    }


@require_safe
@guards.officer(officers.LOOK)
def minute(request, society, offer):
    """The minute of the decision as a PDF: a draft before it, the record after it."""
    found = offer_or_404(society, offer)
    if found.state == OfferState.DRAFT:
        raise Http404
    try:
        working = allotment.as_decided(found) if found.is_decided() else allotment.work_out(found)
    except RuleBroken as refusal:
        messages.error(request, refusal.problems[0].message)
        return redirect("office:offer", society.slug, offer)
    pdf = minute_pdf.draw(working, decided_on=found.decided_on or clock.today())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="minute-{found.slug}.pdf"'
    return response
