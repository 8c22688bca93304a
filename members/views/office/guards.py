"""Who may open an officer's page. A stranger learns nothing: what is not theirs does not exist."""

from __future__ import annotations

import functools

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from members.office_todo import counts
from offers import officers
from offers.models import Society

SECTIONS = [
    ("office:todo", _("To do"), officers.LOOK),
    ("office:offers", _("Offers"), officers.LOOK),
    ("office:applications", _("Applications"), officers.LOOK),
    ("office:money", _("Money"), officers.LOOK),
    ("office:bank", _("Bank"), officers.LOOK),
    ("office:register", _("Register"), officers.LOOK),
    ("office:rules", _("Rules"), officers.LOOK),
    ("office:people", _("People"), officers.LOOK),
]


def officer(right: str):
    """The view gets the Society instead of its slug, if its user has the right there; a 404 otherwise.

    A right that was taken away is gone at the next request. `request.rights` says what else the user may do.
    """

    def guard(view):
        @functools.wraps(view)
        @never_cache
        def guarded(request, society, *args, **kwargs):
            found = get_object_or_404(Society, slug=society)
            request.rights = officers.rights(request.user, found)
            if right not in request.rights:
                raise Http404
            return view(request, found, *args, **kwargs)

        guarded.asks_for = right
        return guarded

    return guard


def page(request, society: Society, section: str, **context) -> dict:
    """What every officer's page shows: the society, the sections with what waits in each, what the user may do."""
    waiting = counts(society)
    nav = [
        {
            "label": label,
            "url": reverse(name, args=[society.slug]),
            "current": name == section,
            "count": waiting.get(name, 0),
        }
        for name, label, right in SECTIONS
        if right in request.rights
    ]
    may = dict.fromkeys(request.rights, True)
    return {"society": society, "nav": nav, "may": may, **context}
