"""The statutory register at the doors: downloads, officers, inspections, what is missing, a member's own account."""

import re
from datetime import timedelta

import pytest

from common import clock, outbox
from common.models import OutgoingMail
from members.models import Inspection, Member, OfficeHeld, OtherProperty, Particulars, SealedDownload
from offers.choices import OfficerRole
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def society():
    society = factories.make_society()
    offer = factories.make_offer(society)
    factories.paid(offer, 1_000_00, by_whom=factories.applicant(factories.person("Ada Lark", email="ada@example.org")))
    factories.close_and_decide(offer)
    with clock.stopped(offer.decided_at + timedelta(days=3)):
        yield society


@pytest.fixture
def desk(client, society):
    client.force_login(factories.make_officer(society))
    return f"/office/{society.slug}/register/"


def day(name: str, on) -> dict:
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def read(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_download_is_kept_as_a_fact_and_comes_again(client, society, desk):
    page = client.get(desk + "downloads/", day("on", clock.today()) | {"joint": "rows"})
    assert b"register.pdf?" in page.content
    first = client.get(desk + "register.csv", {"address": "short"})
    content = read(first)
    sealed = SealedDownload.objects.get(society=society)
    assert (first["X-Content-SHA256"], sealed.parameters["address"]) == (sealed.sha256, "short")
    assert b"register.csv" in client.get(desk + "downloads/all/").content
    assert b"to the last byte" in client.get(f"{desk}downloads/{sealed.pk}/?check=1").content
    assert read(client.get(f"{desk}downloads/{sealed.pk}/again/")) == content
    read(client.get(desk + "register.json", {"address": "short"}))
    other = SealedDownload.objects.get(society=society, kind="json")
    assert b"the two say the same" in client.get(f"{desk}downloads/{sealed.pk}/changes/{other.pk}/").content
    read(client.get(desk + "ledger.csv"))
    ledger = SealedDownload.objects.get(society=society, what="ledger")
    assert client.get(f"{desk}downloads/{sealed.pk}/changes/{ledger.pk}/").status_code == 404


@pytest.mark.parametrize("wrong", [{"who": "x"}, {"joint": "x"}, {"share_class": "x"}, {"on_day": "1"}])
def test_a_question_that_makes_no_sense_gives_no_file(client, society, desk, wrong):
    assert client.get(desk + "register.csv", wrong).status_code == 404
    assert not SealedDownload.objects.exists()


def test_a_first_day_after_the_last_is_said_at_the_field(client, society, desk):
    asked = day("on", clock.today()) | day("since", clock.today() + timedelta(days=1))
    assert b"must not be after the day" in client.get(desk + "downloads/", asked).content


OFFICER = {"name": "Eve Moss", "address": "3 Lane\nMarlpit", "office": "Chair", "email": "", "left_office_on_day": ""}


def test_an_officer_is_entered_and_leaves(client, society, desk):
    today = clock.today()
    assert b"Enter the office" in client.post(desk + "officers/", OFFICER | {"office": ""}).content
    assert client.post(desk + "officers/", OFFICER | day("took_office_on", today)).status_code == 302
    held = OfficeHeld.objects.get(society=society)
    address = f"{desk}officers/{held.tenure}/"
    assert b"Eve Moss" in client.get(address).content
    change = OFFICER | day("took_office_on", today) | day("on", today)
    early = client.post(address, change | day("left_office_on", today - timedelta(days=9)))
    assert b"before it was taken" in early.content
    silent = client.post(address, change | {"email": "eve@example.org"})
    assert b"for what the electronic address" in silent.content
    assert client.post(address, change | day("left_office_on", today)).status_code == 302
    assert OfficeHeld.objects.filter(society=society, tenure=held.tenure, left_office_on=today).count() == 1
    assert client.get(f"{desk}officers/{society.pk}/").status_code == 404


def test_other_property_comes_and_never_goes_back_beyond_what_came(client, society, desk):
    address, said = f"{desk}members/4/property/", {"kind": "loan", "description": "Loan of May"}
    said |= day("on", clock.today())
    assert client.post(address, said | {"way": "in", "amount_pence": "500"}).status_code == 302
    assert b"more than the register shows" in client.post(address, said | {"way": "out", "amount_pence": "501"}).content
    assert client.post(address, said | {"way": "out", "amount_pence": "200"}).status_code == 302
    assert [row.amount_pence for row in OtherProperty.objects.all()] == [500_00, -200_00]
    assert b"loan \xc2\xa3300.00" in read(client.get(desk + "register.csv"))


def test_an_inspection_is_written_down_marked_and_closes(client, society, desk):
    said = {"asked_by_name": "Bea Fox", "capacity": "member", "reason": "To write to all", "told": "on"}
    assert b"confirm that you stay" in client.post(desk + "inspections/", said | {"told": ""}).content
    begun = client.post(desk + "inspections/", said)
    found = Inspection.objects.get(society=society)
    assert (found.asked_by_name, found.capacity, found.rows) == ("Bea Fox", "member", 4)
    page = client.get(begun["Location"]).content.decode()
    assert "Ada Lark" in page
    assert page.count("Bea Fox") >= 12  # the mark, over and over
    assert "1,000" not in page
    assert b"To write to all" in client.get(desk + "inspections/").content
    client.force_login(factories.make_officer(society))  # another officer did not begin it
    assert client.get(begun["Location"]).status_code == 404
    client.force_login(found.shown_by)
    with clock.stopped(found.shown_at + timedelta(minutes=61)):
        client.force_login(found.shown_by)
        assert client.get(begun["Location"]).status_code == 404


def test_a_member_is_asked_answers_by_the_link_and_an_officer_takes_it(client, society, desk):
    ada = Member.objects.get(society=society, number=4)
    assert b"of 4 members" in client.get(desk + "complete/").content
    assert b"Complete the register" in client.get(f"/office/{society.slug}/").content
    assert b"Write by post" in client.get(desk + "complete/").content  # founders have no address for mail
    assert client.post(desk + "complete/4/ask/").status_code == 302
    outbox.send_due()
    mail = OutgoingMail.objects.get(kind="particulars-wanted")
    link = re.search(r"https?://[^/]+(/your-details/\S+/)", mail.text)[1]
    client.logout()
    assert b"Ada Lark" in client.get(link).content
    answer = {"address": "9 New Lane\nMarlpit", "postcode": "NR11 7LH", "country": "gb", "email": "new@example.org"}
    assert b"Choose what the society may send" in client.post(link, answer).content
    assert b"Thank you" in client.post(link, answer | {"email_purposes": ["notices", "papers"]}).content
    assert client.get(link).status_code == 410
    assert client.get("/your-details/nonsense/").status_code == 404
    secretary = factories.make_officer(society)
    client.force_login(secretary)
    waiting = re.search(
        r'href="(/office/[^"]+/register/answers/[^"]+)"', client.get(desk + "complete/").content.decode()
    )
    assert b"9 New Lane" in client.get(waiting[1]).content
    assert Particulars.objects.filter(member=ada).count() == 1
    assert client.post(waiting[1], {"accept": "1"}).status_code == 302
    said = Particulars.objects.filter(member=ada).last()
    assert (said.address, said.postcode, said.country, said.email_purposes, said.name) == (
        "9 New Lane\nMarlpit", "NR11 7LH", "GB", "notices and papers", "Ada Lark")  # fmt: skip
    client.post(waiting[1], {"decline": "1"})
    assert Particulars.objects.filter(member=ada).count() == 2


def test_what_an_officer_declines_changes_nothing_and_the_member_may_be_asked_again(client, society, desk):
    client.post(desk + "complete/4/ask/")
    client.post(desk + "complete/4/ask/")
    assert OutgoingMail.objects.filter(kind="particulars-wanted").count() == 1
    from members.models import ParticularsRequest

    asked = ParticularsRequest.objects.get(society=society)
    answer = {"address": "9 New Lane", "postcode": "", "country": "GB", "email": ""}
    client.post(f"/your-details/{asked.token}/", answer)
    assert client.post(f"{desk}answers/{asked.pk}/", {"decline": "1"}).status_code == 302
    assert Particulars.objects.filter(member=asked.member).count() == 1
    client.post(desk + "complete/4/ask/")
    assert ParticularsRequest.objects.filter(society=society).count() == 2


def test_an_auditor_reads_and_changes_nothing(client, society, desk):
    client.force_login(factories.make_officer(society, OfficerRole.AUDITOR))
    for address in ("officers/", "inspections/", "members/4/property/"):
        assert client.get(desk + address).status_code == 200
        assert client.post(desk + address, {}).status_code == 403
    assert client.post(desk + "complete/4/ask/").status_code == 404
    assert client.get(desk + "complete/").status_code == 200


def test_a_member_sees_their_own_account_in_full_and_nobody_elses(client, society):
    ada, founder = (Member.objects.get(society=society, number=number) for number in (4, 1))
    client.force_login(factories.make_user("ada@example.org"))
    from allauth.account.models import EmailAddress

    from members.models import User

    user = User.objects.get(email="ada@example.org")
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    page = client.get(f"/your-shares/accounts/{ada.pk}/").content
    assert b"1,000" in page
    assert b" Low Street" in page
    assert client.get(f"/your-shares/accounts/{founder.pk}/").status_code == 404
