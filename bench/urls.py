"""The site's addresses, and an empty page that is kept as the public pages are: the limit of the offer page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from common.cached import public_page
from config.urls import urlpatterns as of_the_site


@login_not_required
@public_page
def empty(request):
    return HttpResponse("")


urlpatterns = [path("bench/empty/", empty), *of_the_site]
