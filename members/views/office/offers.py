"""A society's offers on its officers' desk: how each stands, publishing by two, moving the last day, closing early."""

from __future__ import annotations

import dataclasses

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.forms import posted
from compliance import approvals
from compliance.answers import LAW, Answer, RuleBroken, hard, warnings
from compliance.models import Approval
from compliance.questions import CouldNotAsk
from members import allotment, holdings
from members.forms.office import ExtendForm
from members.forms.publishing import ReasonsForm
from members.views.office import certificates, guards
from offers import lifecycle, officers, progress
from offers.checklist import standing
from offers.choices import OfferState
from offers.models import Application, ShareOffer, Society
from payments import accounts, collecting, ways


def offer_or_404(society: Society, slug: str) -> ShareOffer:
    """An offer of the society, a draft too."""
    rows = ShareOffer.objects.select_related("society", "share_class")
    return get_object_or_404(rows, society=society, slug=slug)


@require_safe
@guards.officer(officers.LOOK)
def listing(request, society):
    """Every offer, the newest first."""
    offers = ShareOffer.objects.filter(society=society).select_related("share_class").order_by("-opens_on", "title")
    items = [{"offer": offer, "progress": progress.of(offer)} for offer in offers]
    return render(request, "office/offers.html", guards.page(request, society, "office:offers", items=items))


@require_safe
@guards.officer(officers.LOOK)
def offer(request, society, offer):
    """One offer: its figures, what may be done with it now, its versions."""
    found = offer_or_404(society, offer)
    applications = Application.objects.filter(society=society, offer=found)
    context = guards.page(
        request,
        society,
        "office:offers",
        offer=found,
        progress=progress.of(found),
        tiers=list(found.tiers.all()),
        matches=list(found.matches.all()),
        versions=list(found.versions.select_related("published_by")),
        number=applications.count(),
        promises=collecting.kept_apart(found),
        earliest=allotment.earliest(found) if found.state in (OfferState.PUBLISHED, OfferState.CLOSED) else None,
        is_open=found.is_open(),
        checklist=_checklist_so_far(found),
        may_decide=allotment.may_be_decided(found),
        **certificates.in_bulk(certificates.standing(society, found)),
    )
    return render(request, "office/offer.html", context)


def _checklist_so_far(found: ShareOffer) -> dict:
    """How much of a draft's checklist is done, and how many musts are open; nothing once it is published."""
    items = standing.of(found) if found.state == OfferState.DRAFT else []
    return {
        "number": len(items),
        "done": sum(not one.is_open for one in items),
        "must": sum(one.is_open and one.item.is_must for one in items),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.OFFERS)
def publish(request, society, offer):
    """The checklist; one officer prepares the publication, another approves it and the offer is published."""
    found = offer_or_404(society, offer)
    if found.state != OfferState.DRAFT:
        return redirect("office:offer", society.slug, offer)
    if request.method == "POST" and found.cards_accepted:
        accounts.look_again(found.society_id)
    members = holdings.member_count(society.pk, on=clock.today())
    answers = _checklist(found, members)
    form = ReasonsForm(posted(request), warnings=warnings(answers))
    if request.method == "POST":
        try:
            if done := _publish(request, found, members, answers, form):
                return done
        except (approvals.NotApproved, ValidationError, RuleBroken) as refusal:
            if ShareOffer.objects.get(pk=found.pk, society=society).state != OfferState.DRAFT:
                return redirect("office:offer", society.slug, offer)  # the button was pressed twice
            for words in _words(refusal):
                messages.error(request, words)
    approval = approvals.waiting_for(society_id=society.pk, act=Approval.PUBLISH, subject_id=found.pk)
    reasons = approval.facts.get("reasons", {}) if approval else {}
    context = guards.page(
        request,
        society,
        "office:offers",
        offer=found,
        answers=answers,
        stops=bool(hard(answers)),
        form=form if request.POST.get("act") == "prepare" else ReasonsForm(warnings=warnings(answers)),
        given=[(answer, reasons.get(answer.question, "")) for answer in warnings(answers)],
        approval=approval,
        is_mine=approval is not None and approval.prepared_by_id == request.user.pk,
    )
    return render(request, "office/publish.html", context)


def _checklist(found: ShareOffer, members: int) -> list[Answer]:
    """The checklist, or the one rule that could not be asked: then nothing is published."""
    try:
        return lifecycle.checklist(found, member_count=members, more=ways.publishing_answers(found))
    except CouldNotAsk as refusal:
        return [dataclasses.replace(problem, level=LAW) for problem in refusal.problems]


def _publish(request, found: ShareOffer, members: int, answers: list[Answer], form: ReasonsForm):
    """Prepare, or approve and publish; None where a warning has no reason yet."""
    if request.POST.get("act") == "approve":
        lifecycle.approve_publication(found, by=request.user)
        lifecycle.publish(found, by=request.user, member_count=members, more=ways.publishing_answers(found))
        messages.success(request, _("The offer is published."))
        return redirect("office:offer", found.society.slug, found.slug)
    if stopping := hard(answers):
        raise RuleBroken(stopping)
    if not form.is_valid():
        return None
    lifecycle.prepare_publication(found, by=request.user, reasons=form.reasons())
    messages.success(request, _("Prepared. Ask another officer to sign in, look at it, and publish it."))
    return redirect("office:offer-publish", found.society.slug, found.slug)


def _words(refusal) -> list[str]:
    if isinstance(refusal, RuleBroken):
        return [problem.message for problem in refusal.problems]
    return refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.OFFERS)
def extend(request, society, offer):
    """Move the last day of an offer."""
    found = offer_or_404(society, offer)
    if found.state != OfferState.PUBLISHED or found.closes_on is None:
        raise Http404
    form = ExtendForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            ways.extend(found, to=said["closes_on"], by=request.user, reason=said["reason"])
            messages.success(request, _("The last day is moved. Everybody who looks at the offer sees the new one."))
            return redirect("office:offer", society.slug, offer)
        except ValidationError as refusal:
            form.add_error("closes_on", refusal)
        except RuleBroken as refusal:
            form.add_error("reason", [f"{problem.message} ({problem.source})" for problem in refusal.problems])
    context = guards.page(request, society, "office:offers", offer=found, form=form)
    return render(request, "office/extend.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.OFFERS)
def close(request, society, offer):
    """Ask once more, then close the offer now."""
    found = offer_or_404(society, offer)
    if request.method == "POST" and found.state == OfferState.CLOSED:
        return redirect("office:offer", society.slug, offer)  # the button was pressed twice
    if found.state != OfferState.PUBLISHED:
        raise Http404
    if request.method == "POST":
        try:
            lifecycle.close(found, by=request.user)
            messages.success(request, _("The offer is closed. What was applied for in time may still be paid."))
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        return redirect("office:offer", society.slug, offer)
    return render(request, "office/close.html", guards.page(request, society, "office:offers", offer=found))
