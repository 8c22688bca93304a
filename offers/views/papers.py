"""Papers of an offer: those that officers put to its checklist, and its own summary."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offers import summary_pdf
from offers.checklist import standing
from offers.models import ChecklistAnswer, ShareOffer
from offers.views.public import offer_or_404


def paper_response(offer: ShareOffer, number: int) -> HttpResponse:
    """The paper of an item as a file to keep; 404 where there is none."""
    newest = standing.newest_answers(offer).get(number)
    if newest is None or not newest.file_sha256:
        raise Http404
    row = ChecklistAnswer.objects.only("file").get(pk=newest.pk, society_id=offer.society_id)
    return _pdf(bytes(row.file), f"{offer.slug}-{number}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


@require_safe
@login_not_required
def paper(request, society, offer, number):
    """A paper of a published offer, such as its business plan."""
    return paper_response(offer_or_404(society, offer), number)


@require_safe
@login_not_required
def summary(request, society, offer):
    """A published offer on one sheet, the risk first."""
    found = offer_or_404(society, offer)
    return _pdf(summary_pdf.draw(found), f"{found.slug}-{_('summary')}.pdf")
