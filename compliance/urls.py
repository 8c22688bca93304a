"""The short address that is printed on certificates."""

from django.urls import path

from compliance import views

app_name = "certificates"
urlpatterns = [path("<slug:token>/", views.verify, name="verify")]
