"""Addresses of a person's own pages, and of the invitation to act for a society."""

from django.urls import path

from members.views import invitation, mine, particulars, proof, signing_keys

app_name = "members"
urlpatterns = [
    path("your-shares/", mine.home, name="home"),
    path("your-shares/accounts/<uuid:key>/", mine.account, name="account"),
    path("your-shares/accounts/<uuid:key>/details/", mine.change_details, name="change-details"),
    path("your-details/<str:token>/", particulars.answer, name="particulars"),
    path("your-shares/certificates/<uuid:key>.pdf", mine.certificate, name="certificate"),
    path("your-shares/certificates/<uuid:key>/", mine.certificate_page, name="certificate-page"),
    path("societies/<slug:society>/ledger/", proof.proof, name="proof"),
    path("societies/<slug:society>/ledger/seals.txt", proof.proof_text, name="proof-text"),
    path("societies/<slug:society>/signing-keys/", signing_keys.page, name="signing-keys"),
    path("societies/<slug:society>/signing-keys.json", signing_keys.as_json, name="signing-keys-json"),
    path("societies/<slug:society>/signing-keys.pem", signing_keys.as_pem, name="signing-keys-pem"),
    path("invitations/<str:token>/", invitation.answer, name="invitation"),
]
