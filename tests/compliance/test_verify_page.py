"""The public page behind a certificate's QR code: it says whether the paper stands, and names nobody."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import clock
from compliance import certificates
from compliance.models import Certificate, CertificateEnd
from members.models import Particulars
from tests.factories import applicant, close_and_decide, make_offer, make_society, make_user, paid, person

pytestmark = pytest.mark.django_db
HOLDER = "Siân Ŵyn Llŷr-Jones"


@pytest.fixture
def certificate():
    society = make_society(registered_name="Marlpit & <b>Sons</b> Community Shop Limited")
    offer = make_offer(society)
    paid(offer, 1_250_00, by_whom=applicant(person(HOLDER)))
    close_and_decide(offer)
    return Certificate.objects.get()


def page(client, certificate) -> str:
    response = client.get(reverse("certificates:verify", args=[certificate.token]))
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


def test_a_standing_certificate_is_said_to_be_valid_with_what_the_paper_must_say(client, certificate):
    text = page(client, certificate)
    assert "Certificate 1 is valid" in text
    for fact in (
        "Marlpit & <b>Sons</b> Community Shop Limited",
        certificate.society.register_number,
        "1,250",
        "£1,250",
        f"{certificate.issued_on:%-d %B %Y}",
    ):
        assert fact in text
    assert "<b>Sons</b>" not in client.get(f"/v/{certificate.token}/").content.decode()  # escaped


def test_it_names_nobody(client, certificate):
    """Neither the holder, nor the address, nor who withdrew it and why."""
    officer = make_user(name="Olive Officer")
    certificates.withdraw(certificate, reason="Lost by Siân in the flood", by=officer)
    text = page(client, certificate)
    said = Particulars.objects.get(member=certificate.member)
    for private in (HOLDER, "Siân", said.address.split("\n")[0], "flood", "Olive", officer.email):
        assert private not in text


def test_a_withdrawn_certificate_is_said_to_be_withdrawn(client, certificate):
    certificates.withdraw(certificate, reason="A mistake", by=make_user())
    text = page(client, certificate)
    assert "Certificate 1 has been withdrawn" in text
    assert f"withdrew it on {clock.today():%-d %B %Y}" in text
    assert "is valid" not in text


def test_a_replaced_certificate_names_the_number_that_took_its_place_but_not_its_address(client, certificate):
    newer = certificates.draft(
        society_id=certificate.society_id,
        member=certificate.member,
        facts=certificate.facts | {"number": 2},
        issued_on=clock.today(),
    )
    newer.save()
    CertificateEnd.objects.create(
        society_id=certificate.society_id,
        certificate=certificate,
        kind=CertificateEnd.REPLACED,
        replaced_by=newer,
        reason="Lost",
        ended_at=clock.now(),
        ended_by=make_user(),
    )
    text = page(client, certificate)
    assert "Certificate 1 has been replaced" in text
    assert "certificate 2 took its place" in text
    assert newer.token not in text
    assert "Certificate 2 is valid" in page(client, newer)


@pytest.mark.parametrize("token", ["mYf2-ab_cdefghijklmnopqrstu", "a", "x" * 500, "-", "1"])
def test_an_unknown_address_is_a_404_in_plain_words(client, certificate, token):
    response = client.get(f"/v/{token}/")
    assert response.status_code == 404
    assert "We know no certificate with this address" in response.content.decode()


@pytest.mark.parametrize("path", ["/v/%00/", "/v/../", "/v/%F0%9F%90%B8/", "/v/a b/", "/v/'--/"])
def test_what_cannot_be_a_token_is_a_404_too(client, certificate, path):
    assert client.get(path).status_code == 404


def test_the_number_of_a_certificate_does_not_open_its_page(client, certificate):
    for guess in (certificate.number, certificate.pk, certificate.facts_sha256, certificate.token.swapcase()):
        assert client.get(f"/v/{guess}/").status_code == 404


def test_nobody_keeps_or_indexes_the_page_and_nothing_is_posted_to_it(client, certificate):
    address = f"/v/{certificate.token}/"
    response = client.get(address)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_one_query_finds_it_all(client, certificate):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(client, certificate)
    assert len(queries) == 1
