"""Public pages kept for some seconds in the process's memory, for visitors who are nobody in particular.

Somebody with a session, or coming back from a form with a message to read, always gets a page of their own.
"""

from __future__ import annotations

import functools

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.utils.translation import get_language

SECONDS = 5
pages = caches["pages"]
PERSONAL = {settings.SESSION_COOKIE_NAME, "messages"}  # cookies that say something of who looks


def public_page(view):
    """Keep the view's HTML for SECONDS, by address and language. The view must not depend on who looks."""

    @functools.wraps(view)
    def keep(request, *args, **kwargs):
        request.may_be_found = True
        if request.method != "GET" or not PERSONAL.isdisjoint(request.COOKIES):
            return view(request, *args, **kwargs)
        slot = f"page:{get_language()}:{request.get_full_path()}"
        body = pages.get(slot)
        if body is not None:
            return HttpResponse(body, headers={"Cache-Control": f"public, max-age={SECONDS}"})
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not response.cookies:
            pages.set(slot, response.content, SECONDS)
            response["Cache-Control"] = f"public, max-age={SECONDS}"
        return response

    return keep
