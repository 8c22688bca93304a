"""Addresses of a person's own pages, and of the invitation to act for a society."""

from django.urls import path

from members.views import invitation, mine, proof

app_name = "members"
urlpatterns = [
    path("your-shares/", mine.home, name="home"),
    path("your-shares/certificates/<uuid:key>.pdf", mine.certificate, name="certificate"),
    path("your-shares/certificates/<uuid:key>/", mine.certificate_page, name="certificate-page"),
    path("societies/<slug:society>/ledger/", proof.proof, name="proof"),
    path("societies/<slug:society>/ledger/seals.txt", proof.proof_text, name="proof-text"),
    path("invitations/<str:token>/", invitation.answer, name="invitation"),
]
