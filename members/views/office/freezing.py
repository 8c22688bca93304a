"""Freezing a member's holding on an officer's desk, and ending it by two."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import ids
from common.forms import posted
from members import details, freezes
from members.forms.operations import FreezeForm, UnfreezeForm
from members.models import Freeze
from members.register_acts import PREPARES
from members.views.office import guards
from members.views.office.carrying_out import carried_out
from members.views.office.register import member_or_404
from offers import officers


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def freeze(request, society, number):
    """Every freeze of a holding, and a new one."""
    member = member_or_404(society, number)
    form = FreezeForm(posted(request))
    if request.method == "POST":
        if not request.rights >= PREPARES:
            raise PermissionDenied
        if form.is_valid():
            try:
                freezes.freeze(member, **form.cleaned_data, by=request.user)
                messages.success(request, _("Frozen. No share leaves this holding from now on."))
                return redirect("office:freeze", society.slug, number)
            except ValidationError as refusal:
                form.add_error(None, refusal)
    rows = Freeze.objects.filter(society=society, member=member).select_related("frozen_by", "end__ended_by")
    context = guards.page(
        request, society, "office:register", member=member, said=details.newest(member), form=form, rows=rows
    )
    return render(request, "office/freeze.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def unfreeze(request, society, key):
    """The end of a freeze: one officer says why, another approves it here."""
    found = get_object_or_404(Freeze.objects.select_related("member", "society", "frozen_by"), society=society, pk=key)
    act = request.POST.get("act", "")
    form = UnfreezeForm(posted(request) if act == "prepare" else None)
    if request.method == "POST":
        if officers.DECIDE not in request.rights:
            raise Http404
        do = partial(_act, request, found, form, act)
        if (act != "prepare" or form.is_valid()) and carried_out(request, form, do):
            return redirect("office:freeze", society.slug, found.member.number)
    waits = freezes.waiting(found)
    context = guards.page(
        request, society, "office:register", freeze=found, member=found.member, said=details.newest(found.member),
        form=form, waiting=waits, is_mine=waits is not None and waits.prepared_by_id == request.user.pk,
        ended=not freezes.standing(found.member).filter(pk=found.pk).exists(),
    )  # fmt: skip
    return render(request, "office/unfreeze.html", context)


def _act(request, found: Freeze, form: UnfreezeForm, act: str) -> None:
    by = request.user
    if act == "prepare":
        freezes.prepare_end(found, **form.cleaned_data, by=by)
        messages.success(request, _("Prepared. Ask another officer to sign in and approve it."))
    elif act == "approve":
        freezes.end(found, approval_id=ids.parsed(request.POST.get("approval", "")), by=by)
        messages.success(request, _("The freeze has ended. Shares may move again."))
    elif act == "withdraw" and freezes.withdraw_end(found, by=by):
        messages.success(request, _("Taken back. The holding stays frozen."))
