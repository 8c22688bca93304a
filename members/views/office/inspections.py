"""Showing the register under s.103: who asked is written down first, then the screen opens for one sitting."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.forms import posted
from members import inspections as showing
from members.forms.statutory import InspectionForm
from members.models import Inspection
from members.views.office import guards
from members.views.office.table_pages import A_PAGE, TablePages
from offers import officers


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.REGISTER)
def inspections(request, society):
    """Everybody to whom the register was shown; another showing begins here."""
    if request.method == "POST" and officers.DECIDE not in request.rights:
        raise PermissionDenied
    form = InspectionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        begun = showing.begin(society, asked_by_name=said["asked_by_name"], capacity=said["capacity"],
                              reason=said["reason"], on=said["on"] or clock.today(), by=request.user)  # fmt: skip
        return redirect("office:inspection", society.slug, begun.pk)
    rows = Inspection.objects.filter(society=society).select_related("shown_by")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = guards.page(request, society, "office:register", form=form, page=page)
    return render(request, "office/inspections.html", context)


@require_safe
@guards.officer(officers.REGISTER)
def shown(request, society, key):
    """The open columns of the register, marked with who sees them and when. For the officer who began the sitting."""
    found = get_object_or_404(
        Inspection.objects.select_related("society"), society=society, pk=key, shown_by=request.user
    )
    if not showing.is_open(found):
        raise Http404
    page = Paginator(TablePages(showing.shown(found)), A_PAGE).get_page(request.GET.get("page"))
    context = guards.page(
        request, society, "office:register", inspection=found, page=page, until=found.shown_at + showing.LASTS,
        marks=range(8 + len(page.object_list)),
    )  # fmt: skip
    return render(request, "office/inspection.html", context)
