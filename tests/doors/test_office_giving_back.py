"""Giving money back and undoing a receipt on an officer's desk: asked by one, done by another, strangers out."""

from __future__ import annotations

import pytest

from offers.choices import OfficerRole
from payments import receipts
from payments.models import Receipt, Refund
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def society():
    return factories.make_society()


@pytest.fixture
def officers(society):
    return factories.make_officer(society), factories.make_officer(society, OfficerRole.TREASURER)


def test_one_officer_asks_and_another_gives_back(client, society, officers):
    application = factories.paid(factories.make_offer(society))
    page = f"/office/{society.slug}/applications/{application.reference}/"
    here = page + "give-back/"
    client.force_login(officers[0])
    assert "Give money back" in client.get(page).content.decode()
    text = client.post(here, {"act": "prepare", "what": "all"}).content.decode()
    assert "the reason is told to the applicant." in text
    assert client.post(here, {"act": "prepare", "what": "all", "reason": "You asked us to."}).status_code == 302
    assert "Another officer must sign in" in client.get(here).content.decode()
    client.post(here, {"act": "approve"})
    assert not Refund.objects.exists()
    client.force_login(officers[1])
    assert "Give £500 of application" in client.get(f"/office/{society.slug}/").content.decode()
    assert client.post(here, {"act": "approve"}).status_code == 302
    assert Refund.objects.get().reason == "You asked us to."
    assert "There is nothing to give back" in client.get(here).content.decode()
    assert client.post(here, {"act": "approve"}).status_code == 200  # twice is harmless
    assert Refund.objects.count() == 1
    text = client.get(f"/a/{application.token}/").content.decode()
    assert "The society has ended your application." in text


def test_too_much_is_seen_on_the_desk_and_given_back(client, society, officers):
    application = factories.submit(factories.make_offer(society))
    receipts.take(application, amount_pence=510_00, method="bank-transfer")
    client.force_login(officers[0])
    assert "£10 too much" in client.get(f"/office/{society.slug}/money/").content.decode()
    here = f"/office/{society.slug}/applications/{application.reference}/give-back/"
    client.post(here, {"act": "prepare", "what": "excess", "reason": "You paid £10 too much."})
    client.post(here, {"act": "withdraw"})
    client.post(here, {"act": "prepare", "what": "excess", "reason": "You paid £10 too much."})
    client.force_login(officers[1])
    client.post(here, {"act": "approve"})
    application.refresh_from_db()
    assert (application.state, Refund.objects.get().amount_pence) == ("paid", 10_00)


def test_a_part_payment_is_seen_on_the_desk(client, society, officers):
    application = factories.submit(factories.make_offer(society))
    receipts.take(application, amount_pence=300_00, method="bank-transfer")
    client.force_login(officers[0])
    assert "£200 is missing" in client.get(f"/office/{society.slug}/money/").content.decode()


def test_a_receipt_is_undone_by_two_and_its_money_moved(client, society, officers):
    offer = factories.make_offer(society)
    wrong, right = factories.paid(offer), factories.submit(offer)
    receipt = Receipt.objects.get()
    page, here = (f"/office/{society.slug}/{path}" for path in (
        f"applications/{wrong.reference}/", f"money/receipts/{receipt.pk}/undo/"))  # fmt: skip
    client.force_login(officers[0])
    assert "Recorded by mistake?" in client.get(page).content.decode()
    assert "Say why the receipt is wrong." in client.post(here, {"act": "prepare"}).content.decode()
    for nobody in ("ABC-1234", wrong.reference, factories.paid(factories.make_offer()).reference):
        text = client.post(here, {"act": "prepare", "reason": "Wrong", "to": nobody}).content.decode()
        assert "no other application with this reference" in text
    shown = f"{right.reference[:3].lower()}-{right.reference[3:].lower()}"
    assert client.post(here, {"act": "prepare", "reason": "Wrong", "to": shown}).status_code == 302
    client.post(here, {"act": "approve"})
    client.force_login(officers[1])
    assert "Undo a receipt of £500" in client.get(f"/office/{society.slug}/").content.decode()
    assert right.name in client.get(here).content.decode()
    client.post(here, {"act": "approve"})
    right.refresh_from_db()
    wrong.refresh_from_db()
    assert (wrong.state, right.state) == ("awaiting-payment", "paid")
    text = client.get(page).content.decode()
    assert "taken back: the receipt was recorded by mistake" in text
    assert "Recorded by mistake?" not in text
    assert "cannot be undone" in client.get(here).content.decode()


@pytest.mark.parametrize("role", [OfficerRole.AUDITOR, OfficerRole.BOARD])
def test_who_has_no_right_to_money_finds_neither_page(client, society, officers, role):
    application = factories.paid(factories.make_offer(society))
    client.force_login(factories.make_officer(society, role))
    for path in (
        f"applications/{application.reference}/give-back/",
        f"money/receipts/{Receipt.objects.get().pk}/undo/",
    ):
        assert client.get(f"/office/{society.slug}/{path}").status_code == 404
        assert client.post(f"/office/{society.slug}/{path}", {"act": "prepare"}).status_code == 404


def test_another_societys_officer_finds_neither_page(client, society):
    application, other = factories.paid(factories.make_offer(society)), factories.make_society()
    client.force_login(factories.make_officer(other))
    for path in (
        f"applications/{application.reference}/give-back/",
        f"money/receipts/{Receipt.objects.get().pk}/undo/",
    ):
        for slug in (society.slug, other.slug):
            assert client.get(f"/office/{slug}/{path}").status_code == 404
