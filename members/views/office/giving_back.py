"""Giving an application's money back before the decision, and undoing a receipt: two officers each."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.forms import posted
from members.forms.refunds import GiveBackForm, UndoForm
from members.views.office import guards
from members.views.office.applications import application_or_404
from members.views.office.carrying_out import carried_out
from offers import officers
from offers.models import Application
from payments import balances, giving_back, lapsing, undoing
from payments.models import Receipt

PREPARED = gettext_lazy("Prepared. Ask another officer to sign in, check it, and approve it.")


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def give_back(request, society, reference):
    """What may go back and why; another officer approves it here."""
    found = application_or_404(society, reference)
    ways = giving_back.choices(found)
    act = request.POST.get("act", "")
    form = GiveBackForm(posted(request) if act == "prepare" else None, ways=ways)
    if request.method == "POST" and (act != "prepare" or form.is_valid()):
        if _carried_out(request, form, _give_back_acts(found, form, request.user), act):
            if act == "approve":
                lapsing.close_pages(found)  # so that nobody pays for what has ended
                return redirect("office:application", society.slug, reference)
            return redirect("office:give-back", society.slug, reference)
        found = application_or_404(society, reference)
    approval = giving_back.waiting(found)
    context = guards.page(
        request,
        society,
        "office:applications",
        application=found,
        held_pence=balances.held_pence(found),
        ways=ways,
        form=form,
        approval=approval,
        is_mine=approval is not None and approval.prepared_by_id == request.user.pk,
        has_changed=approval is not None and giving_back.has_changed(found, approval),
    )
    return render(request, "office/give_back.html", context)


def _give_back_acts(found: Application, form: GiveBackForm, user) -> dict:
    return {
        "prepare": (lambda: giving_back.prepare(found, **form.cleaned_data, by=user), PREPARED),
        "approve": (lambda: giving_back.approve(found, by=user), _("Approved. The refund is due now.")),
        "withdraw": (lambda: giving_back.withdraw(found, by=user), _("Withdrawn. Nothing goes back.")),
    }


def _carried_out(request, form, acts: dict, act: str) -> bool:
    """Do one of the acts; False with the reason in a message or at the form."""
    if act not in acts:
        return False
    do, words = acts[act]
    if not carried_out(request, form, do):
        return False
    messages.success(request, words)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def undo_receipt(request, society, key):
    """Why a receipt is wrong and whose money it is; another officer approves it here."""
    rows = Receipt.objects.select_related("application__offer", "recorded_by", "confirmed_by")
    found = get_object_or_404(rows, society=society, pk=key)
    act = request.POST.get("act", "")
    form = UndoForm(posted(request) if act == "prepare" else None, receipt=found)
    if request.method == "POST" and (act != "prepare" or form.is_valid()):
        if _carried_out(request, form, _undo_acts(found, form, request.user), act):
            if act == "approve":
                return redirect("office:application", society.slug, found.application.reference)
            return redirect("office:undo-receipt", society.slug, key)
        found = get_object_or_404(rows, society=society, pk=key)
    approval = undoing.waiting(found)
    to = approval and Application.objects.filter(society=society, pk=approval.facts["to"] or None).first()
    context = guards.page(
        request,
        society,
        "office:applications",
        receipt=found,
        application=found.application,
        problem=undoing.problem(found),
        form=form,
        approval=approval,
        to=to,
        is_mine=approval is not None and approval.prepared_by_id == request.user.pk,
    )
    return render(request, "office/undo_receipt.html", context)


def _undo_acts(found: Receipt, form: UndoForm, user) -> dict:
    return {
        "prepare": (lambda: undoing.prepare(found, **form.cleaned_data, by=user), PREPARED),
        "approve": (lambda: undoing.approve(found, by=user), _("Undone. Both rows stand in the books.")),
        "withdraw": (lambda: undoing.withdraw(found, by=user), _("Withdrawn. The receipt stands.")),
    }
