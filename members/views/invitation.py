"""Answering an invitation to act for a society."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import clock
from members import invitations
from members.models import Invitation
from offers import officers


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request, token):
    """Show who invites to what; take the office up. Only who can sign in with the address that was invited gets it."""
    found = get_object_or_404(Invitation.objects.select_related("society", "invited_by"), token=token)
    problem = ""
    if found.accepted_at and request.method == "POST" and officers.rights(request.user, found.society):
        return redirect("office:todo", found.society.slug)  # the button was pressed twice
    if request.method == "POST":
        try:
            officer = invitations.accept(token, user=request.user)
            words = _("You now act for %(society)s.") % {"society": officer.society.registered_name}
            messages.success(request, words)
            return redirect("office:todo", officer.society.slug)
        except ValidationError as refusal:
            problem = refusal.messages[0]
    context = {
        "invitation": found,
        "society": found.society,
        "is_for_me": found.email == request.user.email,
        "is_open": not (found.accepted_at or found.withdrawn_at or found.expires_at < clock.now()),
        "problem": problem,
    }
    return render(request, "members/invitation.html", context)
