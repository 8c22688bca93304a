"""Certificates on an officer's desk: the book of all numbers, and certificates in bulk, as files or to print."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from common import audit
from common.forms import posted
from compliance import certificate_bulk
from compliance.models import Certificate, CertificateEnd
from compliance.views import certificate_file, certificate_page
from members import register as registers
from members import signing_keys
from members.certificates import replace_by_new
from members.forms.office import CertificatesForm, ReplaceForm
from members.models import LedgerEntry
from members.views.office import guards
from members.views.office.table_pages import A_PAGE, TablePages, query
from offers import officers
from offers.models import ShareOffer, Society

ZIP, SIGNED, PDF = "zip", "signed", "pdf"
CHUNK = 500  # certificates read at a time while they are sent


def standing(society: Society, offer: ShareOffer | None = None):
    """The certificates that stand, of one offer or of the society, by number."""
    found = Certificate.objects.filter(society=society, end=None)
    if offer is not None:
        first = LedgerEntry.objects.filter(society=society, offer=offer).values("certificate")
        found = found.filter(Q(pk__in=first) | Q(pk__in=_successors(society, first)))
    return found.order_by("number")


def _successors(society: Society, first) -> list:
    """Keys of the certificates that took the place of these, one after another."""
    ends = CertificateEnd.objects.filter(society=society, replaced_by__isnull=False)
    of = dict(ends.values_list("certificate_id", "replaced_by_id"))
    found = [of[key] for key in ends.filter(certificate__in=first).values_list("certificate_id", flat=True)]
    for key in found:  # grows while it is walked
        if key in of:
            found.append(of[key])
    return found


def in_bulk(certificates) -> dict:
    """What a page says before they are loaded: how many there are, and about how large they will be."""
    number = certificates.count()
    return {
        "certificates": number,
        "zip_bytes": number * certificate_bulk.A_FILE,
        "pdf_bytes": number * certificate_bulk.A_PAGE,
    }


@require_safe
@guards.officer(officers.LOOK)
def book(request, society):
    """Every certificate ever issued, by number, with what became of it."""
    form = CertificatesForm(request.GET or None)
    asked = {}
    if form.is_valid():
        asked = {"state": form.cleaned_data["state"], "search": form.cleaned_data["search"].strip()}
    page = Paginator(TablePages(registers.certificate_book(society, **asked)), A_PAGE).get_page(request.GET.get("page"))
    context = guards.page(
        request,
        society,
        "office:register",
        form=form,
        page=page,
        query=query(request),
        **in_bulk(standing(society)),
    )
    return render(request, "office/certificates.html", context)


@require_safe
@guards.officer(officers.REGISTER)
def bulk(request, society, kind, offer=None):
    """All certificates that stand, of the society or of one offer, made while they are sent."""
    found = get_object_or_404(ShareOffer, society=society, slug=offer) if offer else None
    certificates = standing(society, found)
    number = certificates.count()
    if not number:
        messages.info(request, _("There is no valid certificate here."))
        return redirect("office:offer", society.slug, offer) if found else redirect("office:certificates", society.slug)
    audit.note("certificates.download", society_id=society.pk, subject_id=found.pk if found else society.pk,
               by=request.user, kind=kind, number=number)  # fmt: skip
    rows = certificates.iterator(chunk_size=CHUNK)
    ending, told = ("pdf", "application/pdf") if kind == PDF else ("zip", "application/zip")
    if kind == ZIP:
        content = certificate_bulk.as_zip(rows)
    elif kind == SIGNED:
        content = certificate_bulk.as_zip(rows, by=signing_keys.signer(society.pk))
    else:
        with override("en-gb"):
            title = _("Share certificates: %(of)s") % {"of": found.title if found else society.registered_name}
        content = certificate_bulk.to_print(rows, title=title)
    name = "-".join([society.slug, *([found.slug] if found else []), f"certificates.{ending}"])
    return StreamingHttpResponse(
        content, content_type=told, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _certificate_or_404(society: Society, number: int, certificate: int) -> Certificate:
    rows = Certificate.objects.select_related("end__replaced_by", "society")
    return get_object_or_404(rows, society=society, member__number=number, number=certificate)


@require_safe
@guards.officer(officers.LOOK)
def certificate(request, society, number, certificate):
    """A member's certificate as a PDF."""
    return certificate_file(_certificate_or_404(society, number, certificate))


@require_safe
@guards.officer(officers.LOOK)
def page(request, society, number, certificate):
    """The same certificate as a page."""
    found = _certificate_or_404(society, number, certificate)
    places = [society.slug, number]
    may = {officers.REGISTER, officers.DECIDE} <= request.rights
    return certificate_page(
        request,
        found,
        layout="officer.html",
        pdf=reverse("office:certificate", args=[*places, certificate]),
        replace=reverse("office:certificate-replace", args=[*places, certificate]) if may else "",
        back=(reverse("office:member", args=places), _("Member %(number)s") % {"number": number}),
        **guards.page(request, society, "office:register"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.REGISTER)
def replace(request, society, number, certificate):
    """Say what a new certificate does to the old one, ask why, and issue it. Not for auditors."""
    if officers.DECIDE not in request.rights:
        raise Http404
    found = _certificate_or_404(society, number, certificate)
    form = ReplaceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            new = replace_by_new(found, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("Certificate %(number)s is issued.") % {"number": new.number})
            return redirect("office:certificate-page", society.slug, number, new.number)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = guards.page(request, society, "office:register", certificate=found, form=form)
    return render(request, "office/replace_certificate.html", context)
