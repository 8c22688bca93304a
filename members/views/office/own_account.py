"""The society's own bank account on its officers' desk: what payers are told, and changing it by two."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import ids
from common.forms import posted
from compliance import approvals
from members.forms.own_account import OwnAccountForm
from members.views.office import guards
from offers import officers
from offers.models import Society
from payments import own_account as accounts


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def own_account(request, society):
    """The account that stands, and one that waits for a second officer."""
    if request.method == "POST":
        if officers.DECIDE not in request.rights:
            raise PermissionDenied
        return _act(request, society)
    waiting = accounts.waiting(society)
    context = guards.page(
        request,
        society,
        "office:money",
        waiting=waiting,
        is_mine=waiting is not None and waiting.prepared_by_id == request.user.pk,
        others=officers.serving(society.pk).exclude(user=request.user).exists(),
    )
    return render(request, "office/own_account.html", context)


def _act(request, society: Society):
    """Approve what another officer prepared, or take it back."""
    here = redirect("office:own-account", society.slug)
    if request.POST.get("act") == "withdraw":
        if accounts.withdraw(society, by=request.user):
            messages.success(request, _("It is taken back. Nothing has changed."))
        return here
    try:
        accounts.change(society, approval_id=ids.parsed(request.POST.get("approval", "")), by=request.user)
    except approvals.NotApproved as refusal:
        messages.error(request, str(refusal))
        return here
    messages.success(request, _("Changed. Payers are told this account from now on."))
    return here


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def change(request, society):
    """Write another account down; a second officer approves it."""
    form = OwnAccountForm(posted(request), initial=accounts.current(society))
    if request.method == "POST" and form.is_valid():
        try:
            accounts.prepare(society, **form.cleaned_data, by=request.user)
            words = _(
                "Prepared. Ask another officer to sign in, compare it with a statement of the bank, and approve it."
            )
            messages.success(request, words)
            return redirect("office:own-account", society.slug)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return render(request, "office/own_account_change.html", guards.page(request, society, "office:money", form=form))
