"""Hostile addresses and what answers carry: nothing breaks, nothing private is kept or found by others."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/a/%00/", "/a/x%00/paid/", "/invitations/%00/", "/office/marlpit/applications/%00/", "/v/%00/"]
)
def test_an_address_with_a_nul_is_not_found(client, address):
    client.force_login(factories.make_user())
    assert client.get(address).status_code == 404


def test_a_message_for_one_visitor_is_never_kept_for_the_next(client):
    cache.clear()
    application = factories.submit(factories.make_offer())
    client.post(f"/a/{application.token}/cancel/")
    assert b"Your application is cancelled." in client.get("/").content
    assert b"Your application is cancelled." not in Client().get("/").content


def test_a_page_behind_a_secret_link_is_kept_by_nobody_and_leaks_nowhere(client):
    application = factories.paid(factories.make_offer())
    for page in ("", "cancel/", "paid/", "certificate.pdf"):
        response = client.get(f"/a/{application.token}/{page}")
        assert "no-store" in response["Cache-Control"], page
        assert "private" in response["Cache-Control"], page
        assert response["Referrer-Policy"] == "same-origin", page
        assert response["X-Robots-Tag"] == "noindex, nofollow", page


def test_search_engines_find_what_is_public_and_nothing_else(client):
    cache.clear()
    offer = factories.make_offer()
    public = f"/societies/{offer.society.slug}/offers/{offer.slug}/"
    for _again in range(2):  # made, and then out of the cache
        for page in ("/", f"/societies/{offer.society.slug}/", public):
            assert "X-Robots-Tag" not in client.get(page), page
    client.force_login(factories.make_officer(offer.society))
    for page in ("/your-shares/", f"/office/{offer.society.slug}/", "/accounts/email/", public + "apply/"):
        response = client.get(page)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"], page
        assert response["X-Robots-Tag"] == "noindex, nofollow", page


@pytest.mark.parametrize("year", ["9999", "2200", "1799"])
def test_no_year_that_nobody_means(client, year):
    society = factories.make_society()
    client.force_login(factories.make_officer(society))
    day = {"known_on_day": "31", "known_on_month": "12", "known_on_year": year}
    page = client.get(f"/office/{society.slug}/register/", day)
    assert page.status_code == 200
    assert "from 1800 to 2199" in page.content.decode()
    assert client.get(f"/office/{society.slug}/register/register.csv", day).status_code == 404
