"""Which address leads where."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from common import views
from common.gallery import gallery

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("v/", include("compliance.urls")),
    path("admin/", admin.site.urls),
    path("office/<slug:society>/", include("members.urls.office")),
    path("", include("members.urls")),
    path("", include("payments.urls")),
    path("", include("offers.urls")),
]

if not settings.PRODUCTION:
    urlpatterns.append(path("gallery/", gallery, name="gallery"))
