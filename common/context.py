"""What every template may say about the site itself."""

from django.conf import settings


def site(request) -> dict:
    """Which mode the site runs in, its address, and where its source is."""
    return {"DEMO": settings.DEMO, "SITE_URL": settings.SITE_URL, "SOURCE_URL": settings.SOURCE_URL}
