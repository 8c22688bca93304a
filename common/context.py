"""What every template may say about the site itself."""

from django.conf import settings


def site(request) -> dict:
    return {"DEMO": settings.DEMO, "SITE_URL": settings.SITE_URL}
