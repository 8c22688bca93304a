"""The register on an officer's desk: on any day, one member, and correcting an entry."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.forms import posted
from compliance.models import Certificate
from members import corrections, freezes
from members import register as registers
from members.forms.downloads import known_at_end_of
from members.forms.office import RegisterForm, ReverseForm
from members.models import LedgerEntry, Member, Particulars
from members.register import CURRENT
from members.views.office import guards, member_acts
from members.views.office.table_pages import A_PAGE, TablePages, query
from offers import officers
from offers.models import Society


def _asked(form: RegisterForm) -> dict:
    """What a valid form asks of the register. As known on a day: at its end."""
    said = form.cleaned_data
    known_at = known_at_end_of(said["known_on"], latest=clock.now()) if said["known_on"] else None
    return {"on": said["on"], "known_at": known_at}


@require_safe
@guards.officer(officers.LOOK)
def register(request, society):
    """The register on screen, as at a day, for the society's own officers."""
    form = RegisterForm(request.GET or None)
    asked, whole = {}, {}
    if form.is_valid():
        asked = _asked(form)
        whole = {
            "who": form.cleaned_data["who"] or CURRENT,
            "order": form.cleaned_data["order"] or "number",
            "search": form.cleaned_data["search"].strip(),
        }
    page = Paginator(TablePages(registers.statutory(society, **asked, **whole)), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = guards.page(
        request,
        society,
        "office:register",
        form=form,
        page=page,
        query=query(request),
        on=asked.get("on") or clock.today(),
        another_day=bool(any(asked.values()) or form.errors),
    )
    return render(request, "office/register.html", context)


def member_or_404(society: Society, number: int) -> Member:
    """A member by the number on the register."""
    return get_object_or_404(Member.objects.select_related("holder"), society=society, number=number)


@require_safe
@guards.officer(officers.LOOK)
def member(request, society, number):
    """One member: what the register says through time, every entry, every certificate."""
    found = member_or_404(society, number)
    of_member = {"society": society, "member": found}
    entries = LedgerEntry.objects.filter(**of_member).select_related(
        "share_class", "offer", "certificate", "reverses", "reversed_by", "application"
    )
    context = guards.page(
        request,
        society,
        "office:register",
        member=found,
        said=Particulars.objects.filter(**of_member).order_by("-effective_on", "-recorded_at"),
        entries=list(entries.order_by("seq")),
        certificates=Certificate.objects.filter(**of_member).select_related("end").order_by("number"),
        parts=found.holder.parts.select_related("party"),
    )
    context |= {"freezes": freezes.standing(found), **member_acts.on_page(society, found, request)}
    context["held_pence"] = sum(entry.amount_pence for entry in context["entries"])
    context["shares"] = sum(entry.shares for entry in context["entries"])
    return render(request, "office/member.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.REGISTER)
def reverse(request, society, seq):
    """Say what reversing an entry does, ask why, and do it. Only for officers who may decide too: no auditor."""
    if officers.DECIDE not in request.rights:
        raise Http404
    rows = LedgerEntry.objects.select_related("member", "certificate", "share_class")
    entry = get_object_or_404(rows, society=society, seq=seq)
    form = ReverseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            corrections.correct(entry, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("The entry is reversed. Both stand in the ledger."))
            return redirect("office:member", society.slug, entry.member.number)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = guards.page(request, society, "office:register", entry=entry, form=form)
    return render(request, "office/reverse.html", context)
