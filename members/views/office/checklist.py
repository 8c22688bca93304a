"""The checklist of an offer on its officers' desk: a task list, and each item with its answer and who looked at it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.forms import posted
from compliance import risk_wording, words_not_said
from compliance.checklist import words
from members.forms.checklist import AnswerForm, ReviewForm
from members.views.office import guards
from members.views.office.offers import offer_or_404
from offers import officers, story
from offers.checklist import answering, standing
from offers.checklist.standing import Standing
from offers.choices import OfferState
from offers.models import ShareOffer, Society
from offers.views import papers, said

PAGES = {"rules": "offers:rules"}
POLICIES = ("complaints", "privacy")


@require_safe
@guards.officer(officers.LOOK)
def checklist(request, society, offer):
    """Every item in its part: how it stands, who looked at it and when."""
    found = offer_or_404(society, offer)
    items = standing.of(found)
    parts = [
        {"title": title, "tasks": [_task(society, found, one) for one in items if one.item.part == name]}
        for name, title in words.PARTS.items()
    ]
    context = guards.page(
        request,
        society,
        "office:offers",
        offer=found,
        parts=[part for part in parts if part["tasks"]],
        number=len(items),
        done=sum(not one.is_open for one in items),
        must=sum(one.is_open and one.item.is_must for one in items),
        is_draft=found.state == OfferState.DRAFT,
    )
    return render(request, "office/checklist.html", context)


def _task(society: Society, offer: ShareOffer, one: Standing) -> dict:
    tag, kind = tag_of(one)
    return {
        "number": one.item.number,
        "label": one.item.title,
        "url": reverse("office:checklist-item", args=[society.slug, offer.slug, one.item.number]),
        "is_must": one.item.is_must,
        "hint": _hint(one),
        "status": tag,
        "kind": kind,
    }


def tag_of(one: Standing) -> tuple[str, str]:
    """A status in words, and the colour of its tag."""
    if one.by_data or one.state == standing.REVIEWED:
        return (_("Answered") if one.by_data else _("Reviewed")), "done"
    words_of = {
        standing.NOT_STARTED: (_("Not started"), ""),
        standing.WANTED: (_("Needs an answer"), "wrong" if one.item.is_must else "due"),
        standing.ANSWERED: (_("Answered, to review"), "due"),
    }
    return words_of[one.state]


def _hint(one: Standing) -> str:
    if one.by_data:
        return _("From the terms and the society’s particulars")
    if one.review and one.review.passed:
        of = {"who": one.review.reviewed_by, "on": clock.london(one.review.reviewed_at).strftime("%-d %B %Y")}
        return _("Reviewed by %(who)s on %(on)s") % of
    if one.why:
        return one.why
    if one.answer:
        return _("Answered by %(who)s") % {"who": one.answer.answered_by}
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def item(request, society, offer, number):
    """One item: what it asks and where that comes from, what the offer says, and a second officer's look."""
    found = offer_or_404(society, offer)
    one = _standing_or_404(found, number)
    form, review = _forms(request, found, one)
    if request.method == "POST":
        if officers.OFFERS not in request.rights:
            raise PermissionDenied
        if done := _act(request, found, one, form, review):
            return done
        one = _standing_or_404(found, number)
    return render(request, "office/checklist_item.html", _context(request, society, found, one, form, review))


def _standing_or_404(offer: ShareOffer, number: int) -> Standing:
    for one in standing.of(offer):
        if one.item.number == number:
            return one
    raise Http404


def _forms(request, offer: ShareOffer, one: Standing) -> tuple[AnswerForm, ReviewForm]:
    act, answer = request.POST.get("act"), one.answer
    is_cut = int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    initial = {"words": answer.words, "heading": answer.heading, "url": answer.url} if answer else {}
    data, files = (posted(request), request.FILES or None) if act != "review" and act != "send-back" else (None, None)
    form = AnswerForm(data, files, offer=offer, answer=answer, is_cut=is_cut, initial=initial)
    return form, ReviewForm(posted(request) if data is None else None)


def _act(request, offer: ShareOffer, one: Standing, form: AnswerForm, review: ReviewForm):
    """Save an answer, or look at it; None where something is to be mended first."""
    here = redirect("office:checklist-item", offer.society.slug, offer.slug, one.item.number)
    act, bound = request.POST.get("act"), form
    try:
        if act in ("review", "send-back"):
            bound = review
            if not review.is_valid():
                return None
            _review(request, offer, one, act == "review", review.cleaned_data["note"])
            return redirect("office:checklist", offer.society.slug, offer.slug)
        if not form.is_valid():
            return None
        answer = answering.answer(offer, number=one.item.number, by=request.user, **form.said())
        messages.success(request, _("Saved. Another officer must look at it.") if answer.says_something
                         else _("The answer is taken back."))  # fmt: skip
        return here
    except ValidationError as refusal:
        if bound is review and not hasattr(refusal, "error_dict"):
            messages.error(request, refusal.messages[0])
            return here  # what they had before them is another answer now
        _at_fields(bound, refusal)
        return None


def _review(request, offer: ShareOffer, one: Standing, passed: bool, note: str) -> None:
    answering.review(
        offer,
        number=one.item.number,
        said_sha256=request.POST.get("said", ""),
        passed=passed,
        note="" if passed else note,
        by=request.user,
    )
    messages.success(request, _("Reviewed.") if passed else _("Sent back, with your reason."))


def _at_fields(form, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, words_of in refusal.message_dict.items():
        form.add_error(name if name in form.fields else None, words_of)


def _context(request, society, found: ShareOffer, one: Standing, form: AnswerForm, review: ReviewForm) -> dict:
    answer, rules = one.answer, society.law(clock.today())
    typed = form.data.get("words", "") if form.is_bound else (answer.words if answer else "")
    tag, kind = tag_of(one)
    return guards.page(
        request,
        society,
        "office:offers",
        offer=found,
        one=one,
        item=one.item,
        tag=tag,
        kind=kind,
        form=form if one.item.is_written and not one.by_data else review,
        review=review,
        summary=review if review.is_bound else form,
        answer_html=story.html(answer.words) if answer else "",
        section_html=story.html(story.sections(found.story).get(answer.heading, "")) if answer else "",
        shown=_shown(society, found, one),
        change=_change(society, found, one),
        is_draft=found.state == OfferState.DRAFT,
        is_mine=answer is not None and answer.answered_by_id == request.user.pk,
        wrong_words=words_not_said.advice(risk_wording.found_in(typed, rules)),
        words_not_said=words_not_said.advice(rules.figure("words_not_said").value),
        words_allowed=rules.figure("words_allowed").value,
    )


def _shown(society: Society, offer: ShareOffer, one: Standing) -> str:
    """Where applicants read it; empty while it is said nowhere."""
    page, _sign, anchor = one.item.shown.partition("#")
    if one.by_data and page in POLICIES:
        return reverse("offers:policy", args=[society.slug, page])
    if one.by_data and page in PAGES:
        return reverse(PAGES[page], args=[society.slug])
    if not one.by_data:
        if one.answer is None or not one.answer.says_something:
            return ""
        only_story = one.answer.heading and not (one.answer.words or one.answer.url or one.answer.file_sha256)
        anchor = story.anchor(one.answer.heading) if only_story else said.anchor(one.item.number)
    name = "office:offer-preview" if offer.state == OfferState.DRAFT else "offers:offer"
    return f"{reverse(name, args=[society.slug, offer.slug])}#{anchor}"


def _change(society: Society, offer: ShareOffer, one: Standing) -> str:
    """The field in which an officer enters it; empty for fixed words and for the society's particulars."""
    field = one.item.change
    if field == "rules":
        return reverse("office:rules", args=[society.slug])
    if not field or field == "society" or offer.state != OfferState.DRAFT:
        return ""
    return reverse("office:offer-edit", args=[society.slug, offer.slug]) + f"#id_{field}"


@require_safe
@guards.officer(officers.LOOK)
def paper(request, society, offer, number):
    """The paper that is put to an item, of a draft too."""
    return papers.paper_response(offer_or_404(society, offer), number)
