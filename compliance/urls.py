"""The short address that is printed on certificates, and where a file is checked."""

from django.urls import path

from compliance import views

app_name = "certificates"
urlpatterns = [
    path("check/", views.check, name="check"),  # no token is so short
    path("<slug:token>/", views.verify, name="verify"),
]
