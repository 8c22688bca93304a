"""Who acts for the society: its officers, inviting another, ending an office."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.forms import posted
from members import invitations
from members.forms.office import InvitationForm
from members.models import Invitation
from members.views.office import guards
from offers import officers
from offers.models import Officer


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def people(request, society):
    """Officers and open invitations; secretaries and treasurers invite here."""
    form = InvitationForm(posted(request))
    if request.method == "POST":
        if officers.PEOPLE not in request.rights:
            raise PermissionDenied
        if form.is_valid() and _invite(request, society, form):
            return redirect("office:people", society.slug)
    context = guards.page(
        request,
        society,
        "office:people",
        form=form,
        serving=officers.serving(society.pk),
        open_invitations=invitations.open_invitations(society),
    )
    return render(request, "office/people.html", context)


def _invite(request, society, form: InvitationForm) -> bool:
    said = form.cleaned_data
    try:
        invitations.invite(society, email=said["email"], role=said["role"], by=request.user)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": said["email"]})
    return True


@require_POST
@guards.officer(officers.PEOPLE)
def end(request, society, key):
    """Take an office away, from the person's next click on."""
    officer = get_object_or_404(Officer, society=society, pk=key)
    try:
        officers.end(officer, by=request.user)
        messages.success(request, _("%(who)s no longer holds this office.") % {"who": officer.user})
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    if not officers.rights(request.user, society):
        return redirect("members:home")
    return redirect("office:people", society.slug)


@require_POST
@guards.officer(officers.PEOPLE)
def withdraw(request, society, key):
    """Take an invitation back."""
    invitations.withdraw(get_object_or_404(Invitation, society=society, pk=key), by=request.user)
    messages.success(request, _("The invitation is withdrawn: its link no longer works."))
    return redirect("office:people", society.slug)
