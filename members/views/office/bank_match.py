"""The screen on which bank lines are matched: the oldest first, one button each, and all exact ones at once."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.money import as_pounds
from members.views.office import guards
from members.views.office.bank_rows import Row, rows_of
from offers import officers
from payments.statements import deciding, waiting

A_PAGE = 25
MOST_AT_ONCE = 250


@require_safe
@guards.officer(officers.LOOK)
def match(request, society):
    """Lines that wait, the oldest first, each with what it may be and one button."""
    page = Paginator(waiting.undecided(society), A_PAGE).get_page(request.GET.get("page"))
    rows = rows_of(society, list(page.object_list))
    context = guards.page(request, society, "office:bank", page=page, rows=rows, today=clock.today())
    return render(request, "office/bank_match.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def exact(request, society):
    """All lines whose reference and sum are right, in one list, accepted with one button."""
    if request.method == "POST":
        return _accept_exact(request, society)
    rows = [row for row in rows_of(society, list(waiting.undecided(society).filter(amount_pence__gt=0))) if row.ready]
    total_pence = sum(row.line.amount_pence for row in rows[:MOST_AT_ONCE])
    context = guards.page(request, society, "office:bank", rows=rows[:MOST_AT_ONCE], total_pence=total_pence,
                          more=len(rows) - MOST_AT_ONCE)  # fmt: skip
    return render(request, "office/bank_exact.html", context)


def _accept_exact(request, society):
    """Accept each line that was ticked, if its proposal is still ready and still the one that was shown."""
    ticked = set(request.POST.getlist("line")[:MOST_AT_ONCE])
    rows = [row for row in rows_of(society, list(waiting.undecided(society).filter(amount_pence__gt=0))) if row.ready]
    done = [row for row in rows if row.ticket in ticked and _accepted(request, row)]
    if done:
        words = ngettext("%(n)s line accepted, %(sum)s in all.", "%(n)s lines accepted, %(sum)s in all.", len(done))
        total = as_pounds(sum(row.line.amount_pence for row in done))
        messages.success(request, words % {"n": len(done), "sum": total})
    if left := len(ticked) - len(done):
        words = ngettext(
            "%(n)s line was left, since something changed meanwhile.",
            "%(n)s lines were left, since something changed meanwhile.",
            left,
        )
        messages.warning(request, words % {"n": left})
    return redirect("office:bank-match", society.slug)


def _accepted(request, row: Row) -> bool:
    parts, by = [(part.application.pk, part.amount_pence) for part in row.parts], request.user
    try:
        if row.payout:
            deciding.match_payout(row.line, row.payout, why=row.why, by=by)
        else:
            recorded = [receipt.pk for receipt in row.recorded]
            deciding.accept(row.line, parts=parts, recorded=recorded, why=row.why, by=by)
    except ValidationError as refusal:
        messages.error(request, f"{as_pounds(row.line.amount_pence)}: {refusal.messages[0]}")
        return False
    return True
