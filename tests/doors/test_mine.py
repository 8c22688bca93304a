"""What somebody sees of their own after signing in, and that it is nobody else's."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from compliance.models import Certificate
from tests import factories

pytestmark = pytest.mark.django_db


def signed_in(client, email: str, *, verified: bool = True):
    user = factories.make_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    client.force_login(user)
    return user


@pytest.fixture
def allotted():
    offer = factories.make_offer()
    application = factories.paid(
        offer, 1_000_00, by_whom=factories.applicant(factories.person("Ada Nightingale", email="ada@example.org"))
    )
    factories.close_and_decide(offer)
    return application


def test_a_member_sees_shares_certificate_and_application(client, allotted):
    signed_in(client, "ada@example.org")
    text = client.get("/your-shares/").content.decode()
    assert "Ada Nightingale" in text
    assert "£1,000" in text
    assert "Share certificate 1" in text
    assert f"/a/{allotted.token}/" in text
    certificate = Certificate.objects.get()
    pdf = client.get(f"/your-shares/certificates/{certificate.pk}.pdf")
    assert pdf.content.startswith(b"%PDF-")


@pytest.mark.parametrize(("email", "verified"), [("bob@example.org", True), ("ada@example.org", False)])
def test_nobody_else_sees_them_nor_who_has_not_shown_the_address_is_theirs(client, allotted, email, verified):
    signed_in(client, email, verified=verified)
    text = client.get("/your-shares/").content.decode()
    assert "No shares yet" in text
    assert "Ada" not in text
    certificate = Certificate.objects.get()
    assert client.get(f"/your-shares/certificates/{certificate.pk}.pdf").status_code == 404


def test_applying_under_anothers_name_shows_nothing_of_what_they_hold(client, allotted):
    offer = factories.make_offer(allotted.offer.society)
    person = factories.person("Ada Nightingale", email="ada@example.org")
    application = factories.submit(offer, by_whom=factories.applicant(person))
    type(application).objects.filter(pk=application.pk).update(email="mallory@example.org")
    signed_in(client, "mallory@example.org")
    text = client.get("/your-shares/").content.decode()
    assert f"/a/{application.token}/" in text
    assert "Share certificate" not in text
    assert allotted.token not in text


def test_an_officer_finds_the_desk(client):
    society = factories.make_society()
    client.force_login(factories.make_officer(society))
    assert f"/office/{society.slug}/" in client.get("/your-shares/").content.decode()
