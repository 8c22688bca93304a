"""Another name or address of a member: what was asked, beside what the register says, for a second person."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from common import audit, ids
from common.forms import posted
from compliance.models import Approval
from members import details, register_acts
from members.forms.operations import NAMES, OfficersDetailsForm
from members.models import Member, PreparedChange
from members.views.office import guards
from members.views.office.carrying_out import carried_out
from members.views.office.register import member_or_404
from offers import officers

LABELS = NAMES | {
    "address": lazy("Postal address"), "postcode": lazy("Postcode"), "country": lazy("Country"),
    "email": lazy("Electronic address"), "email_purposes": lazy("Its purposes"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def change(request, society, number):
    """What waits for a second person, or a form for what an officer has in writing."""
    member = member_or_404(society, number)
    act = request.POST.get("act", "")
    now = details.newest(member)
    sent = (posted(request), request.FILES) if act == "prepare" else ()
    form = OfficersDetailsForm(*sent, now=now, is_cut=is_cut(request))
    if request.method == "POST":
        if not request.rights >= (register_acts.PREPARES if act == "prepare" else register_acts.APPROVES):
            raise Http404
        do = partial(_act, request, member, form, act)
        if (act != "prepare" or form.is_valid()) and carried_out(request, form, do):
            return redirect("office:member", society.slug, number)
    waits = details.waiting(member)
    context = guards.page(
        request, society, "office:register", member=member, now=now, form=form, **_asked(request, member, waits, now)
    )
    return render(request, "office/details.html", context)


def is_cut(request) -> bool:
    """Whether more was sent than the site keeps of any file, so that the file is not there."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _asked(request, member: Member, waits: Approval | None, now) -> dict:
    """What waits, each particular beside what the register says."""
    if waits is None:
        return {"waiting": None}
    asked = details.asked(waits)
    rows = [
        {"label": label, "now": getattr(now, name), "asked": asked.said.get(name, ""),
         "differs": getattr(now, name) != asked.said.get(name, "")}
        for name, label in LABELS.items() if getattr(now, name) or asked.said.get(name)
    ]  # fmt: skip
    return {
        "waiting": waits, "asked": asked, "on": date.fromisoformat(asked.said["on"]), "rows": rows,
        "is_mine": waits.prepared_by_id == request.user.pk,
        "has_changed": not register_acts.fits(waits, details.stands(member)),
    }  # fmt: skip


def _act(request, member: Member, form: OfficersDetailsForm, act: str) -> None:
    by = request.user
    if act == "prepare":
        said = form.cleaned_data
        details.ask(member, form.told(), on=said["on"], reason=said["reason"], paper=said["paper"], by=by)
        messages.success(request, _("Prepared. Ask another officer to sign in, compare it, and approve it."))
    elif act == "approve":
        details.approve(member, approval_id=ids.parsed(request.POST.get("approval", "")), by=by)
        messages.success(request, _("The register says so now. What it said before stays for the days before."))
    elif act == "withdraw" and details.withdraw(member, by=by):
        messages.success(request, _("The register stays as it is."))


@require_safe
@guards.officer(officers.DECIDE)
def paper(request, society, number, key):
    """The paper that was put before the second officer, as it was uploaded; who opened it is written down."""
    member = member_or_404(society, number)
    found = PreparedChange.objects.filter(society=society, member=member, pk=key, paper__isnull=False).first()
    if found is None:
        raise Http404
    audit.note("paper.open", society_id=society.pk, subject_id=found.pk, by=request.user)
    kind = register_acts.media_type(found.paper)
    name = f"member-{number}-{found.act}.{kind.rpartition('/')[2]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(found.paper), content_type=kind, headers=headers)
