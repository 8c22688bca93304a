"""The officers' desk, walked page by page: what is typed is kept, what is refused says why, what is done is done."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest

from common import clock
from members import allotment
from members.models import LedgerEntry, Member
from offers import lifecycle
from offers.choices import ApplicationState, OfferState, OfficerRole
from offers.models import Application, MatchCommitment, Officer, ShareClass, ShareOffer
from payments.models import Receipt, Refund
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def society():
    return factories.make_society()


@pytest.fixture
def secretary(society):
    return factories.make_officer(society)


@pytest.fixture
def treasurer(society):
    return factories.make_officer(society, OfficerRole.TREASURER)


def draft_answers(society, **changes) -> dict:
    """A whole draft as a browser sends it."""
    first, last = clock.today() + timedelta(days=3), clock.today() + timedelta(days=60)
    answers = {
        "title": "The mill",
        "slug": "the-mill",
        "share_class": str(ShareClass.objects.get(society=society).pk),
        "kind": "time-bound",
        "summary": "To buy the mill.",
        "story": "## Why\n\nBecause.",
        "opens_on_day": str(first.day),
        "opens_on_month": str(first.month),
        "opens_on_year": str(first.year),
        "closes_on_day": str(last.day),
        "closes_on_month": str(last.month),
        "closes_on_year": str(last.year),
        "minimum_pence": "1,000",
        "optimum_pence": "8000",
        "maximum_pence": "£10,000",
        "min_application_pence": "50",
        "max_application_pence": "2000",
        "multiple_of_pence": "10",
        "max_percent": "",
        "oversubscription": "pro-rata",
        "tier_then": "pro-rata",
        "transfer_days": "10",
        "cooling_off_days": "14",
        "areas": "A; NR11 NR12; 25; 1000; 1\nB; NR",
        "ratio_tier": "A",
        "ratio_percent": "60",
        "pledges": "Pennine Fund; 1 Mill Lane, Rochdale; 1; 5000; minimum",
        "cards_accepted": "on",
    }
    return answers | changes


def test_a_draft_is_written_and_published_by_two(client, society, secretary, treasurer):
    client.force_login(secretary)
    new = f"/office/{society.slug}/offers/new/"
    assert client.get(new).status_code == 200
    assert client.post(new, draft_answers(society)).status_code == 302
    offer = ShareOffer.objects.get(society=society, slug="the-mill")
    assert (offer.minimum_pence, offer.maximum_pence, offer.multiple_of_pence) == (1_000_00, 10_000_00, 10_00)
    assert [tier.code for tier in offer.tiers.all()] == ["A", "B"]
    assert offer.matches.get().cap_pence == 5_000_00

    desk = f"/office/{society.slug}/offers/the-mill/"
    edited = client.post(desk + "edit/", draft_answers(society, title="The old mill"))
    assert edited.status_code == 302
    assert b"The old mill" in client.get(desk + "preview/").content
    assert client.post(desk + "publish/", {"act": "approve"}, follow=True).status_code == 200
    offer.refresh_from_db()
    assert offer.state == OfferState.DRAFT  # nothing was prepared

    page = client.post(desk + "publish/", {"act": "prepare"})
    assert b"The offer does not yet say what it must: 7 Rules, business plan and accounts; 10 What" in page.content
    factories.answer_checklist(offer)
    page = client.post(desk + "publish/", {"act": "prepare", "publishing-nobody_connected": "All agreed."})
    assert b"Say why the offer may be published all the same." in page.content
    assert b"All agreed." in page.content
    assert b"Approve and publish" not in client.get(desk + "publish/").content
    reasons = {"publishing-nobody_connected": "All agreed.", "publishing-not_concentrated": "Few live here."}
    client.post(desk + "publish/", {"act": "prepare"} | reasons)
    page = client.post(desk + "publish/", {"act": "approve"})
    assert b"another officer must approve it" in page.content
    client.force_login(treasurer)
    page = client.get(desk + "publish/")
    assert b"Approve and publish" in page.content
    assert b"All agreed." in page.content
    assert b"Few live here." in page.content
    assert b"Publish \xe2\x80\x9cThe old mill\xe2\x80\x9d" in client.get(f"/office/{society.slug}/").content
    assert client.post(desk + "publish/", {"act": "approve"}).status_code == 302
    offer.refresh_from_db()
    assert offer.state == OfferState.PUBLISHED
    assert client.get(desk + "edit/").status_code == 404
    assert client.get(f"/societies/{society.slug}/offers/the-mill/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minimum_pence": "9000"}, "minimum may not be above the optimum"),
        ({"closes_on_month": "13"}, "The month must be a number"),
        ({"title": ""}, "Fill in “Title”."),
        ({"multiple_of_pence": "10.50"}, "whole number of shares"),
        ({"areas": "A NR11"}, "write a code, a semicolon"),
        ({"areas": "A; NR11; lots"}, "must be numbers"),
        ({"ratio_percent": ""}, "Give both the area and the percentage"),
        ({"pledges": "Pennine Fund; here; 1; much"}, "both sums must be pounds"),
        ({"maximum_pence": "one million"}, "Enter an amount in pounds"),
        ({"share_class": "00000000-0000-7000-8000-000000000000"}, "valid choice"),
    ],
)
def test_a_wrong_draft_says_why_keeps_what_was_typed_and_writes_nothing(client, society, secretary, changes, words):
    client.force_login(secretary)
    page = client.post(f"/office/{society.slug}/offers/new/", draft_answers(society, **changes))
    text = page.content.decode()
    assert page.status_code == 200
    assert "There is a problem" in text
    assert words in text
    assert "To buy the mill." in text
    assert not ShareOffer.objects.filter(society=society).exists()


def test_a_transfer_is_recorded_and_a_wrong_sum_is_an_exception(client, society, treasurer):
    offer = factories.make_offer(society)
    application = factories.submit(offer, 500_00)
    client.force_login(treasurer)
    address = f"/office/{society.slug}/applications/{application.reference}/"
    today = clock.today()
    said = {"method": "bank-transfer", "received_on_day": str(today.day), "received_on_month": str(today.month),
            "received_on_year": str(today.year), "note": "A. Person"}  # fmt: skip
    page = client.post(address, said | {"amount_pence": "a lot"})
    assert b"There is a problem" in page.content
    assert b"a lot" in page.content
    assert not Receipt.objects.exists()

    client.post(address, said | {"amount_pence": "300"})
    application.refresh_from_db()
    assert application.state == ApplicationState.AWAITING_PAYMENT
    assert b"300" in client.get(f"/office/{society.slug}/money/").content
    assert b"is not the sum due" in client.get(f"/office/{society.slug}/").content

    client.post(address, said | {"amount_pence": "200"})
    application.refresh_from_db()
    assert application.state == ApplicationState.PAID
    assert b"None: every payment is what was due." in client.get(f"/office/{society.slug}/money/").content


def test_applications_are_found_by_name_reference_and_state(client, society, secretary):
    offer = factories.make_offer(society)
    one = factories.paid(offer, by_whom=factories.applicant(factories.person("Ada Nightingale")))
    factories.submit(offer, by_whom=factories.applicant(factories.person("Bob Lark")))
    client.force_login(secretary)
    address = f"/office/{society.slug}/applications/"
    for query in ("nightingale", f"{one.reference[:3].lower()} {one.reference[3:]}", one.email):
        text = client.get(address, {"search": query}).content.decode()
        assert "Ada Nightingale" in text
        assert "Bob Lark" not in text
    assert "Bob Lark" in client.get(address, {"state": "awaiting-payment"}).content.decode()
    assert "No application found" in client.get(address, {"search": "x" * 80}).content.decode()
    assert client.get(address, {"page": "nonsense", "state": "nonsense"}).status_code == 200


def after_the_end(offer):
    """The moment at which the offer may be decided, as the site's clock."""
    return clock.stopped(allotment.earliest(offer) + timedelta(microseconds=1))


def test_two_officers_decide_and_the_register_shows_it(client, society, secretary, treasurer):
    offer = factories.make_offer(society, oversubscription="pro-rata", maximum_pence=1_000_00, optimum_pence=1_000_00)
    for amount in (500_00, 500_00, 1_000_00):
        factories.paid(offer, amount, accept_less=True)
    desk = f"/office/{society.slug}/offers/{offer.slug}/decide/"
    client.force_login(secretary)
    assert b"Not to be decided now" in client.get(desk).content
    with after_the_end(offer):
        assert b"Decide \xe2\x80\x9cThe shop\xe2\x80\x9d" in client.get(f"/office/{society.slug}/").content
        assert b"Allot the shares" in client.get(desk).content
        client.post(desk, {"act": "prepare"})
        client.post(desk, {"act": "approve"})
        offer.refresh_from_db()
        assert not offer.is_decided()  # the same person twice is one person
        client.force_login(treasurer)
        assert b"Approve and allot the shares" in client.get(desk).content
        assert client.post(desk, {"act": "approve"}).status_code == 302
        offer.refresh_from_db()
        assert offer.state == OfferState.ALLOTTED
        assert client.post(desk, {"act": "approve"}).status_code == 302  # twice is harmless
        refund = Refund.objects.filter(society=society).first()
        money = f"/office/{society.slug}/money/"
        assert b"Look after refunds" in client.get(money).content
        here = f"{money}refunds/{refund.pk}/"
        client.post(here, {"act": "prepare", "how": "transfer", "note": "Reference 7"})
        client.post(here, {"act": "approve"})
        refund.refresh_from_db()
        assert refund.state == "due"  # the same person twice is one person
        client.force_login(secretary)
        client.post(here, {"act": "approve"})
        refund.refresh_from_db()
        assert refund.state == "done"
        minute = client.get(desk + "minute.pdf")
        assert minute["Content-Type"] == "application/pdf"
        assert minute.content.startswith(b"%PDF-")


def test_the_minute_after_the_decision_is_of_what_was_approved(society):
    offer = factories.make_offer(society, oversubscription="cap-largest", maximum_pence=1_500_00,
                                 optimum_pence=1_500_00)  # fmt: skip
    for amount in (500_00, 700_00, 1_000_00):
        factories.paid(offer, amount)
    decided = factories.close_and_decide(offer)
    again = allotment.as_decided(offer)
    assert again.facts() == decided.facts()
    assert [line.answers for line in again.lines] == [line.answers for line in decided.lines]
    assert again.minimum == decided.minimum


def test_the_minute_finds_an_institution_that_was_known_in_other_letters(society):
    earlier = factories.person("PENNINE FUND", email="", kind="organisation")
    factories.submit(factories.make_offer(society), by_whom=factories.applicant(earlier, kind="organisation"))
    offer = factories.make_draft(society)
    MatchCommitment.objects.create(society=society, offer=offer, name="Pennine Fund", kind="organisation",
                                   address="1 Mill Lane", ratio_pence=100, cap_pence=5_000_00)  # fmt: skip
    first, second = factories.make_user(), factories.make_user()
    factories.prepare(offer, by=first)
    lifecycle.approve_publication(offer, by=second)
    offer = lifecycle.publish(offer, by=second, member_count=3)
    factories.paid(offer, 2_000_00)
    decided = factories.close_and_decide(offer)
    assert decided.match_pence == 2_000_00
    assert allotment.as_decided(offer).facts() == decided.facts()


def test_the_register_is_shown_searched_and_downloaded(client, society, secretary):
    offer = factories.make_offer(society)
    for name in ("Ada Nightingale", "Bob Lark"):
        factories.paid(offer, by_whom=factories.applicant(factories.person(name)))
    factories.close_and_decide(offer)
    client.force_login(secretary)
    with clock.stopped(offer.decided_at + timedelta(hours=1)):
        look_at_the_register(client, society, offer)


def look_at_the_register(client, society, offer):
    day = offer.decided_on
    at = {"on_day": str(day.day), "on_month": str(day.month), "on_year": str(day.year)}
    address = f"/office/{society.slug}/register/"
    assert b"Ada Nightingale" in client.get(address, at).content
    assert b"Bob Lark" not in client.get(address, at | {"search": "nighting"}).content
    assert b"must include a year" in client.get(address, {"on_day": "1", "on_month": "2"}).content
    csv = b"".join(client.get(address + "register.csv", at).streaming_content).decode()
    assert csv.count("\n") == 1 + 3 + 2
    assert "Ada Nightingale" in csv
    inspection = b"".join(client.get(address + "inspection.csv", at).streaming_content).decode()
    assert "amount_paid" not in inspection
    for what in ("register", "inspection", "ledger"):
        file = b"".join(client.get(f"{address}{what}.xlsx", at).streaming_content)
        assert openpyxl.load_workbook(io.BytesIO(file)).active.max_row == 6
    assert client.get(address + "secrets.csv").status_code == 404
    assert client.get(address + "register.csv", {"who": "'; DROP TABLE"}).status_code == 404
    assert client.get(address + "members/4/").status_code == 200
    assert client.get(address + "members/99/").status_code == 404


def test_an_entry_is_reversed_its_certificate_withdrawn_and_an_empty_member_let_go(client, society, secretary):
    offer = factories.make_offer(society)
    factories.paid(offer, 1_000_00)
    factories.close_and_decide(offer)
    client.force_login(secretary)
    entry = LedgerEntry.objects.get(society=society, offer=offer)
    address = f"/office/{society.slug}/register/entries/{entry.seq}/reverse/"
    with clock.stopped(entry.recorded_at + timedelta(days=1)):
        assert b"Certificate 1 is withdrawn" in client.get(address).content
        assert b"There is a problem" in client.post(address, {"reason": " "}).content
        assert LedgerEntry.objects.filter(society=society).count() == 4
        assert client.post(address, {"reason": "Allotted to the wrong person"}).status_code == 302
        assert b"reversed already" in client.post(address, {"reason": "Again"}).content
    member = Member.objects.get(pk=entry.member_id)
    assert member.ceased_on is not None
    assert b"withdrawn" in client.get(f"/v/{entry.certificate.token}/").content.lower()
    assert b"Reversed by entry" in client.get(f"/office/{society.slug}/register/members/{member.number}/").content


def test_people_are_invited_accept_and_leave(client, society, secretary):
    client.force_login(secretary)
    address = f"/office/{society.slug}/people/"
    assert b"There is a problem" in client.post(address, {"email": "nobody", "role": "board"}).content
    assert client.post(address, {"email": "New@Example.org", "role": "board"}).status_code == 302
    assert b"invited already" in client.post(address, {"email": "new@example.org", "role": "board"}).content
    assert b"new@example.org" in client.get(address).content

    from members.models import Invitation, User

    invitation = Invitation.objects.get(society=society)
    link = f"/invitations/{invitation.token}/"
    assert b"another e-mail address" in client.get(link).content
    assert client.post(link).status_code == 200
    assert Officer.objects.filter(society=society).count() == 1
    client.force_login(User.objects.get(email="new@example.org"))
    assert b"Accept" in client.get(link).content
    assert client.post(link).status_code == 302
    assert b"no longer good" in client.get(link).content
    assert client.get(f"/office/{society.slug}/").status_code == 200

    client.force_login(secretary)
    officer = Officer.objects.get(society=society, role="board")
    client.post(f"{address}{officer.pk}/end/")
    officer.refresh_from_db()
    assert officer.ended_at is not None
    own = Officer.objects.get(society=society, user=secretary)
    page = client.post(f"{address}{own.pk}/end/", follow=True)
    assert b"Appoint another secretary or treasurer first" in page.content


def test_an_offer_is_extended_and_closed(client, society, secretary):
    offer = factories.make_offer(society)
    client.force_login(secretary)
    desk = f"/office/{society.slug}/offers/{offer.slug}/"
    later = offer.closes_on + timedelta(days=10)
    answers = {
        "closes_on_day": str(later.day),
        "closes_on_month": str(later.month),
        "closes_on_year": str(later.year),
    }
    assert b"There is a problem" in client.post(desk + "extend/", answers | {"closes_on_year": "1999"}).content
    assert client.post(desk + "extend/", answers).status_code == 302
    offer.refresh_from_db()
    assert offer.closes_on == later
    assert b"Version 2" in client.get(desk).content
    assert client.get(desk + "close/").status_code == 200
    client.post(desk + "close/")
    offer.refresh_from_db()
    assert offer.state == OfferState.CLOSED
    assert client.get(desk + "close/").status_code == 404
    assert Application.objects.filter(offer=offer).count() == 0
