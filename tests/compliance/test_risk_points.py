"""The risk statement: its words are locked by a hash, and the whole of it stands at each of its five points."""

from datetime import date

import pytest

from common.models import OutgoingMail
from compliance import canonical, risk, rulesets
from offers import emails, summary_pdf
from offers.choices import HolderKind
from tests import factories
from tests.compliance.test_certificate_pdf import pages_of, text_of
from tests.doors.test_applying import base, fill_in

pytestmark = pytest.mark.django_db
LAW = rulesets.rule_set("GB-ENG", date(2026, 11, 24))


def plain(text: str) -> str:
    return " ".join(text.replace("&#x27;", "'").split())


def whole(text: str) -> bool:
    """Whether every word of the statement stands in a text."""
    said = [risk.english()["headline"], *(part for pair in risk.english()["parts"] for part in pair)]
    return all(plain(words) in plain(text) for words in said)


def test_other_words_are_another_version():
    assert risk.VERSIONS[risk.VERSION] == risk.sha256()
    changed = risk.english() | {"headline": "Invest."}
    assert canonical.sha256(changed) not in risk.VERSIONS.values()


def test_the_five_points_are_those_of_the_law_of_each_place():
    assert sorted(risk.SHOWN_AT) == sorted(LAW.figure("risk_points").value)


def test_it_stands_on_the_page_of_the_offer_in_its_summary_and_before_the_declaration(client):
    offer = factories.make_offer()
    here = f"/societies/{offer.society.slug}/offers/{offer.slug}/"
    page = client.get(here).content.decode()
    assert whole(page)
    assert page.index(risk.english()["headline"]) < page.index("Apply for shares")
    assert whole(text_of(summary_pdf.draw(offer)))
    summary = client.get(here + "summary.pdf")
    assert summary["Content-Type"] == "application/pdf"
    assert pages_of(summary.content) == 1
    fill_in(client, offer, HolderKind.PERSON)
    declaration = client.get(f"{base(offer)}risks/").content.decode()
    assert whole(declaration)
    assert 'type="checkbox"' in declaration


def test_it_stands_in_the_letter_that_confirms_an_application():
    application = factories.submit(factories.make_offer())
    mail = OutgoingMail.objects.get(kind="application-received", subject_id=application.pk)
    assert whole(emails.received(mail).text)


def test_each_application_keeps_the_version_and_the_hash():
    application = factories.submit(factories.make_offer())
    assert application.declarations["risk_version"] == risk.VERSION
    assert application.declarations["risk_sha256"] == risk.VERSIONS[risk.VERSION]
