"""A member answers what the register lacks, by a link that was sent to them; no account is needed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import posted
from members import particulars_requests as requests_of
from members.forms.statutory import ParticularsForm
from members.models import ParticularsRequest


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request, token):
    """Show what the register says and take the answer. What is held is not shown: a link may be forwarded."""
    found = get_object_or_404(ParticularsRequest.objects.select_related("society", "member"), token=token)
    is_open = not (found.answered_at or found.decided_at or found.expires_at < clock.now())
    said = requests_of.newest(found.member)
    initial = {name: getattr(said, name) for name in requests_of.ANSWERED}
    form = ParticularsForm(posted(request), initial=initial)
    if request.method == "POST" and is_open and form.is_valid():
        try:
            requests_of.answer(found, **form.cleaned_data)
            return render(request, "members/particulars_thanks.html", {"society": found.society})
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {"form": form, "asked": found, "society": found.society, "name": said.name, "is_open": is_open}
    return render(request, "members/particulars.html", context, status=200 if is_open else 410)
