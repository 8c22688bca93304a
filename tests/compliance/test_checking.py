"""Is this very file one that we issued? Ours to the last byte, or else said to be something else."""

from __future__ import annotations

import json
import random
import zlib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import clock
from compliance import canonical, certificate_bulk, certificate_pdf, certificates, checking, signing, signing_keys
from compliance.models import Certificate
from members import certificates as issuing
from members import seals
from members import signing_keys as keys
from tests import factories
from tests.compliance.test_certificate_pdf import facts as invented

pytestmark = pytest.mark.django_db
HOLDER = "Siân Ŵyn Llŷr-Jones"
ADDRESS = "/v/check/"


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def certificate():
    """Of a ledger that has been sealed, so that a seal stands on it too."""
    society = factories.make_society(registered_name="Marlpit & <b>Sons</b> Limited")
    seals.seal(society)
    offer = factories.make_offer(society)
    factories.paid(offer, 1_250_00, by_whom=factories.applicant(factories.person(HOLDER)))
    factories.close_and_decide(offer)
    with clock.stopped(offer.decided_at + timedelta(hours=1)):
        yield Certificate.objects.get()


@pytest.fixture
def signed(certificate):
    return keys.signed_file(certificate)


def unsigned(certificate) -> bytes:
    return certificate_pdf.draw(certificate.facts, token=certificate.token)


def with_facts(content: bytes) -> bytes:
    """A file that holds these facts as a certificate of ours does, and is none."""
    return b"%PDF-1.7\n1 0 obj\n<</Type /EmbeddedFile/Length 9>>\nstream\n" + zlib.compress(content) + b"\nendstream\n"


def answer(client, content: bytes, name: str = "certificate.pdf"):
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, content, "application/pdf")})


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


# What a file is.


def test_a_signed_file_and_an_unsigned_one_are_ours(certificate, signed):
    assert checking.look_at(signed) == checking.Finding("signed", certificate, 1, True)
    assert checking.look_at(unsigned(certificate)) == checking.Finding("unsigned", certificate, None, False)


def test_what_comes_out_of_a_zip_is_ours(certificate):
    one = b"".join(certificate_bulk.as_zip([certificate], by=keys.signer(certificate.society_id)))
    assert one.startswith(b"PK")
    assert b"/ByteRange" in one  # stored, not packed
    at, end = one.index(b"%PDF-"), one.rindex(b"%%EOF") + 6
    assert checking.look_at(one[at:end]).result == "signed"


@pytest.mark.parametrize("which", ["signed", "unsigned"])
def test_one_changed_byte_is_seen_wherever_it_stands(certificate, signed, which):
    file = signed if which == "signed" else unsigned(certificate)
    chance = random.Random(11)
    for _ in range(60):
        at, by = chance.randrange(len(file)), chance.randrange(1, 256)
        found = checking.look_at(file[:at] + bytes([file[at] ^ by]) + file[at + 1 :])
        assert found.result in ("changed", "unknown"), at


@pytest.mark.deep
@pytest.mark.parametrize("which", ["signed", "unsigned"])
def test_five_hundred_changed_bytes_are_seen(certificate, signed, which):
    file = signed if which == "signed" else unsigned(certificate)
    chance = random.Random(12)
    for _ in range(500):
        at, by = chance.randrange(len(file)), chance.randrange(1, 256)
        assert not checking.look_at(file[:at] + bytes([file[at] ^ by]) + file[at + 1 :]).is_ours, at


def test_the_file_of_one_certificate_with_the_facts_of_another_is_not_ours(certificate, signed):
    old, new = certificate, issuing.replace_by_new(certificate, reason="Lost", by=factories.make_user())
    forged = signing.signed(
        certificate_pdf.draw(new.facts | {"shares": 9_999}, token=old.token),
        keys.signer(old.society_id),
        at=clock.now(),
    )
    assert checking.look_at(forged).result == "otherwise"  # nobody but we could have signed it
    assert checking.look_at(unsigned(new)).certificate == new


def test_a_strangers_key_does_not_sign_for_the_society(certificate):
    stranger = signing_keys.make(
        society_name="Marlpit", register_number=certificate.society.register_number, number=1, at=clock.now()
    )
    keys.signer(certificate.society_id)
    forged = signing.signed(unsigned(certificate), signing_keys.ready(*stranger), at=clock.now())
    assert checking.look_at(forged) == checking.Finding("changed", certificate, None, True)
    other = keys.signer(factories.make_society().pk)
    assert checking.look_at(signing.signed(unsigned(certificate), other, at=clock.now())).result == "changed"


def test_the_paper_of_another_token_is_not_ours(certificate):
    """Its code would lead to a page of the forger's choice."""
    other = certificate_pdf.draw(certificate.facts, token="Zq8vX2mN7pL4kJ9hG6fD3s")
    assert checking.look_at(other).result == "changed"


def test_a_certificate_that_nobody_issued_is_unknown(certificate):
    file = certificate_pdf.draw(invented(), token=certificate.token)
    assert checking.look_at(file) == checking.Finding("unknown")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"45",
        b"[" * 60_000,
        b'{"number":1,"society":1}',
        b'{"number":true,"society":{"register_number":"RS4821"}}',
        b'{"number":1e3,"society":{"register_number":"RS4821"}}',
        b'{"number":99999999999999999999,"society":{"register_number":"RS4821"}}',
        b'{"number":-1,"society":{"register_number":"RS4821"}}',
        rb'{"number":1,"society":{"register_number":"\u0000"}}',
        rb'{"number":1,"society":{"register_number":"\ud800"}}',
        b'{"number":1,"society":{"register_number":"' + b"9" * 50_000 + b'"}}',
        b"\xff\xfe\x00",
        b"0" * 5_000,
    ],
)
def test_facts_that_make_no_sense_are_unknown(certificate, content):
    assert checking.look_at(with_facts(content)).result == "unknown"


def test_the_right_facts_in_a_file_of_another_make_are_not_ours(certificate):
    file = with_facts(canonical.canonical(certificate.facts))
    assert checking.look_at(file) == checking.Finding("changed", certificate, None, False)
    spaced = with_facts(json.dumps(certificate.facts).encode())
    assert checking.look_at(spaced).result == "changed"


@pytest.mark.parametrize(
    "hostile",
    [
        b"%PDF-1.7\n" + b"/EmbeddedFile" * 140_000,
        b"%PDF-1.7\n" + b"/EmbeddedFile>>" + b" " * 1_900_000,
        with_facts(b" " * 50_000_000),  # a bomb: 50 MB from 50 KB
        b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]" * 90_000,
        b"%PDF-1.7\n" + b"<<" * 900_000,
        b"%PDF-1.7\n" + b"/ByteRange [0 1" * 130_000,
        b"%PDF-1.7\n" + bytes(1_900_000),
    ],
    ids=["many", "far", "bomb", "ranges", "deep", "begun", "empty"],
)
def test_a_hostile_file_is_answered_with_one_question_to_the_database_at_most(certificate, hostile):
    assert len(hostile) < checking.MOST_BYTES
    with CaptureQueriesContext(connection) as queries:
        assert checking.look_at(hostile).result == "unknown"
    assert len(queries) <= 1


# The page.


def test_a_file_that_stands_is_said_to_with_its_facts_and_without_a_name(client, certificate, signed):
    response = answer(client, signed)
    text = text_of(response)
    assert response.status_code == 200
    for said in (
        "This is the file that was issued",
        "Certificate 1 is valid",
        "(key 1)",
        certificate.society.register_number,
        "1,250",
        "£1,250",
    ):
        assert said in text
    for private in (HOLDER, "Siân", certificate.facts["holder"]["address"].split("\n")[0]):
        assert private not in text
    assert "<b>Sons</b>" not in text
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_a_file_without_a_signature_is_said_to_be_ours_too(client, certificate):
    text = text_of(answer(client, unsigned(certificate)))
    assert "byte for byte" in text
    assert "Certificate 1 is valid" in text


def test_a_file_of_a_certificate_that_was_replaced_is_genuine_and_no_longer_stands(client, certificate, signed):
    issuing.replace_by_new(certificate, reason="Lost by Siân", by=factories.make_user())
    text = text_of(answer(client, signed))
    assert "This is the file that was issued" in text
    assert "Certificate 1 no longer stands" in text
    assert "Certificate 2 took its place" in text
    assert "Siân" not in text


def test_a_file_of_a_certificate_that_was_withdrawn_says_so(client, certificate, signed):
    certificates.withdraw(certificate, reason="A mistake", by=factories.make_user())
    text = text_of(answer(client, signed))
    assert "withdrew it on" in text
    assert "is valid" not in text


def test_a_changed_file_shows_nothing_of_the_certificate_but_its_number(client, certificate, signed):
    text = text_of(answer(client, signed + b"\n"))
    assert "This is not the file that was issued" in text
    assert "certificate 1 of Marlpit" in text
    assert "1,250" not in text
    assert "earlier version" not in text
    assert "earlier version" in text_of(answer(client, unsigned(certificate) + b"\n"))


def test_an_unknown_file_is_said_to_be_unknown(client, certificate):
    assert "We do not know this file" in text_of(answer(client, b"%PDF-1.4\nnothing"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\r\n", "This is not a PDF."),
        (b"PK\x03\x04", "This is not a PDF."),
        (b"%PDF-" + b"x" * 2_000_000, "larger than 2 MB"),
        (b"%PDF-" + b"x" * 3_000_000, "larger than 2 MB"),
    ],
)
def test_what_cannot_be_one_is_refused_at_the_field(client, certificate, content, words):
    response = answer(client, content)
    text = text_of(response)
    assert response.status_code == 200
    assert words in text
    assert "There is a problem" in text


def test_a_form_without_a_file_and_a_name_that_is_long(client):
    assert "Choose the PDF of a certificate." in text_of(client.post(ADDRESS, {}))
    assert "shorter one" in text_of(answer(client, b"%PDF-1.7", name="x" * 240 + ".pdf"))


def test_the_page_is_there_for_everybody_and_keeps_nothing(client, certificate, signed):
    text = text_of(client.get(ADDRESS))
    assert "multipart/form-data" in text
    assert client.head(ADDRESS).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        answer(client, signed)
    writes = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert writes, "the tries of a computer are counted"
    assert not [sql for sql in writes if "common_sharedvalue" not in sql]


def test_a_form_of_another_site_is_refused(certificate, signed):
    strict = Client(enforce_csrf_checks=True)
    assert answer(strict, signed).status_code == 403


def test_more_than_twenty_files_a_minute_have_to_wait(client, certificate):
    statuses = [answer(client, b"%PDF-1.4\n").status_code for _ in range(22)]
    assert statuses == [200] * 20 + [429] * 2
    assert client.get(ADDRESS).status_code == 200


def test_the_page_of_a_certificate_leads_here(client, certificate):
    assert ADDRESS in text_of(client.get(f"/v/{certificate.token}/"))
    assert ADDRESS in text_of(client.get("/v/mYf2-ab_cdefghijklmnopqrstu/"))


# The keys for everybody.


def test_the_public_keys_are_there_with_those_that_were_retired(client, certificate, signed):
    keys.rotate(certificate.society)
    slug = certificate.society.slug
    said = client.get(f"/societies/{slug}/signing-keys.json").json()
    assert [key["number"] for key in said["keys"]] == [2, 1]
    assert [bool(key["retired_at"]) for key in said["keys"]] == [False, True]
    pem = client.get(f"/societies/{slug}/signing-keys.pem").content.decode()
    assert pem == "".join(key["certificate"] for key in said["keys"])
    assert pem.count("BEGIN CERTIFICATE") == 2
    assert "PRIVATE" not in pem
    page = text_of(client.get(f"/societies/{slug}/signing-keys/"))
    for key in said["keys"]:
        assert key["sha256"] in page.replace("<wbr>", "")
    assert "in use since" in page
    assert "signed from" in page


def test_before_the_first_key_the_page_says_so(client):
    society = factories.make_society()
    assert "No key yet" in text_of(client.get(f"/societies/{society.slug}/signing-keys/"))
    assert client.get(f"/societies/{society.slug}/signing-keys.json").json()["keys"] == []
    for ending in ("/", ".json", ".pem"):
        assert client.get(f"/societies/nowhere/signing-keys{ending}").status_code == 404
