"""Certificates at the doors: the book, certificates in bulk as files and to print, and each as a page to read."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from contextlib import closing
from datetime import timedelta

import openpyxl
import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops

from common import clock
from common.models import AuditEvent
from compliance import certificate_bulk, certificate_pdf, certificates
from compliance.models import Certificate, CertificateEnd
from members import corrections
from members.models import LedgerEntry
from offers.choices import OfficerRole
from tests import factories
from tests.compliance.test_certificate_pdf import text_of
from tests.doors.test_mine import signed_in

pytestmark = pytest.mark.django_db
HOSTILE = "=cmd|' /C calc'!A0 ../../etc/passwd"
NAMES = ["Ann Reed", "Bo Ash", "Siân Ŵyn Llŷr", "漢字 Reed", HOSTILE]


@pytest.fixture
def offer():
    offer = factories.make_offer()
    for name in NAMES:
        factories.paid(offer, 500_00, by_whom=factories.applicant(factories.person(name)))
    factories.close_and_decide(offer)
    with clock.stopped(offer.decided_at + timedelta(hours=1)):
        yield offer


@pytest.fixture
def society(offer):
    return offer.society


@pytest.fixture
def desk(client, society):
    client.force_login(factories.make_officer(society))
    return f"/office/{society.slug}"


def sent(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content)


def issued(society) -> list[Certificate]:
    return list(Certificate.objects.filter(society=society).order_by("number"))


def holder_of(certificate: Certificate) -> str:
    return certificate.facts["holder"]["name"]


def withdraw(certificate: Certificate) -> None:
    entry = LedgerEntry.objects.get(society_id=certificate.society_id, certificate=certificate)
    corrections.correct(entry, reason="Entered twice", by=factories.make_user())


# In bulk, as single files.


def test_the_certificates_of_an_offer_come_as_files_that_are_the_same_each_time(client, desk, offer, society):
    first = sent(client, f"{desk}/offers/{offer.slug}/certificates.zip")
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    drawn = {
        certificate_bulk.file_name(certificate): certificate_pdf.draw(certificate.facts, token=certificate.token)
        for certificate in issued(society)
    }
    assert files == drawn
    assert sent(client, f"{desk}/offers/{offer.slug}/certificates.zip") == first
    assert sent(client, f"{desk}/register/certificates/valid.zip") == first


def test_the_names_of_files_are_plain_whatever_the_holder_is_called(client, desk, offer):
    with zipfile.ZipFile(io.BytesIO(sent(client, f"{desk}/register/certificates/valid.zip"))) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names)) == len(NAMES)
    for name in names:
        assert re.fullmatch(r"certificate-\d{5}(-[a-z0-9]+)*\.pdf", name), name
    assert {"sian-wyn-llyr", "reed", "cmd-c-calca0-etcpasswd"} <= {name[18:-4] for name in names}


def test_what_no_longer_stands_is_not_handed_out_and_other_offers_are_another_file(client, desk, offer, society):
    other = factories.make_offer(society)
    factories.paid(other, 1_000_00, by_whom=factories.applicant(factories.person("Olu Ade")))
    factories.close_and_decide(other)
    gone = next(certificate for certificate in issued(society) if holder_of(certificate) == "Ann Reed")
    withdraw(gone)
    with zipfile.ZipFile(io.BytesIO(sent(client, f"{desk}/register/certificates/valid.zip"))) as archive:
        everything = archive.namelist()
    with zipfile.ZipFile(io.BytesIO(sent(client, f"{desk}/offers/{other.slug}/certificates.zip"))) as archive:
        assert [name[18:] for name in archive.namelist()] == ["olu-ade.pdf"]
    assert len(everything) == len(NAMES)
    assert certificate_bulk.file_name(gone) not in everything


def test_another_society_gets_its_own_only(client, offer):
    other = factories.make_offer()
    factories.paid(other, 1_000_00, by_whom=factories.applicant(factories.person("Olu Ade")))
    factories.close_and_decide(other)
    with clock.stopped(other.decided_at + timedelta(hours=1)):
        look_at_the_other(client, offer, other)


def look_at_the_other(client, offer, other):
    client.force_login(factories.make_officer(other.society))
    desk = f"/office/{other.society.slug}"
    with zipfile.ZipFile(io.BytesIO(sent(client, f"{desk}/register/certificates/valid.zip"))) as archive:
        assert [name[18:] for name in archive.namelist()] == ["olu-ade.pdf"]
    book = csv_of(client, desk)
    assert [row["holder_name"] for row in book] == ["Olu Ade"]
    for file in ("certificates.zip", "certificates.pdf"):
        assert client.get(f"{desk}/offers/{offer.slug}/{file}").status_code == 404
        assert client.get(f"/office/{offer.society.slug}/offers/{offer.slug}/{file}").status_code == 404


def test_files_are_drawn_while_they_are_sent(society, monkeypatch):
    drawn = []
    draw = certificate_pdf.draw
    monkeypatch.setattr(certificate_pdf, "draw", lambda facts, token: drawn.append(1) or draw(facts, token=token))
    pieces = certificate_bulk.as_zip(issued(society))
    assert len(next(pieces)) > 20_000
    assert len(drawn) == 1


def test_who_took_them_is_written_down(client, desk, offer):
    sent(client, f"{desk}/offers/{offer.slug}/certificates.pdf")
    note = AuditEvent.objects.get(act="certificates.download")
    assert (note.subject_id, note.facts) == (offer.pk, {"kind": "pdf", "number": len(NAMES)})


def test_where_there_is_none_it_says_so(client):
    society = factories.make_society()
    client.force_login(factories.make_officer(society))
    response = client.get(f"/office/{society.slug}/register/certificates/valid.zip", follow=True)
    text = response.content.decode()
    assert "There is no valid certificate here." in text
    assert "No certificate yet" in text
    draft = factories.make_offer(society)
    response = client.get(f"/office/{society.slug}/offers/{draft.slug}/certificates.pdf", follow=True)
    assert "There is no valid certificate here." in response.content.decode()


# To print.


def test_one_file_to_print_has_a_page_for_each_that_looks_like_its_own_file(client, desk, offer, society):
    made = sent(client, f"{desk}/offers/{offer.slug}/certificates.pdf")
    assert sent(client, f"{desk}/offers/{offer.slug}/certificates.pdf") == made
    certificates_ = issued(society)
    with closing(pypdfium2.PdfDocument(made)) as run:
        assert len(run) == len(certificates_)
        for page, certificate in zip(run, certificates_, strict=True):
            own = certificate_pdf.draw(certificate.facts, token=certificate.token)
            with closing(pypdfium2.PdfDocument(own)) as single:
                pictures = [each.render(scale=1).to_pil().convert("L") for each in (page, single[0])]
                said = [each.get_textpage().get_text_bounded() for each in (page, single[0])]
            assert ImageChops.difference(*pictures).getbbox() is None, holder_of(certificate)
            assert said[0] == said[1]


def test_a_file_to_print_is_whole_has_our_fonts_once_and_is_never_scaled(client, desk, offer):
    with pikepdf.open(io.BytesIO(sent(client, f"{desk}/offers/{offer.slug}/certificates.pdf"))) as run:
        assert run.check_pdf_syntax() == []
        assert str(run.docinfo["/Title"]) == f"Share certificates: {offer.title}"
        assert str(run.Root.ViewerPreferences.PrintScaling) == "/None"
        assert str(run.Root.Lang) == "en-GB"
        fonts = [page.Resources.Font.objgen for page in run.pages]
        assert len(set(fonts)) == len(fonts) - 1  # Ann Reed's and Bo Ash's sheets are one
        for page in run.pages:
            operators = b"".join(part.read_bytes() for part in list(page.Contents)[1:])
            assert b"BDC" not in operators
            assert b"EMC" not in operators


def test_many_pages_make_a_tree(society):
    """More pages than one node of the tree holds."""
    rows = issued(society)[:1] * 450
    made = b"".join(certificate_bulk.to_print(rows, title="Many"))
    with pikepdf.open(io.BytesIO(made)) as run:
        assert len(run.pages) == 450
        assert [int(node.Count) for node in run.Root.Pages.Kids] == [200, 200, 50]
    assert len(made) < 450 * 5_000


# The book.


def csv_of(client, desk: str) -> list[dict]:
    text = sent(client, f"{desk}/register/certificates.csv").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_book_has_every_number_and_what_became_of_it(client, desk, offer, society):
    first, second, *others = issued(society)
    withdraw(first)
    new = certificates.draft(society_id=society.pk, member=second.member, issued_on=second.issued_on,
                             facts=second.facts | {"number": 99})  # fmt: skip
    new.save()
    CertificateEnd.objects.create(society=society, certificate=second, kind="replaced", replaced_by=new, reason="Lost",
                                  ended_at=clock.now(), ended_by=factories.make_user())  # fmt: skip
    book = csv_of(client, desk)
    assert [int(row["certificate_no"]) for row in book] == [c.number for c in (first, second, *others, new)]
    assert [row["state"] for row in book] == ["withdrawn", "replaced", *["valid"] * (len(others) + 1)]
    assert book[0]["ended_because"].endswith("Entered twice")
    assert (book[1]["replaced_by_certificate"], book[-1]["replaces_certificate"]) == ("99", str(second.number))
    assert book[0]["amount_paid"] == "500.00"
    assert book[0]["facts_sha256"] == first.facts_sha256
    shown = client.get(f"{desk}/register/certificates/").content.decode()
    assert "by 99 on" in shown
    assert f"in place of {second.number}" in shown
    assert "Entered twice" in shown
    for state, numbers in {"withdrawn": [first], "replaced": [second], "valid": [*others, new]}.items():
        listed = client.get(f"{desk}/register/certificates/?state={state}").context["page"]
        assert [row["certificate_no"] for row in listed] == [certificate.number for certificate in numbers]


def test_nothing_in_the_book_is_a_formula(client, desk, offer):
    (hostile,) = [row for row in csv_of(client, desk) if "calc" in row["holder_name"]]
    assert hostile["holder_name"] == "'" + HOSTILE
    sheet = openpyxl.load_workbook(io.BytesIO(sent(client, f"{desk}/register/certificates.xlsx"))).active
    (cell,) = [cell for row in sheet for cell in row if cell.value == HOSTILE]
    assert cell.data_type == "s"


def test_the_book_is_searched_by_name_and_number(client, desk, offer, society):
    for search, names in {
        "ŵyn": ["Siân Ŵyn Llŷr"],
        "reed": ["Ann Reed", "漢字 Reed"],
        "100%": [],
        "_nn": [],
        "o a": ["Bo Ash"],
    }.items():
        page = client.get(f"{desk}/register/certificates/", {"search": search}).context["page"]
        assert sorted(row["holder_name"] for row in page) == names, search
    last = issued(society)[-1]
    page = client.get(f"{desk}/register/certificates/", {"search": str(last.number)}).context["page"]
    assert [row["certificate_no"] for row in page] == [last.number]
    assert "No certificate found" in client.get(f"{desk}/register/certificates/?search=nobody").content.decode()
    assert client.get(f"{desk}/register/certificates/?state=odd&page=7").status_code == 200


def test_an_office_without_the_register_sees_the_book_and_takes_nothing(client, society):
    client.force_login(factories.make_officer(society, OfficerRole.BOARD))
    desk = f"/office/{society.slug}"
    assert "valid.zip" not in client.get(f"{desk}/register/certificates/").content.decode()
    for file in ("s.csv", "s.xlsx", "s/valid.zip", "s/valid.pdf"):
        assert client.get(f"{desk}/register/certificate{file}").status_code == 404


def test_the_pages_lead_there(client, desk, offer):
    assert f"{desk}/register/certificates/" in client.get(f"{desk}/register/").content.decode()
    page = client.get(f"{desk}/offers/{offer.slug}/").content.decode()
    assert f"{desk}/offers/{offer.slug}/certificates.zip" in page
    assert "5 certificates that stand" in page
    book = client.get(f"{desk}/register/certificates/").content.decode()
    for file in ("s.csv", "s.xlsx", "s/valid.zip", "s/valid.pdf"):
        assert f"{desk}/register/certificate{file}" in book


# As a page.


def plainly(markup: str) -> str:
    """The text of a page; where a tag stood, a blank."""
    return " ".join(html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", markup, flags=re.S)).split())


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def test_the_page_says_what_the_file_says(client, society):
    certificate = next(certificate for certificate in issued(society) if "Ŵyn" in holder_of(certificate))
    signed_in(client, holder_email(certificate))
    page = client.get(f"/your-shares/certificates/{certificate.pk}/").content.decode()
    (article,) = re.findall(r'<article lang="en-GB".*?</article>', page, re.S)
    made = text_of(certificate_pdf.draw(certificate.facts, token=certificate.token))
    shown = plainly(article)
    assert words(made) - words(shown) <= {"share", "certificate", "scan", "or", "open"}
    for part in ("Siân Ŵyn Llŷr", "Five hundred shares", "£500", "paid in full", "Each member has one vote"):
        assert part in shown
    assert "This certificate is valid." in page
    assert f"/your-shares/certificates/{certificate.pk}.pdf" in page
    assert f"/your-shares/certificates/{certificate.pk}/" in client.get("/your-shares/").content.decode()


def holder_email(certificate: Certificate) -> str:
    return certificate.member.holder.parties.get().email


def test_the_page_says_when_it_no_longer_stands(client, desk, society):
    certificate = issued(society)[0]
    withdraw(certificate)
    page = f"{desk}/register/members/{certificate.member.number}/certificates/{certificate.number}/"
    text = client.get(page).content.decode()
    assert "it was withdrawn on" in text
    assert "Entered twice" not in text
    signed_in(client, holder_email(certificate))
    assert "it was withdrawn on" in client.get(f"/your-shares/certificates/{certificate.pk}/").content.decode()


def test_a_hostile_name_is_text_on_the_page(client, desk, society):
    certificate = issued(society)[0]
    facts = certificate.facts | {"number": 50, "holder": certificate.facts["holder"] | {"name": "<script>x</script>"}}
    bad = certificates.draft(
        society_id=society.pk, member=certificate.member, facts=facts, issued_on=certificate.issued_on
    )
    bad.save()
    text = client.get(f"{desk}/register/members/{bad.member.number}/certificates/50/").content.decode()
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


def test_nobody_elses_certificate_is_there(client, society):
    certificate = issued(society)[0]
    signed_in(client, "stranger@example.org")
    assert client.get(f"/your-shares/certificates/{certificate.pk}/").status_code == 404
    client.force_login(factories.make_officer(factories.make_society()))
    address = f"register/members/{certificate.member.number}/certificates/{certificate.number}"
    for end in (".pdf", "/"):
        assert client.get(f"/office/{society.slug}/{address}{end}").status_code == 404
