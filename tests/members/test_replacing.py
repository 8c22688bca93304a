"""A new certificate in place of one that is lost: another number, the same shares, and everything follows it."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from common.models import AuditEvent, OutgoingMail
from compliance import certificates
from compliance.models import Certificate, CertificateEnd
from members import books, corrections, emails
from members.certificates import replace_by_new
from members.models import LedgerEntry, Numbering, Particulars
from members.views.office.certificates import standing
from offers.choices import OfficerRole
from tests import factories
from tests.compliance.test_certificate_pdf import text_of
from tests.concurrency.threads import at_once

pytestmark = pytest.mark.django_db
REASON = "Lost in the flood of her mother's house"


@pytest.fixture
def old():
    offer = factories.make_offer()
    for name in ("Ann Reed", "Bo Ash"):
        person = factories.person(name, email=f"{name[:2].lower()}@x.example")
        factories.paid(offer, 1_000_00, by_whom=factories.applicant(person))
    factories.close_and_decide(offer)
    return next(each for each in Certificate.objects.all() if each.facts["holder"]["name"] == "Ann Reed")


def replaced(certificate: Certificate) -> Certificate:
    return replace_by_new(certificate, reason=REASON, by=factories.make_user())


def test_the_new_one_has_the_next_number_and_the_same_shares(old):
    last = Numbering.objects.get(society_id=old.society_id).last_certificate
    new = replaced(old)
    assert new.number == last + 1 == Numbering.objects.get(society_id=old.society_id).last_certificate
    same = ("shares", "amount_pence", "share_class", "entries", "member_number", "offer")
    assert {name: new.facts[name] for name in same} == {name: old.facts[name] for name in same}
    assert (new.facts["in_place_of"], new.facts["issued_on"]) == (old.number, new.issued_on.isoformat())
    assert new.issued_on == old.issued_on  # the allotment of this test is in the future: never dated before the first
    assert new.token != old.token
    end = CertificateEnd.objects.get(certificate=old)
    assert (end.kind, end.replaced_by, end.reason) == ("replaced", new, REASON)
    assert (certificates.status(old), certificates.status(new)) == ("replaced", "valid")
    assert list(books.faults()) == []
    assert AuditEvent.objects.get(act="certificate.replace").facts == {"number": new.number, "in_place_of": old.number}


def test_it_says_who_the_register_names_today(old):
    said = Particulars.objects.get(member=old.member)
    fields = {field.attname: getattr(said, field.attname) for field in said._meta.fields if field.name != "id"}
    Particulars.objects.create(**fields | {"name": "Ann Reed-Ash", "recorded_at": said.recorded_at + timedelta(days=1)})
    new = replaced(old)
    assert new.facts["holder"]["name"] == "Ann Reed-Ash"
    assert Certificate.objects.get(pk=old.pk).facts["holder"]["name"] == "Ann Reed"


def test_what_no_longer_stands_is_not_replaced_again(old):
    replaced(old)
    with pytest.raises(ValidationError, match="no longer stands"):
        replaced(old)
    assert Certificate.objects.filter(society_id=old.society_id).count() == 3


def test_the_member_is_sent_it(old, client):
    new = replaced(old)
    mail = OutgoingMail.objects.get(kind="certificate-replaced")
    assert (mail.to, mail.subject_id) == ("an@x.example", new.pk)
    built = emails.certificate_replaced(mail)
    assert f"takes the place of certificate {old.number}" in built.text
    (file,) = built.files
    text = text_of(file[1])
    assert f"In place of certificate {old.number}" in text
    assert "Ann Reed" in text
    assert REASON not in built.text + text


def test_its_chain_is_followed_when_an_entry_is_reversed(old):
    newest = replaced(replaced(old))
    assert certificates.newest(old) == newest
    entry = LedgerEntry.objects.get(certificate=old)
    corrections.correct(entry, reason="Entered twice", by=factories.make_user())
    assert certificates.status(newest) == "withdrawn"
    assert certificates.status(old) == "replaced"


def test_books_see_a_new_one_that_says_other_shares(old):
    facts = old.facts | {"number": 3, "shares": 999}
    wrong = certificates.draft(society_id=old.society_id, member=old.member, facts=facts, issued_on=old.issued_on)
    wrong.save()
    Numbering.objects.filter(society_id=old.society_id).update(last_certificate=3)
    certificates.replace(old, by_new=wrong, reason="x", by=factories.make_user())
    (fault,) = books.faults()
    assert (fault.invariant, fault.subject) == ("I6", "certificate 3")
    assert "says 999 shares, its entries 1000" in fault.wrong


# At the doors.


@pytest.fixture
def page(old, client):
    client.force_login(factories.make_officer(old.society))
    return f"/office/{old.society.slug}/register/members/{old.member.number}/certificates/{old.number}/"


def test_an_officer_replaces_it(old, client, page):
    assert f"{page}replace/" in client.get(page).content.decode()
    asked = client.get(f"{page}replace/").content.decode()
    assert f"Replace certificate {old.number}?" in asked
    refused = client.post(f"{page}replace/", {"reason": " "})
    assert "Say why it is replaced" in html.unescape(refused.content.decode())
    assert not CertificateEnd.objects.exists()
    done = client.post(f"{page}replace/", {"reason": REASON}, follow=True).content.decode()
    new = Certificate.objects.get(number=3)
    assert "Certificate 3 is issued." in done
    assert "Share certificate 3" in done
    was = client.get(page).content.decode()
    assert "certificate 3 took its place" in was
    assert f"{page}replace/" not in was
    again = client.post(f"{page}replace/", {"reason": REASON})
    assert f"Certificate {old.number} no longer stands." in again.content.decode()
    public = client.get(f"/v/{old.token}/").content.decode()
    assert "certificate 3 took its place" in public
    assert "flood" not in public
    assert "is valid" in client.get(f"/v/{new.token}/").content.decode()


def test_an_auditor_and_a_stranger_replace_nothing(old, client):
    address = f"/office/{old.society.slug}/register/members/{old.member.number}/certificates/{old.number}/"
    client.force_login(factories.make_officer(old.society, OfficerRole.AUDITOR))
    assert "replace/" not in client.get(address).content.decode()
    auditor = factories.make_officer(old.society, OfficerRole.AUDITOR)
    for user in (auditor, factories.make_officer(factories.make_society())):
        client.force_login(user)
        assert client.post(f"{address}replace/", {"reason": REASON}).status_code == 404
    assert not CertificateEnd.objects.exists()


def test_what_is_handed_out_for_the_offer_and_the_application_is_the_new_one(old, client, page):
    entry = LedgerEntry.objects.get(certificate=old)
    newest = replaced(replaced(old))
    assert newest in standing(old.society, entry.offer)
    assert old not in standing(old.society, entry.offer)
    assert standing(old.society, entry.offer).count() == standing(old.society).count() == 2
    file = client.get(f"/a/{entry.application.token}/certificate.pdf")
    assert f"Certificate number {newest.number}" in text_of(file.content)


def test_verify_books_passes(old, capsys):
    replaced(old)
    call_command("verify_books")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_refused(old):
    """The society's numbering is the lock: two officers press the button, one new certificate is issued."""
    by = factories.make_user()
    results = at_once(*[lambda: replace_by_new(old, reason=REASON, by=by)] * 4)
    assert sum(isinstance(result, Certificate) for result in results) == 1
    assert Certificate.objects.filter(society_id=old.society_id).count() == 3
