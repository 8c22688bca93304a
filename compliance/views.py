"""Certificates to look at: the public page behind the QR code, which names nobody, and for its owner file and page."""

from __future__ import annotations

from datetime import date

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.forms import posted
from common.money import as_pounds
from compliance import certificate_words, checking
from compliance.forms import CheckForm
from compliance.models import Certificate, CertificateEnd
from members import signing_keys


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


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request):
    """Whether a file is the very one that was issued. The file is looked at and forgotten; twenty a minute."""
    if request.method == "POST" and (refusal := ratelimit.consume_or_429(request, action="certificate_check")):
        return refusal
    is_cut = int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    form = CheckForm(posted(request), request.FILES or None, is_cut=is_cut)
    said = {"form": form}
    if request.method == "POST" and form.is_valid():
        finding = checking.look_at(form.cleaned_data["file"].read())
        said |= {"finding": finding, "form": CheckForm()}
        if finding.is_ours:
            said |= _context(finding.certificate)
    return render(request, "compliance/check.html", said)


def certificate_file(certificate: Certificate) -> HttpResponse:
    """A certificate as a signed PDF to open, for doors that have seen who may have it."""
    pdf = signing_keys.signed_file(certificate)
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
