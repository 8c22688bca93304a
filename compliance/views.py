"""Certificates to look at: the public page behind the QR code, which names nobody, and for its owner file and page."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.money import as_pounds
from compliance import certificate_pdf, certificate_words
from compliance.models import Certificate, CertificateEnd


@login_not_required
@require_safe
@never_cache
def verify(request, token):
    """Valid, replaced or withdrawn, with what the paper must say to be the one that was issued. 404 if unknown.

    Whoever has the token has the paper before them; the holder's name and address are not shown, nor why a
    certificate was ended, for that may name somebody.
    """
    certificate = Certificate.objects.select_related("society", "end__replaced_by").filter(token=token).first()
    if certificate is None:
        return render(request, "compliance/verify_unknown.html", status=404)
    return render(request, "compliance/verify.html", _context(certificate))


def certificate_file(certificate: Certificate) -> HttpResponse:
    """A certificate as a PDF to open, for doors that have seen who may have it."""
    pdf = certificate_pdf.draw(certificate.facts, token=certificate.token)
    name = f"certificate-{certificate.number}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def certificate_page(request, certificate: Certificate, *, layout: str, pdf: str, back: tuple, **more) -> HttpResponse:
    """A certificate as a page, for doors that have seen who may have it: what the PDF says, for every reader.

    `layout`: the template it stands in; `pdf`: where the file is; `back`: address and name of the page before.
    """
    with override("en-gb"):  # the words are part of what was issued
        words = certificate_words.said(certificate.facts, token=certificate.token)
        paper = render_to_string("compliance/certificate_paper.html", words)
    said = {"layout": layout, "pdf": pdf, "back": back, "paper": paper, "certificate": certificate}
    return render(request, "compliance/certificate.html", more | said | _standing(certificate))


def _standing(certificate: Certificate) -> dict:
    end = getattr(certificate, "end", None)
    return {
        "end": end,
        "status": end.kind if end else "valid",
        "is_replaced": end is not None and end.kind == CertificateEnd.REPLACED,
    }


def _context(certificate: Certificate) -> dict:
    facts = certificate.facts
    nominal = as_pounds(facts["share_class"]["nominal_pence"])
    shares = _("%(class)s of %(nominal)s") % {"class": facts["share_class"]["name"], "nominal": nominal}
    return {
        "society": certificate.society,
        "said": facts["society"],
        "number": certificate.number,
        "issued_on": date.fromisoformat(facts["issued_on"]),
        **_standing(certificate),
        "facts": [
            {"label": _("Society"), "value": facts["society"]["registered_name"]},
            {"label": _("Register number"), "value": facts["society"]["register_number"]},
            {"label": _("Certificate number"), "value": facts["number"]},
            {"label": _("Number of shares"), "value": f"{facts['shares']:,}", "note": shares},
            {"label": _("Value"), "value": as_pounds(facts["amount_pence"])},
        ],
    }
