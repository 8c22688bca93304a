"""The summary of an offer on one sheet of A4: what it is for, its terms, and the risk in its locked words."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from common import pdf
from compliance import risk
from compliance.certificate_paper import ACCENTS, emblem_of
from compliance.engraving import put_under
from offers import versions
from offers.models import ShareOffer


def draw(offer: ShareOffer) -> bytes:
    """The summary of a published offer, in the reader's language. The same version gives the same bytes."""
    society = offer.society
    html = render_to_string(
        "pdf/offer.html",
        {
            "offer": offer,
            "society": society,
            "law": society.law(offer.opens_on),
            "rules": versions.rule_book(society, offer.opens_on),
            "version": versions.current(offer),
            "risk": risk,
            "accent": ACCENTS.get(society.accent, ACCENTS["tide"])[0],
            "address": settings.SITE_URL + reverse("offers:offer", args=[society.slug, offer.slug]),
        },
    )
    document = pdf.lay_out(html, style="offer")
    emblem = emblem_of(society.register_number, society.accent)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return pdf.write(document, identifier=identifier, finisher=lambda _document, made: put_under(made, emblem))
