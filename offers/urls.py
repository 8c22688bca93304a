"""Addresses that anybody may open: offers, societies, and the way through an application."""

from django.urls import path

from offers.views import applying, papers, public

app_name = "offers"
urlpatterns = [
    path("", public.home, name="home"),
    path("societies/<slug:society>/", public.society, name="society"),
    path("societies/<slug:society>/rules/", public.rules, name="rules"),
    path("societies/<slug:society>/about/<slug:page>/", public.policy, name="policy"),
    path("societies/<slug:society>/offers/<slug:offer>/", public.offer, name="offer"),
    path("societies/<slug:society>/offers/<slug:offer>/summary.pdf", papers.summary, name="summary"),
    path("societies/<slug:society>/offers/<slug:offer>/papers/<int:number>.pdf", papers.paper, name="paper"),
    path("societies/<slug:society>/offers/<slug:offer>/apply/", applying.start, name="apply"),
    path("societies/<slug:society>/offers/<slug:offer>/apply/check/", applying.check, name="check"),
    path("societies/<slug:society>/offers/<slug:offer>/apply/<slug:step>/", applying.question, name="question"),
]
