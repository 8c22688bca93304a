"""Stripe and the books: what waits for a person, what passes through, and the last comparison with Stripe's lists."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.views.office import exceptions, guards
from offers import officers
from payments import clearing as ledger
from payments import reconciling, suspense


@require_safe
@guards.officer(officers.LOOK)
def clearing(request, society):
    """Every open exception with its owner and age, every account with its figure and age, and the last report."""
    waiting = Paginator(suspense.waiting(society.pk), 100).get_page(request.GET.get("page"))
    totals = ledger.totals(society.pk)
    context = guards.page(
        request,
        society,
        "office:money",
        waiting=waiting,
        items=[{"item": item, "days": exceptions.days_open(item)} for item in waiting],
        passing=[total for total in totals if total.must_return],
        standing=[total for total in totals if not total.must_return],
        last=reconciling.last(society.pk),
        reports=reconciling.reports(society.pk)[:30],
    )
    return render(request, "office/clearing.html", context)
