"""Places that are not paid, on the desk and for whoever is refused one: figures, ages, letting go; strangers out."""

from __future__ import annotations

import pytest
from django.test import Client

from offers import unpaid
from offers.choices import OfficerRole
from offers.models import Application
from tests import factories
from tests.doors.test_applying import base, fill_in
from tests.offers.test_unpaid import apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer():
    return factories.make_offer()


@pytest.fixture
def desk(client, offer):
    """The treasurer's browser."""
    client.force_login(factories.make_officer(offer.society, OfficerRole.TREASURER))
    return client


def office(offer, rest: str = "") -> str:
    return f"/office/{offer.society.slug}/{rest}"


def here(offer) -> str:
    return office(offer, f"offers/{offer.slug}/unpaid/")


def test_whoever_would_hold_too_much_is_told_the_figure_and_what_to_do_and_loses_nothing(client, offer):
    fill_in(client, offer, amount="600")
    assert client.post(f"{base(offer)}check/", {"method": "bank-transfer"}).status_code == 302
    again = Client()  # another browser, the same person
    fill_in(again, offer, amount="600")
    answer = again.post(f"{base(offer)}check/", {"method": "cheque"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "may keep £1,000 in all" in text
    assert "Pay what waits or cancel it, apply for less, or pay at once" in text
    assert Application.objects.count() == 1
    again.post(f"{base(offer)}amount/?check=1", {"amount_pence": "400"})
    assert again.post(f"{base(offer)}check/", {"method": "cheque"}).status_code == 302


def test_a_signed_in_applicant_is_counted_by_their_account(client, offer):
    user = factories.make_user()
    client.force_login(user)
    fill_in(client, offer, amount="600")
    client.post(f"{base(offer)}check/", {"method": "bank-transfer"})
    application = Application.objects.get()
    assert application.submitted_by == user
    assert [key.partition(":")[0] for key in application.unpaid_keys] == ["account", "address", "email"]


def test_an_officer_sees_who_holds_how_much_since_when_and_until_when(desk, offer):
    two = [apply(offer, 300_00, email=f"ann+{n}@example.org", name=f"Ann {n}") for n in range(2)]
    text = desk.get(office(offer)).content.decode()
    assert "1 address holds much of “The shop” unpaid" in text
    assert "The most is £600" in text
    assert here(offer) in text
    assert here(offer) in desk.get(office(offer, "applications/")).content.decode()
    text = desk.get(here(offer)).content.decode()
    for words in ("£600", "ann+0@example.org", "Same e-mail address", "Ann 1", "£1,000", "Much", "Since", "Lapses"):
        assert words in text
    for application in two:
        assert office(offer, f"applications/{application.reference}/release/") in text


def test_nothing_is_shown_where_nothing_waits_and_nobody_is_pressed_by_one_application(desk, offer):
    assert "Nothing waits" in desk.get(here(offer)).content.decode()
    assert "unpaid" not in desk.get(office(offer)).content.decode()
    apply(offer, 900_00)
    assert "holds much of" not in desk.get(office(offer)).content.decode()
    assert "£900" in desk.get(here(offer)).content.decode()


def test_one_is_let_go_with_a_reason_and_the_applicant_reads_it(desk, offer):
    application = apply(offer, 300_00)
    page = office(offer, f"applications/{application.reference}/")
    assert "Let its place go" in desk.get(page).content.decode()
    text = desk.post(page + "release/", {"reason": " "}).content.decode()
    assert "Say why: the reason is told to the applicant." in text
    answer = desk.post(page + "release/", {"reason": "Others wait for <it>."})
    assert answer["Location"] == here(offer)
    assert desk.post(page + "release/", {"reason": "Twice."}).status_code == 302
    text = desk.get(page).content.decode()
    assert "Others wait for &lt;it&gt;." in text
    assert "Let its place go" not in text
    assert "There is no place to let go" in desk.get(page + "release/").content.decode()
    text = Client().get(f"/a/{application.token}/").content.decode()
    assert "let your place go before it was paid" in text
    assert "Others wait for &lt;it&gt;." in text


def test_what_is_paid_cannot_be_let_go_and_the_page_says_so(desk, offer):
    application = factories.paid(offer)
    page = office(offer, f"applications/{application.reference}/release/")
    assert "no longer waits" in desk.post(page, {"reason": "Others wait."}).content.decode()
    application.refresh_from_db()
    assert application.state == "paid"


def test_the_limit_is_set_here_from_now_on(desk, offer):
    apply(offer, 900_00, email="ann@example.org")
    for wrong in ("0", "101", "ten", "1.5", "-3"):
        assert "Enter a whole number from 1 to 100" in desk.post(here(offer), {"percent": wrong}).content.decode()
    desk.post(here(offer), {"percent": "15"})
    offer.refresh_from_db()
    assert unpaid.limit_pence(offer) == 1_500_00
    assert "£1,500" in desk.get(here(offer)).content.decode()
    desk.post(here(offer), {"percent": ""})
    assert "There is no limit now." in desk.get(here(offer)).content.decode()


def test_an_offer_that_keeps_nobody_out_has_no_limit_to_set(desk, offer):
    shared = factories.make_offer(offer.society, oversubscription="pro-rata")
    apply(shared, 900_00)
    text = desk.get(here(shared)).content.decode()
    assert "it is not first come, first served" in text
    assert 'name="percent"' not in text


@pytest.mark.parametrize("role", [OfficerRole.AUDITOR, OfficerRole.BOARD])
def test_whoever_only_looks_sees_it_and_changes_nothing(client, offer, role):
    application = apply(offer, 300_00)
    client.force_login(factories.make_officer(offer.society, role))
    text = client.get(here(offer)).content.decode()
    assert "£300" in text
    assert "Let go" not in text
    assert 'name="percent"' not in text
    assert client.post(here(offer), {"percent": "100"}).status_code == 403
    release = office(offer, f"applications/{application.reference}/release/")
    assert client.get(release).status_code == client.post(release, {"reason": "Mine."}).status_code == 404
    application.refresh_from_db()
    assert application.state == "awaiting-payment"


def test_an_application_of_another_society_is_none_of_ours(desk, offer):
    theirs = apply(factories.make_offer(), 300_00)
    page = office(offer, f"applications/{theirs.reference}/release/")
    assert desk.post(page, {"reason": "Not ours."}).status_code == 404
