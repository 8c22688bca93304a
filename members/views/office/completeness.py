"""What the register lacks: of whom, asking them, and taking their answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from members import completeness as complete
from members import particulars_requests as requests_of
from members.models import ParticularsRequest
from members.views.office import guards
from members.views.office.register import member_or_404
from offers import officers
from offers.models import Society


class Lacking:
    """Members who lack something, for Django's paginator: counted once, read a page at a time."""

    def __init__(self, society: Society):
        self.society = society

    @cached_property
    def of(self) -> complete.Completeness:
        return complete.of(self.society)

    def count(self) -> int:
        return self.of.members - self.of.complete

    __len__ = count

    def __getitem__(self, part: slice) -> list[complete.Lacking]:
        return complete.lacking(self.society, most=part.stop - part.start, skip=part.start)


@require_safe
@guards.officer(officers.REGISTER)
def completeness(request, society):
    """How complete the register is, who lacks which particular, and the answers that wait."""
    lacking = Lacking(society)
    page = Paginator(lacking, 50).get_page(request.GET.get("page"))
    open_requests = ParticularsRequest.objects.filter(society=society, decided_at=None).select_related("member")
    context = guards.page(
        request, society, "office:register", page=page, of=lacking.of,
        asked={row.member.number for row in open_requests}, waiting=requests_of.waiting(society),
    )  # fmt: skip
    return render(request, "office/completeness.html", context)


@require_POST
@guards.officer(officers.REGISTER)
def ask(request, society, number):
    """Send a member the link at which they say what is missing."""
    if officers.DECIDE not in request.rights:
        raise Http404
    try:
        requests_of.ask(member_or_404(society, number), by=request.user)
        messages.success(request, _("The link is on its way. The answer will wait here for you."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("office:completeness", society.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.REGISTER)
def decide(request, society, key):
    """An answer beside what the register says; taking it or leaving it."""
    if officers.DECIDE not in request.rights:
        raise Http404
    rows = ParticularsRequest.objects.select_related("member")
    found = get_object_or_404(rows, society=society, pk=key, answered_at__isnull=False)
    if request.method == "POST":
        try:
            if "accept" in request.POST:
                requests_of.accept(found, on=clock.today(), by=request.user)
                messages.success(request, _("The register says so from today on."))
            else:
                requests_of.decline(found, by=request.user)
                messages.success(request, _("The register stays as it is."))
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        return redirect("office:completeness", society.slug)
    context = guards.page(
        request, society, "office:register", asked=found, now=requests_of.newest(found.member)
    )  # fmt: skip
    return render(request, "office/particulars_decide.html", context)
