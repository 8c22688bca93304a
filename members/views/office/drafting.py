"""Writing an offer before it is published, and looking at it as applicants will."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.forms import posted
from compliance import risk, risk_wording, words_not_said
from members.forms.offer import OfferForm
from members.views.office import guards
from members.views.office.offers import offer_or_404
from offers import officers, progress, story, versions
from offers.choices import OfferState
from offers.models import ShareOffer, Society
from offers.views import said
from offers.views.public import nomination_limit


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.OFFERS)
def new(request, society):
    """Begin a draft."""
    opens_on = clock.today() + timedelta(days=14)
    initial = {"opens_on": opens_on, "closes_on": opens_on + timedelta(days=60)}
    return _form(request, society, OfferForm(posted(request), society=society, initial=initial), None)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.OFFERS)
def edit(request, society, offer):
    """Change a draft. What is published stands."""
    found = offer_or_404(society, offer)
    if found.state != OfferState.DRAFT:
        raise Http404
    return _form(request, society, OfferForm(posted(request), society=society, instance=found), found)


def _form(request, society: Society, form: OfferForm, found: ShareOffer | None):
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.save()
            messages.success(request, _("Saved. Nobody outside can see it before it is published."))
            for one in _wrong_words(society, f"{saved.title}\n{saved.summary}\n{saved.story}"):
                messages.warning(request, f"“{one.word}”: {one.why} {one.instead}")
            return redirect("office:offer", society.slug, saved.slug)
        except (IntegrityError, ShareOffer.DoesNotExist):  # pressed twice, or another officer, at this very moment
            form.add_error(None, _("The offer has just been saved or published from elsewhere. Look at it first."))
    rules = society.law(clock.today())
    texts = [str(form[name].value() or "") for name in ("title", "summary", "story")]
    context = guards.page(
        request,
        society,
        "office:offers",
        form=form,
        offer=found,
        wrong_words=_wrong_words(society, "\n".join(texts)),
        words_not_said=words_not_said.advice(rules.figure("words_not_said").value),
        words_allowed=rules.figure("words_allowed").value,
    )
    return render(request, "office/draft.html", context)


def _wrong_words(society: Society, text: str) -> list[words_not_said.NotSaid]:
    """What a text says and may not say, with why and what to say instead."""
    return words_not_said.advice(risk_wording.found_in(text, society.law(clock.today())))


@require_safe
@guards.officer(officers.LOOK)
def preview(request, society, offer):
    """The offer's page as applicants will see it."""
    found = offer_or_404(society, offer)
    context = {
        "society": society,
        "offer": found,
        "is_open": False,
        "not_yet": True,
        "progress": progress.of(found),
        "story": story.html(found.story),
        "rules": versions.rule_book(society, max(found.opens_on, clock.today())),
        "law": society.law(clock.today()),
        "tiers": list(found.tiers.all()),
        "matches": list(found.matches.all()),
        "says": said.parts(found, lambda number: reverse("office:checklist-paper", args=[society.slug, offer, number])),
        "nomination": nomination_limit(found),
        "risk": risk,
        "preview": True,
    }
    return render(request, "offers/offer.html", context)
