"""Parties that may be one person under two names: shown to officers with the reasons, told apart one by one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.forms.same import ApartForm
from members.views.office import guards
from offers import likely_same, officers
from offers.models import Party

A_PAGE = 25


@require_safe
@guards.officer(officers.LOOK)
def same(request, society):
    """The pairs, those that together pass the law's limit first."""
    found = likely_same.pairs(society)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [(pair, ApartForm(auto_id=f"pair-{n}-%s")) for n, pair in enumerate(page.object_list)]
    context = guards.page(request, society, "office:register", page=page, over=sum(pair.over_limit for pair in found))
    return render(request, "office/same.html", context)


@require_POST
@guards.officer(officers.REGISTER)
def apart(request, society, first, second):
    """They are two: kept with the reason, and the pair is not shown again."""
    form = ApartForm(request.POST)
    one, other = (get_object_or_404(Party, society=society, pk=key) for key in (first, second))
    if form.is_valid():
        likely_same.tell_apart(society, one, other, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Kept: %(one)s and %(other)s are two.") % {"one": one, "other": other})
    else:
        messages.error(request, form.errors["reason"][0])
    return redirect("office:same", society.slug)
