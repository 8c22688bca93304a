"""Addresses of a person's own pages, and of the invitation to act for a society."""

from django.urls import path

from members.views import invitation, mine

app_name = "members"
urlpatterns = [
    path("your-shares/", mine.home, name="home"),
    path("your-shares/certificates/<uuid:key>.pdf", mine.certificate, name="certificate"),
    path("your-shares/certificates/<uuid:key>/", mine.certificate_page, name="certificate-page"),
    path("invitations/<str:token>/", invitation.answer, name="invitation"),
]
