"""What is somebody's own: the shares they hold, their applications, their certificates, the societies they act for."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, Subquery, Sum, Window
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.forms import posted
from compliance.models import Certificate
from compliance.views import certificate_file
from compliance.views import certificate_page as show_certificate
from members import accounts, details, holdings
from members.forms.operations import MembersDetailsForm
from members.models import LedgerEntry, Member, MembershipChange, OtherProperty, Particulars
from offers import officers
from offers.models import Application


def applications_of(addresses: list[str]):
    """Applications made with these e-mail addresses, the newest first."""
    rows = Application.objects.alias(lower_email=Lower("email")).filter(lower_email__in=addresses)
    return rows.select_related("offer__society", "offer__share_class").order_by("-submitted_at")


def members_of(addresses: list[str]) -> list[Member]:
    """Members whom these addresses belong to: those of their parties, or of the register as it stands.

    Not those of applications: anybody may apply under another's name, and would see what that person holds.
    """
    parties = Member.objects.filter(holder__parties__email__in=addresses)
    said = Particulars.objects.filter(society=OuterRef("society"), member=OuterRef("pk"))
    said = said.order_by("-effective_on", "-recorded_at").annotate(lower_email=Lower("email"))
    once = Particulars.objects.alias(lower_email=Lower("email")).filter(lower_email__in=addresses).values("member")
    listed = Member.objects.filter(pk__in=once).alias(now=Subquery(said.values("lower_email")[:1]))
    listed = listed.filter(now__in=addresses).values("pk")
    rows = Member.objects.filter(Q(pk__in=parties.values("pk")) | Q(pk__in=listed)).select_related("society", "holder")
    return list(rows.order_by("society__registered_name", "number"))


def _holding(member: Member) -> dict:
    certificates = Certificate.objects.filter(society_id=member.society_id, member=member).select_related("end")
    said = Particulars.objects.filter(society_id=member.society_id, member=member)
    return {
        "member": member,
        "society": member.society,
        "held_pence": holdings.held_pence(member),
        "shares": holdings.shares(member),
        "said": said.order_by("effective_on", "recorded_at").last(),
        "certificates": list(certificates.order_by("-number")),
    }


@require_safe
@never_cache
def home(request):
    """Everything of one's own on one page."""
    addresses = accounts.verified_addresses(request.user)
    context = {
        "holdings": [_holding(member) for member in members_of(addresses)],
        "applications": applications_of(addresses)[:50],
        "societies": officers.societies_of(request.user),
        "addresses": addresses,
    }
    return render(request, "members/home.html", context)


def _own_certificate_or_404(request, key) -> Certificate:
    mine = members_of(accounts.verified_addresses(request.user))
    rows = Certificate.objects.select_related("society", "end__replaced_by")
    return get_object_or_404(rows, pk=key, member__in=mine)


@require_safe
@never_cache
def certificate(request, key):
    """One's own certificate as a PDF."""
    return certificate_file(_own_certificate_or_404(request, key))


@require_safe
@never_cache
def certificate_page(request, key):
    """One's own certificate as a page."""
    return show_certificate(
        request,
        _own_certificate_or_404(request, key),
        layout="base.html",
        pdf=reverse("members:certificate", args=[key]),
        back=(reverse("members:home"), _("Your shares")),
    )


def own_member_or_404(request, key) -> Member:
    """A row of the register that is the signed-in person's own."""
    mine = members_of(accounts.verified_addresses(request.user))
    member = next((found for found in mine if found.pk == key), None)
    if member is None:
        raise Http404
    return member


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_details(request, key):
    """Ask for another name or address on the register; an officer approves it."""
    member = own_member_or_404(request, key)
    form = MembersDetailsForm(posted(request), now=details.newest(member))
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            details.ask(member, form.told(), on=clock.today(), reason=reason, by=request.user, is_members_own=True)
            messages.success(request, _("Sent to the society. We write to you when the register has changed."))
            return redirect("members:account", key)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    waits = details.waiting(member)
    context = {"member": member, "society": member.society, "form": form, "waiting": waits}
    return render(request, "members/details.html", context)


@require_safe
@never_cache
def account(request, key):
    """One's own account in full: what s.103(1)(a) of the 2014 Act lets a member inspect."""
    member = own_member_or_404(request, key)
    of_member = {"society_id": member.society_id, "member": member}
    after = Window(Sum("shares"), partition_by="share_class", order_by="seq")
    context = {
        "member": member,
        "society": member.society,
        "said": Particulars.objects.filter(**of_member).order_by("-effective_on", "-recorded_at"),
        "changes": MembershipChange.objects.filter(**of_member),
        "entries": LedgerEntry.objects.filter(**of_member).select_related("share_class").annotate(shares_after=after),
        "other_property": OtherProperty.objects.filter(**of_member),
        "certificates": Certificate.objects.filter(**of_member).select_related("end").order_by("number"),
        "applications": Application.objects.filter(society_id=member.society_id, holder=member.holder)
        .select_related("offer")
        .order_by("submitted_at"),
    }
    return render(request, "members/account.html", context)
