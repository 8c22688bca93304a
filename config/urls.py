"""Which address leads where."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from common import views
from common.gallery import gallery
from members.views import demo_mail

admin.site.login = secure_admin_login(admin.site.login)  # no side door: the sign-in that counts tries

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
    urlpatterns += [
        path("gallery/", gallery, name="gallery"),
        path("demo/mail/", demo_mail.listing, name="demo-mail"),
        path("demo/mail/<str:file>/<int:place>/", demo_mail.message, name="demo-mail-message"),
        path("demo/mail/<str:file>/<int:place>/<int:number>/", demo_mail.attachment, name="demo-mail-file"),
    ]
