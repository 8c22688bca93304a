"""Stripe and the books: what waits for a person, what passes through, and the last comparison with Stripe's lists."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from members.views.office import exceptions, guards
from offers import officers
from payments import arrivals, comparing, earlier_accounts, gateway, reconciling, suspense
from payments import clearing as ledger
from payments.choices import ComparisonStep, PayoutState
from payments.models import ComparisonRequest, Payout

SHOWN_PAYOUTS = 12


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def clearing(request, society):
    """Every open exception with its owner and age, every account with its figure and age, and the last report.

    A treasurer asks here for a comparison now.
    """
    if request.method == "POST":
        return _compare(request, society)
    waiting = Paginator(suspense.waiting(society.pk), 100).get_page(request.GET.get("page"))
    totals, asked = ledger.totals(society.pk), comparing.open_request(society)
    context = guards.page(
        request,
        society,
        "office:money",
        waiting=waiting,
        items=[{"item": item, "days": exceptions.days_open(item)} for item in waiting],
        passing=[total for total in totals if total.must_return],
        standing=[total for total in totals if not total.must_return],
        last=reconciling.last(society.pk),
        reports=reconciling.reports(society.pk).select_related("request__asked_by")[:30],
        asked=asked and _progress(asked),
        may_compare=gateway.is_configured() and bool(earlier_accounts.to_compare(society.pk)),
        payouts=_payouts(society),
    )
    return render(request, "office/clearing.html", context)


def _compare(request, society):
    """Queue a comparison; pressed twice it is one."""
    if officers.MONEY not in request.rights:
        raise PermissionDenied
    try:
        comparing.ask(society, by=request.user)
        messages.success(request, _("Comparing. It takes a minute or so; you need not wait here."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("office:clearing", society.slug)


def _progress(asked: ComparisonRequest) -> dict:
    """How far a comparison is, for the page; `is_slow`: nobody has worked at it for longer than is usual."""
    return {
        "request": asked,
        "place": comparing.place_of(asked.step),
        "steps": len(ComparisonStep),
        "is_slow": clock.now() - (asked.step_at or asked.asked_at) > comparing.USUAL,
    }


def _payouts(society) -> list[dict]:
    """The newest payouts, those that nobody has seen at the bank first, each with how it was seen."""
    open_ones = list(arrivals.not_seen(society.pk))
    keys = {payout.pk for payout in open_ones}
    others = Payout.objects.filter(society=society).exclude(pk__in=keys).order_by("-created_at")[:SHOWN_PAYOUTS]
    kinds = {PayoutState.FAILED: "wrong", PayoutState.CANCELED: ""}
    return [
        {
            "payout": payout,
            "came": None if payout.pk in keys else arrivals.standing(payout),
            "kind": kinds.get(payout.state, "due" if payout.pk in keys else "done"),
        }
        for payout in [*open_ones, *others]
    ]
