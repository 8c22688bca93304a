"""Cancelling while Stripe's page is open: nobody pays for what is cancelled, and whoever did is refunded."""

import pytest

from offers.choices import ApplicationState
from payments.models import Receipt, Refund

pytestmark = pytest.mark.django_db


def test_who_cancels_with_the_card_page_open_can_no_longer_pay_there(site, client):
    application = site.applied()
    site.start(application)
    assert client.post(f"/a/{application.token}/cancel/").status_code == 302
    assert [session["status"] for session in site.sessions()] == ["expired"]
    application.refresh_from_db()
    assert application.state == ApplicationState.CANCELLED


def test_card_money_for_a_cancelled_application_goes_back(site, client):
    application = site.applied()
    attempt = site.paid(application)  # while the applicant cancels elsewhere
    assert client.post(f"/a/{application.token}/cancel/").status_code == 302
    site.deliver()
    assert Receipt.objects.get().attempt == attempt
    assert Refund.objects.get().amount_pence == 500_00
    application.refresh_from_db()
    assert application.state == ApplicationState.CANCELLED


def test_an_applicant_cancels_while_stripe_is_away(site, client):
    application = site.applied()
    site.start(application)
    site.away("POST", "/expire$")
    assert client.post(f"/a/{application.token}/cancel/").status_code == 302
    application.refresh_from_db()
    assert application.state == ApplicationState.CANCELLED
