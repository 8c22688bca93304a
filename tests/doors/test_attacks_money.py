"""Money at the officers' desk, twice and too much: what came once is counted once."""

from __future__ import annotations

import re

import pytest

from common import clock, ids
from offers.choices import ApplicationState, OfficerRole
from payments.models import Receipt, Refund
from tests import factories

pytestmark = pytest.mark.django_db


class Desk:
    """A treasurer before the page of one application."""

    def __init__(self, client, offer, amount_pence=500_00):
        self.client, self.society = client, offer.society
        self.application = factories.submit(offer, amount_pence)
        self.address = f"/office/{self.society.slug}/applications/{self.application.reference}/"

    def key(self) -> str:
        page = self.client.get(self.address).content.decode()
        return re.search(r'name="key" value="([0-9a-f-]{36})"', page)[1]

    def record(self, pounds: str, key: str, **more):
        today = clock.today()
        day = {"received_on_day": today.day, "received_on_month": today.month, "received_on_year": today.year}
        return self.client.post(
            self.address, {"amount_pence": pounds, "method": "bank-transfer", "note": "", "key": key, **day, **more}
        )

    def state(self) -> str:
        self.application.refresh_from_db()
        return self.application.state


@pytest.fixture
def offer():
    return factories.make_offer()


@pytest.fixture
def desk(client, offer):
    client.force_login(factories.make_officer(offer.society, OfficerRole.TREASURER))
    return Desk(client, offer)


@pytest.mark.parametrize("pounds", ["500", "50"])
def test_the_form_sent_twice_counts_the_money_once(desk, pounds):
    key = desk.key()
    assert [desk.record(pounds, key).status_code for _ in range(3)] == [302, 302, 302]
    assert Receipt.objects.get().amount_pence == int(pounds) * 100
    assert not Refund.objects.exists()
    assert desk.state() == (ApplicationState.PAID if pounds == "500" else ApplicationState.AWAITING_PAYMENT)


def test_a_page_opened_again_has_a_new_key_and_completes_a_part_payment(desk):
    first = desk.key()
    desk.record("50", first)
    assert desk.key() != first
    assert "been sent already" in desk.record("450", first).content.decode()
    assert desk.record("450", desk.key()).status_code == 302
    assert desk.state() == ApplicationState.PAID
    assert Receipt.objects.count() == 2


def test_more_than_is_due_is_asked_about_before_it_is_written(desk):
    key = desk.key()
    text = desk.record("5000", key).content.decode()
    assert "£5,000 is more than the £500 that is due." in text
    assert 'name="sure"' in text
    assert 'value="5000"' in text
    assert not Receipt.objects.exists()
    assert desk.record("500", key).status_code == 302
    assert desk.state() == ApplicationState.PAID
    assert "more than the £0" in desk.record("500", desk.key()).content.decode()
    assert desk.record("500", desk.key(), sure="on").status_code == 302
    assert Refund.objects.get().amount_pence == 500_00


def test_a_key_of_another_application_records_nothing_and_tells_nothing(desk, offer):
    key = desk.key()
    desk.record("500", key)
    other = Desk(desk.client, offer)
    assert "been sent already" in other.record("500", key).content.decode()
    assert other.state() == ApplicationState.AWAITING_PAYMENT
    assert other.record("500", "no-key").status_code == 200
    assert other.record("500", str(ids.uuid7())).status_code == 302
    assert other.state() == ApplicationState.PAID
