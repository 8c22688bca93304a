"""The rest of the statutory register on an officer's desk: who holds office, and members' other property."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.forms import posted
from members import officers_register as officers_of
from members import other_property as property_of
from members.forms.statutory import OfficeChangeForm, OfficeForm, OtherPropertyForm
from members.models import OfficeHeld, OtherProperty, Particulars
from members.views.office import guards
from members.views.office.register import member_or_404
from offers import officers


def must_change(request) -> None:
    """The register is changed by whoever may decide too: not by an auditor, who reads it."""
    if request.method == "POST" and officers.DECIDE not in request.rights:
        raise PermissionDenied


def refused(form, refusal: ValidationError) -> None:
    """A verb's refusal at the fields it names."""
    form.add_error(None, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.REGISTER)
def officers_register(request, society):
    """The register of officers; somebody who takes an office is entered here."""
    must_change(request)
    form = OfficeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            officers_of.enter(society, form.told(), by=request.user)
            messages.success(request, _("The register of officers has been added to."))
            return redirect("office:officers-register", society.slug)
        except ValidationError as refusal:
            refused(form, refusal)
    held = officers_of.now(society.pk)
    context = guards.page(request, society, "office:register", form=form, held=held)
    return render(request, "office/officers_register.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.REGISTER)
def office_held(request, society, key):
    """One office held: what the register said through time, and what it shall say from a day on."""
    must_change(request)
    newest = officers_of.newest(society.pk, key)
    if newest is None:
        raise Http404
    fields = ("name", "address", "office", "took_office_on", "left_office_on", "email", "email_purposes")
    form = OfficeChangeForm(posted(request), initial={name: getattr(newest, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        try:
            officers_of.enter(society, form.told(), by=request.user, tenure=key, on=form.cleaned_data["on"])
            messages.success(request, _("The register of officers says so from that day on."))
            return redirect("office:officers-register", society.slug)
        except ValidationError as refusal:
            refused(form, refusal)
    told = OfficeHeld.objects.filter(society=society, tenure=key).order_by("-effective_on", "-recorded_at")
    context = guards.page(request, society, "office:register", form=form, newest=newest, told=told)
    return render(request, "office/office_held.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.REGISTER)
def other_property(request, society, number):
    """A member's loans and deposits, one row for each movement."""
    must_change(request)
    member = member_or_404(society, number)
    form = OtherPropertyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            property_of.record(member, kind=said["kind"], description=said["description"], on=said["on"],
                               amount_pence=form.signed_pence(), by=request.user)  # fmt: skip
            messages.success(request, _("The register shows it."))
            return redirect("office:other-property", society.slug, number)
        except ValidationError as refusal:
            refused(form, refusal)
    of_member = {"society": society, "member": member}
    context = guards.page(
        request, society, "office:register", form=form, member=member,
        said=Particulars.objects.filter(**of_member).last(),
        rows=OtherProperty.objects.filter(**of_member),
    )  # fmt: skip
    return render(request, "office/other_property.html", context)
