"""What anybody may check of a society's ledger: its seals, without a name, a sum or a member in them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members import seals
from members.forms.proof import RootForm
from members.models import LedgerSeal
from offers.models import Society

MOST_SHOWN = 100


@login_not_required
@require_safe
def proof(request, society):
    """The seals, the newest first, and whether a root on a paper or in a message is one of them."""
    found = get_object_or_404(Society, slug=society)
    form = RootForm(request.GET if "root" in request.GET else None)
    asked = form.is_valid()
    rows = LedgerSeal.objects.filter(society=found).order_by("-number")
    context = {
        "society": found,
        "form": form,
        "asked": asked,
        "match": seals.matching(found.pk, form.cleaned_data["root"]) if asked else None,
        "seals": [(row, bytes(row.root).hex()) for row in rows[:MOST_SHOWN]],
    }
    return render(request, "members/proof.html", context)


@login_not_required
@require_safe
def proof_text(request, society):
    """Every seal in a line of plain text, to keep: register number, number, entries, root."""
    found = get_object_or_404(Society, slug=society)
    rows = LedgerSeal.objects.filter(society=found).order_by("number")
    lines = [seals.line(found, row) for row in rows]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
