"""An applicant who has not paid yet pays another way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock, outbox
from common.models import OutgoingMail
from offers import applications
from payments import another_way, receipts
from payments.models import CheckoutAttempt
from tests.payments.conftest import ACCOUNT

pytestmark = pytest.mark.django_db


def test_the_page_lists_only_what_can_be_used_and_goes_on_to_it(site):
    application = site.applied()
    page = f"/a/{application.token}/another-way/"
    text = site.client.get(page).content.decode()
    assert "Pay by Bank" in text
    assert "Direct Debit" not in text  # not for £500
    assert "Nothing is added" in text
    wrong = site.client.post(page, {"method": "direct-debit"}).content.decode()
    assert "Choose one of these." in wrong
    answer = site.client.post(page, {"method": "bank-transfer"})
    assert answer["Location"] == f"/a/{application.token}/"
    application.refresh_from_db()
    assert application.method == "bank-transfer"
    assert application.pay_by_at == clock.later(application.submitted_at, days=10)
    assert site.client.post(page, {"method": "pay-by-bank"})["Location"].startswith(site.fake.url)
    assert site.attempt(application).method == "pay-by-bank"


def test_the_page_at_stripe_is_closed_before(site):
    application = site.applied()
    attempt = site.start(application)
    another_way.choose(application, "bank-transfer")
    assert site.sessions()[0]["status"] == "expired"
    attempt.refresh_from_db()
    assert attempt.state == "expired"


def test_what_is_paid_or_on_its_way_is_not_paid_another_way(site):
    application = site.applied(3_000_00, method="direct-debit")
    site.paid(application, "pm_bacsDebit_success")
    with pytest.raises(ValidationError, match="on its way"):
        another_way.choose(application, "bank-transfer")
    paid = site.applied(offer=application.offer)
    site.paid(paid)
    with pytest.raises(ValidationError, match="on its way"):
        another_way.choose(paid, "bank-transfer")
    paid.refresh_from_db()
    assert (paid.state, paid.method) == ("paid", "card")
    assert site.client.get(f"/a/{paid.token}/another-way/").status_code == 302


def test_stripe_being_away_changes_nothing(site):
    application = site.applied()
    site.start(application)
    site.away("POST", "/expire$")
    answer = site.client.post(f"/a/{application.token}/another-way/", {"method": "bank-transfer"})
    assert "could not ask Stripe" in answer.content.decode()
    application.refresh_from_db()
    assert (application.method, CheckoutAttempt.objects.get().state) == ("card", "open")


def test_what_has_ended_offers_no_way(site):
    application = site.applied(method="bank-transfer")
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        applications.lapse(application)
    application.refresh_from_db()
    assert another_way.choices(application) == []
    with pytest.raises(ValidationError, match="not offered"):
        another_way.choose(application, "card")
    assert site.fake.world.store.each(ACCOUNT, "checkout.session") == []


def test_where_a_part_has_come_the_rest_is_sent_and_stripe_asks_for_nothing(site):
    """A page at Stripe would ask for the whole sum once more."""
    application = site.applied()
    receipts.take(application, amount_pence=200_00, method="bank-transfer")
    text = site.client.get(f"/a/{application.token}/").content.decode()
    assert "£300 cannot be paid this way at the moment" in text
    assert "Choose another way to pay" in text
    with pytest.raises(ValidationError, match="A part of your money is here already"):
        site.start(application)
    assert not CheckoutAttempt.objects.exists()
    assert another_way.choices(application) == ["bank-transfer", "cheque"]
    another_way.choose(application, "bank-transfer")
    text = site.client.get(f"/a/{application.token}/").content.decode()
    assert "Please send £300 from your bank" in text
    receipts.take(application, amount_pence=300_00, method="bank-transfer")
    application.refresh_from_db()
    assert application.state == "paid"


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("card", "If you have not paid (Debit card) by"),
        ("pay-by-bank", "If you have not paid (Pay by Bank) by"),
        ("bank-transfer", "from your bank so that it arrives by"),
        ("cheque", "Please post a cheque"),
        ("cash", "to an officer of the society by"),
    ],
)
def test_the_first_letter_says_how_it_is_paid(site, method, words):
    offer = site.offer(cash_accepted=True)
    site.applied(offer=offer, method=method)
    outbox.send_due()
    letter = OutgoingMail.objects.get(kind="application-received")
    assert words in letter.text
    assert ("cheque" in letter.text) == (method == "cheque")
