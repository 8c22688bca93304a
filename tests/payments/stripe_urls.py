"""The site's addresses, with those of payments whether or not the site has them yet."""

from django.urls import include, path

from config.urls import urlpatterns as of_the_site

urlpatterns = [*of_the_site, path("", include("payments.urls"))]
