"""Small middleware of our own: a number for each request, headers that Django does not set, hopeless addresses."""

import uuid

import structlog
from django.http import Http404

log = structlog.get_logger("request")


class RequestId:
    """Gives each request an id, binds it to every log line, returns it in X-Request-Id and on error pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex[:12]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request.id)
        response = self.get_response(request)
        response["X-Request-Id"] = request.id
        if response.status_code in (403, 404) and getattr(request, "user", None) and request.user.is_authenticated:
            log.info("refused", status=response.status_code, user=str(request.user.pk))
        return response


class SecurityHeaders:
    """Cross-Origin-Resource-Policy and Permissions-Policy; private pages are never kept by caches or search engines."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
            if not getattr(request, "may_be_found", False):
                response.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


class NothingAtNul:
    """404 for an address with a NUL in it: PostgreSQL cannot even be asked for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path_info:
            raise Http404
        return self.get_response(request)
