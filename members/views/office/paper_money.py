"""Cheques and cash on an officer's desk: one officer corrects what they recorded, another confirms it or refuses."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock, ids
from common.forms import posted
from members.forms.paper_money import ConfirmForm, CorrectForm, RefuseForm
from members.views.office import guards
from offers import officers
from offers.models import Society
from payments import paper_money
from payments.models import PaperMoney, Receipt

PEOPLE = ("recorded_by", "confirmed_by", "withdrawn_by")
SAID = ("amount_pence", "method", "received_on", "note")


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def paper(request, society, key):
    """One cheque or sum of cash: who recorded it, what another officer says of it, and what took its place."""
    row = _row(society, key)
    act = request.POST.get("act", "")
    forms = _forms(request, row, act)
    if request.method == "POST":
        if followed := _done(request, row, forms, act):
            if act == "correct":
                return redirect("office:paper-money", society.slug, followed.pk)
            return redirect("office:money", society.slug)
        row = _row(society, key)
    context = guards.page(
        request,
        society,
        "office:money",
        row=row,
        form=forms.get(act),
        **forms,
        receipts=_counted(row),
        newer=PaperMoney.objects.filter(society=society, replaces=row).first(),
        is_mine=row.recorded_by_id == request.user.pk,
    )
    return render(request, "office/paper_money.html", context)


def _row(society: Society, key) -> PaperMoney:
    rows = PaperMoney.objects.select_related("application__offer", "receipt__reversal", *PEOPLE)
    return get_object_or_404(rows, society=society, pk=key)


def _counted(row: PaperMoney):
    """The money that counts for the application already, so that nobody confirms what the bank has shown."""
    rows = Receipt.objects.filter(society_id=row.society_id, application=row.application, reverses=None, reversal=None)
    return rows.exclude(pk=row.receipt_id).select_related("recorded_by", "confirmed_by")


def _forms(request, row: PaperMoney, act: str) -> dict:
    """The page's three forms by act, the one that was sent bound to its answers."""

    def data(of: str):
        return posted(request) if act == of else None

    said = {name: getattr(row, name) for name in SAID}
    asks = row.is_waiting and bool(paper_money.surplus(row))
    return {
        "confirm": ConfirmForm(data("confirm"), initial={"banked_on": clock.today()}, asks=asks),
        "refuse": RefuseForm(data("refuse")),
        "correct": CorrectForm(data("correct"), initial=said | {"key": ids.uuid7()}),
    }


def _done(request, row: PaperMoney, forms: dict, act: str):
    """Do what the button says; what came of it, or None with the refusal at its field or as a message."""
    form, by = forms.get(act), request.user
    if form is not None and not form.is_valid():
        return None
    acts = {
        "confirm": (lambda: paper_money.confirm(row, **form.cleaned_data, by=by), _("Confirmed. It counts now.")),
        "refuse": (lambda: paper_money.refuse(row, **form.cleaned_data, by=by),
                   _("Refused. It does not count, and whoever recorded it is told why.")),
        "correct": (lambda: paper_money.correct(row, **form.cleaned_data, by=by),
                    _("Recorded anew. It counts once another officer has confirmed it.")),
        "withdraw": (lambda: paper_money.withdraw(row, by=by), _("Taken out. It never counted.")),
    }  # fmt: skip
    if act not in acts:
        return None
    verb, words = acts[act]
    try:
        found = verb()
    except ValidationError as refusal:
        if form is None:
            messages.error(request, refusal.messages[0])
        else:
            form.add_error(None, refusal)
        return None
    messages.success(request, words)
    return found
