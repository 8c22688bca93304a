"""Acts on a member's row at the doors: who asks, who approves, what each sees, and what nobody outside does."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile

from common import clock
from common.models import AuditEvent
from members import details, freezes
from members.models import Freeze, LedgerEntry, Particulars, PreparedChange
from offers.choices import OfficerRole
from tests import factories
from tests.doors.test_statutory import day

pytestmark = pytest.mark.django_db
SAID = {"name": "Ann Reed", "address": "9 New Road\nMarlpit", "postcode": "NR11 7LG", "country": "gb",
        "email": "ann@example.org", "email_purposes": ["notices"]}  # fmt: skip
PDF = b"%PDF-1.7 a letter"


@pytest.fixture
def member():
    offer = factories.make_offer()
    person = factories.person("Ann Reed", email="ann@example.org")
    factories.paid(offer, 1_000_00, by_whom=factories.applicant(person))
    factories.close_and_decide(offer)
    with clock.stopped(offer.decided_at + timedelta(days=3)):
        yield LedgerEntry.objects.get(kind="allotment").member


@pytest.fixture
def page(member):
    return f"/office/{member.society.slug}/register/members/{member.number}/"


def officer(client, member, role=OfficerRole.SECRETARY):
    user = factories.make_officer(member.society, role)
    client.force_login(user)
    return user


def own(client, email="ann@example.org"):
    user = factories.make_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    client.force_login(user)
    return user


def text(response, status=200) -> str:
    assert response.status_code == status
    return " ".join(html.unescape(response.content.decode()).split())


# Freezing.


def test_an_officer_freezes_and_two_end_it(client, member, page):
    officer(client, member)
    assert f"{page}freeze/" in text(client.get(page))
    refused = text(client.post(f"{page}freeze/", {"reason": "A letter"}))
    assert "Choose why the holding is frozen" in refused
    assert "A letter" in refused
    done = text(client.post(f"{page}freeze/", {"ground": "death", "reason": "Told by her son"}, follow=True))
    assert "No share leaves this holding from now on" in done
    assert "This holding is frozen" in text(client.get(page))
    found = Freeze.objects.get()
    end = f"/office/{member.society.slug}/register/freezes/{found.pk}/"
    assert "Say why shares may move again" in text(client.post(end, {"act": "prepare", "reason": ""}))
    client.post(end, {"act": "prepare", "reason": "It was her sister"})
    waits = freezes.waiting(found)
    assert "Another officer must sign in" in text(client.get(end))
    approve = {"act": "approve", "approval": waits.pk}
    assert "You prepared this" in text(client.post(end, approve, follow=True))
    officer(client, member, OfficerRole.TREASURER)
    assert "Needs you" in text(client.get(f"/office/{member.society.slug}/"))
    assert "no longer waits" in text(client.post(end, {"act": "approve", "approval": "x"}))
    assert "Shares may move again" in text(client.post(end, approve, follow=True))
    assert "This holding is frozen" not in text(client.get(page))
    assert "It has ended" in text(client.get(end))
    assert "ended already" in text(client.post(end, approve))


def test_a_freeze_is_seen_by_officers_only(client, member, page):
    sian = officer(client, member)
    freezes.freeze(member, ground="dispute", reason="A letter of her sister", by=sian)
    ann = own(client)
    for address in ("/your-shares/", f"/your-shares/accounts/{member.pk}/"):
        shown = text(client.get(address)).lower()
        assert "frozen" not in shown
        assert "sister" not in shown
    client.logout()
    shown = text(client.get(f"/societies/{member.society.slug}/")) + text(
        client.get(f"/societies/{member.society.slug}/ledger/")
    )
    assert "frozen" not in shown.lower()
    client.force_login(ann)
    assert client.get(f"{page}freeze/").status_code == 404


def test_an_auditor_looks_and_does_nothing(client, member, page):
    found = freezes.freeze(member, ground="order", reason="An order", by=factories.make_officer(member.society))
    officer(client, member, OfficerRole.AUDITOR)
    shown = text(client.get(f"{page}freeze/"))
    assert "An order" in shown
    assert "Freeze it now" not in shown
    assert client.post(f"{page}freeze/", {"ground": "death", "reason": "x"}).status_code == 403
    end = f"/office/{member.society.slug}/register/freezes/{found.pk}/"
    assert "Put it before" not in text(client.get(end))
    assert client.post(end, {"act": "prepare", "reason": "x"}).status_code == 404
    assert client.post(f"{page}details/", SAID | {"act": "prepare"}).status_code == 404
    assert "Nothing waits" in text(client.get(f"{page}details/"))


# Details.


def test_two_officers_change_a_name_and_the_past_stays(client, member, page):
    officer(client, member)
    asked = SAID | {"act": "prepare", "name": "Ann Ash", "reason": "Certificate of marriage"} | day("on", clock.today())
    wrong = text(client.post(f"{page}details/", asked | {"reason": ""}))
    assert "Say how you know of the change" in wrong
    assert "Ann Ash" in wrong
    for bad in (SimpleUploadedFile("a.pdf", b"<svg>"), SimpleUploadedFile("a.pdf", PDF + b" " * 2_100_000)):
        assert "at most 2 MB" in text(client.post(f"{page}details/", asked | {"paper": bad}))
    huge = SimpleUploadedFile("a.pdf", PDF + b" " * 2_700_000)
    assert "larger than 2 MB" in text(client.post(f"{page}details/", asked | {"paper": huge}))
    done = client.post(f"{page}details/", asked | {"paper": SimpleUploadedFile("m.pdf", PDF)}, follow=True)
    assert "Needs another officer" in text(done)
    waits = details.waiting(member)
    assert "must compare and approve" in text(client.get(f"{page}details/"))
    officer(client, member, OfficerRole.TREASURER)
    shown = text(client.get(f"{page}details/"))
    assert "Ann Ash" in shown
    assert "Certificate of marriage" in shown
    change = PreparedChange.objects.get()
    paper = client.get(f"{page}papers/{change.pk}/")
    assert (paper.content, paper["Content-Type"]) == (PDF, "application/pdf")
    assert paper["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(act="paper.open", subject_id=change.pk).count() == 1
    done = text(client.post(f"{page}details/", {"act": "approve", "approval": waits.pk}, follow=True))
    assert "The register says so now" in done
    assert "What it said before" in done
    assert Particulars.objects.filter(member=member).last().name == "Ann Ash"
    stale = text(client.post(f"{page}details/", {"act": "approve", "approval": waits.pk}))
    assert "no longer waits" in stale


def test_an_auditor_and_a_stranger_see_no_paper(client, member, page):
    officer(client, member)
    asked = SAID | {"act": "prepare", "reason": "x"} | day("on", clock.today())
    client.post(f"{page}details/", asked | {"paper": SimpleUploadedFile("m.pdf", PDF)})
    address = f"{page}papers/{PreparedChange.objects.get().pk}/"
    officer(client, member, OfficerRole.AUDITOR)
    assert client.get(address).status_code == 404
    client.force_login(factories.make_officer(factories.make_society()))
    assert client.get(address).status_code == 404
    officer(client, member)
    client.post(f"{page}details/", {"act": "withdraw"})
    assert client.get(address).status_code == 404  # what was not done is forgotten


def test_a_member_asks_for_another_address(client, member, page):
    own(client)
    address = f"/your-shares/accounts/{member.pk}/details/"
    assert address in text(client.get(f"/your-shares/accounts/{member.pk}/"))
    assert "2 Low Street" in client.get(address).content.decode()
    wrong = text(client.post(address, SAID | {"name": "Ann Ash"}))
    assert "Say why the name changes" in wrong
    assert "Ann Ash" in wrong
    assert "says all of this already" in text(client.post(address, SAID | {"address": "2 Low Street\nMarlpit"}))
    assert "Sent to the society" in text(client.post(address, SAID, follow=True))
    assert "takes its place" in text(client.get(address))
    officer(client, member)
    assert "Change the details of member" in text(client.get(f"/office/{member.society.slug}/"))
    shown = text(client.get(f"{page}details/"))
    assert "signed in as the member" in shown
    waits = details.waiting(member)
    client.post(f"{page}details/", {"act": "approve", "approval": waits.pk})
    assert Particulars.objects.filter(member=member).last().address == "9 New Road\nMarlpit"


def test_what_an_address_was_given_for_otherwise_stays(client, member):
    said = Particulars.objects.get(member=member)
    fields = {field.attname: getattr(said, field.attname) for field in said._meta.concrete_fields if field.name != "id"}
    purposes = {"email_purposes": "application, certificate and notices", "recorded_at": clock.now()}
    Particulars.objects.create(**fields | purposes)
    own(client)
    address = f"/your-shares/accounts/{member.pk}/details/"
    same = SAID | {"address": "2 Low Street\nMarlpit"}
    assert "says all of this already" in text(client.post(address, same))
    client.post(address, same | {"email_purposes": ["notices", "papers"]})
    assert (
        details.asked(details.waiting(member)).said["email_purposes"] == "application, certificate, notices and papers"
    )


def test_nobody_asks_for_another(client, member):
    own(client, "bob@example.org")
    address = f"/your-shares/accounts/{member.pk}/details/"
    assert client.get(address).status_code == client.post(address, SAID).status_code == 404
    assert not PreparedChange.objects.exists()


def test_an_address_that_the_register_no_longer_has_opens_nothing(client, member):
    """The register's address opens the account; once another stands there, the old one does not."""
    sian, tess = (factories.make_officer(member.society) for _ in range(2))
    member.holder.parts.get().party.__class__.objects.filter(name="Ann Reed").update(email="")
    own(client)
    assert client.get(f"/your-shares/accounts/{member.pk}/").status_code == 200
    told = details.Details.of({**{name: getattr(details.newest(member), name) for name in details.FIELDS},
                               "email": "ann@new.example"})  # fmt: skip
    waits = details.ask(member, told, on=clock.today(), reason="Letter", by=sian)
    details.approve(member, approval_id=waits.pk, by=tess)
    assert client.get(f"/your-shares/accounts/{member.pk}/").status_code == 404
