"""What anybody may see: the offers there are, a society, an offer, the society's own small print."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from common import clock
from common.cached import public_page
from compliance import figures, risk
from compliance.rulesets import Figure, NoFigure
from offers import explained, progress, reservations, story, versions
from offers.choices import OfferState
from offers.models import ShareOffer, Society
from offers.views import said

POLICIES = ("privacy", "terms", "complaints", "contact", "accessibility")


def published_offers():
    """Offers that anybody may see, the newest first."""
    return (
        ShareOffer.objects.exclude(state=OfferState.DRAFT)
        .select_related("society", "share_class")
        .order_by("-opens_on", "title")
    )


@login_not_required
@public_page
def home(request):
    """Every published offer: open ones first."""
    offers = list(published_offers()[:100])
    is_open = [offer for offer in offers if offer.is_open()]
    coming = [offer for offer in offers if offer.state == OfferState.PUBLISHED and offer.opens_on > clock.today()]
    past = [offer for offer in offers if offer not in is_open and offer not in coming]
    groups = {"open": _with_progress(is_open), "coming": _with_progress(coming), "past": _with_progress(past)}
    return render(request, "offers/home.html", {"groups": groups, "risk": risk})


def _with_progress(offers: list[ShareOffer]) -> list[dict]:
    return [{"offer": offer, "progress": progress.of(offer)} for offer in offers]


@login_not_required
@public_page
def society(request, society):
    """A society: who it is, its rules in short, its offers and what became of them."""
    found = get_object_or_404(Society, slug=society)
    offers = list(published_offers().filter(society=found))
    context = {
        "society": found,
        "rules": versions.rule_book(found, clock.today()),
        "law": found.law(clock.today()),
        "offers": _with_progress(offers),
    }
    return render(request, "offers/society.html", context)


@login_not_required
@public_page
def rules(request, society):
    """The society's limits in plain English, from the figures that enforce them."""
    found = get_object_or_404(Society, slug=society)
    today = clock.today()
    law = found.law(today)
    context = {
        "society": found,
        "sections": explained.explain(found, today),
        "law": law,
        "rules": versions.rule_book(found, today),
        "figures": [
            {
                "label": figures.label(one),
                "value": figures.value(one),
                "source": one.source,
                "confidence": one.confidence,
            }
            for one in law.confirmed()
        ],
        "offers": [offer for offer in published_offers().filter(society=found) if offer.is_open()],
    }
    return render(request, "offers/rules.html", context)


def offer_or_404(society: str, offer: str) -> ShareOffer:
    """A published offer of a society, by their slugs."""
    return get_object_or_404(published_offers(), society__slug=society, slug=offer)


@login_not_required
@public_page
def offer(request, society, offer):
    """The offer as applicants see it: what for, how far, the risk, the terms, how to apply."""
    found = offer_or_404(society, offer)
    is_full = reservations.is_full(found)
    context = {
        "society": found.society,
        "offer": found,
        "is_open": found.is_open() and not is_full,
        "is_full": is_full,
        "not_yet": found.opens_on > clock.today(),
        "progress": progress.of(found),
        "story": story.html(found.story),
        "rules": versions.rule_book(found.society, max(found.opens_on, clock.today())),
        "law": found.society.law(clock.today()),
        "version": versions.current(found),
        "tiers": list(found.tiers.all()),
        "matches": list(found.matches.all()),
        "says": said.parts(found, lambda number: reverse("offers:paper", args=[society, offer, number])),
        "nomination": nomination_limit(found),
        "risk": risk,
    }
    return render(request, "offers/offer.html", context)


def nomination_limit(offer: ShareOffer) -> Figure | None:
    """How much passes by a nomination at death, where the law's figure is confirmed."""
    try:
        return offer.society.law(offer.opens_on).figure("nomination_most_pence")
    except NoFigure:
        return None


@login_not_required
@public_page
def policy(request, society, page):
    """Privacy, terms, complaints, contact and accessibility, from the society's own particulars."""
    if page not in POLICIES:
        raise Http404
    found = get_object_or_404(Society, slug=society)
    context = {"society": found, "law": found.law(clock.today()), "rules": versions.rule_book(found, clock.today())}
    return render(request, f"offers/policies/{page}.html", context)
