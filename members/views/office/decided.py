"""What the rules decided in a society: refusals with their arithmetic, and warnings that an officer went past."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from compliance.catalogue import RULES_BY_ID
from compliance.models import Decision
from members.forms.decided import ALL, NOES, REASONS, FindDecisionsForm
from members.views.office import guards
from members.views.office.table_pages import query
from offers import officers
from offers.models import Application, ShareOffer, Society

A_PAGE = 50


@require_safe
@guards.officer(officers.LOOK)
def decisions(request, society):
    """Decisions, the newest first, each with what it was asked of."""
    form = FindDecisionsForm(request.GET or None)
    said = form.cleaned_data if form.is_valid() else {}
    rows = Decision.objects.filter(society=society).select_related("override__given_by", "override__approved_by")
    what = said.get("what") or NOES
    if what != ALL:
        rows = rows.filter(override__isnull=False) if what == REASONS else rows.filter(passed=False)
    if said.get("rule"):
        rows = rows.filter(rule=said["rule"])
    page = Paginator(rows.order_by("-decided_at", "-id"), A_PAGE).get_page(request.GET.get("page"))
    shown = {"form": form, "page": page, "query": query(request), "rows": _shown(society, page)}
    context = guards.page(request, society, "office:rules", **shown)
    return render(request, "office/decisions.html", context)


def _shown(society: Society, page) -> list[dict]:
    """Each decision with what its rule says and where its subject is."""
    keys = [row.subject_id for row in page]
    applications = Application.objects.filter(society=society, pk__in=keys).in_bulk()
    offers = ShareOffer.objects.filter(society=society, pk__in=keys).in_bulk()
    return [
        {
            "decision": row,
            "says": RULES_BY_ID[row.rule].says if row.rule in RULES_BY_ID else "",
            "application": applications.get(row.subject_id),
            "offer": offers.get(row.subject_id),
            "override": getattr(row, "override", None),
        }
        for row in page
    ]
