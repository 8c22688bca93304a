"""Paying by card, from our row to Stripe's page and back: the webhook and the return page in either order."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock, outbox
from common.models import OutgoingMail
from offers import applications
from payments import another_way, balances, checkout, gateway, lapsing, methods, ways
from payments.models import CheckoutAttempt, Receipt, Refund, StripeEventOutcome
from tests.factories import make_offer
from tests.payments.conftest import ACCOUNT, OTHER

pytestmark = pytest.mark.django_db


def state(application) -> str:
    application.refresh_from_db()
    return application.state


def test_the_page_is_made_on_the_societys_own_account_with_what_is_due(site):
    application = site.applied()
    attempt = site.start(application)
    asked = site.fake.requests[-1]
    assert (asked["account"], asked["idempotency_key"]) == (ACCOUNT, f"checkout:{application.pk}:1")
    session = site.sessions()[0]
    assert (session["amount_total"], session["currency"], session["payment_method_types"]) == (500_00, "gbp", ["card"])
    assert session["payment_method_options"]["card"]["restrictions"]["funding_types_blocked"] == ["credit"]
    assert attempt.state == "open"
    assert attempt.session_url.startswith(site.fake.url)


def test_a_second_click_shows_the_same_page(site):
    application = site.applied()
    first, second = site.start(application), site.start(application)
    assert (first.pk, first.session_url) == (second.pk, second.session_url)
    assert len(site.sessions()) == 1


def test_an_answer_that_was_lost_makes_no_second_page(site):
    application = site.applied()
    site.away("POST", "^/v1/checkout/sessions$", "timeout_after")
    with pytest.raises(gateway.Unavailable):
        site.start(application)
    assert site.attempt(application).state == "created"
    assert site.start(application).state == "open"
    assert len(site.sessions()) == 1


def test_a_refusal_ends_the_attempt_and_the_next_takes_a_new_key(site):
    application = site.applied()
    now = site.fake.world.now()
    site.fake.advance(3600)  # by Stripe's clock our page would have ended already
    with pytest.raises(gateway.Refused, match="expires_at"):
        site.start(application)
    assert site.attempt(application).state == "failed"
    site.fake.set_now(now)
    assert site.start(application).number == 2


def test_returning_before_the_webhook_makes_it_paid_at_once(site):
    application = site.applied()
    site.paid(application)
    answer = site.client.get(f"/a/{application.token}/paid/")
    assert (answer.status_code, state(application)) == (302, "paid")
    site.deliver()
    assert Receipt.objects.filter(application=application).count() == 1
    assert balances.held_pence(application) == 500_00


def test_the_webhook_before_the_return_makes_it_paid_too(site):
    application = site.applied()
    site.paid(application)
    assert {sent["status"] for sent in site.deliver()} == {200}
    assert state(application) == "paid"
    assert site.client.get(f"/a/{application.token}/paid/").status_code == 302
    assert Receipt.objects.filter(application=application).count() == 1


def test_3d_secure_on_the_way_changes_nothing(site):
    application = site.applied()
    site.paid(application, "3ds")
    site.deliver()
    assert state(application) == "paid"


@pytest.mark.parametrize("how", ["decline", "3ds-refused"])
def test_a_card_that_was_refused_leaves_the_page_open(site, how):
    application = site.applied()
    attempt = site.paid(application, how)
    site.client.get(f"/a/{application.token}/paid/")
    site.deliver()
    assert (state(application), site.attempt(application).state) == ("awaiting-payment", "open")
    site.fake.pay(attempt.session_id)
    site.deliver()
    assert state(application) == "paid"


@pytest.fixture
def uncounted(site):
    """An application that was paid: we noted that, and the process died before it could count the money."""
    application = site.applied()
    attempt = site.paid(application)
    CheckoutAttempt.objects.filter(pk=attempt.pk).update(state="succeeded")
    return application


def test_whoever_has_paid_is_led_to_no_second_page_though_we_died_before_we_counted(site, uncounted):
    with pytest.raises(ValidationError):
        site.start(uncounted)
    assert (state(uncounted), len(site.sessions()), Receipt.objects.count()) == ("paid", 1, 1)


def test_whoever_may_have_paid_is_never_told_that_they_were_not_charged(site, uncounted):
    site.away("GET", "/v1/checkout/sessions/", times=6)
    answer = site.client.post(f"/a/{uncounted.token}/pay/", follow=True)
    words = answer.content.decode()
    assert "not been charged" not in words
    assert "Please do not pay again" in words


def test_returning_while_stripe_is_away_says_that_we_are_checking(site):
    application = site.applied()
    site.paid(application)
    site.away("GET", "/v1/checkout/sessions/")
    answer = site.client.get(f"/a/{application.token}/paid/")
    assert (answer.status_code, state(application)) == (200, "awaiting-payment")
    assert "Please do not pay again" in answer.content.decode()
    assert site.client.get(f"/a/{application.token}/paid/").status_code == 302
    assert state(application) == "paid"


def test_money_of_another_sum_is_held_and_never_counted_as_paid(site):
    application = site.applied()
    attempt = site.paid(application)
    site.fake.world.store.change(site.sessions()[0], amount_total=1_00)
    checkout.sync(attempt)
    assert (state(application), balances.held_pence(application)) == ("awaiting-payment", 1_00)


def test_money_of_another_currency_is_never_counted(site):
    application = site.applied()
    attempt = site.paid(application)
    site.fake.world.store.change(site.sessions()[0], currency="eur")
    checkout.sync(attempt)
    assert (state(application), Receipt.objects.count()) == ("awaiting-payment", 0)


def test_another_accounts_session_is_never_counted(site):
    """Whoever pays a page of their own account with our metadata in it has not paid us."""
    site.elsewhere()
    application = site.applied()
    attempt = site.start(application)
    forged = gateway.open_session(
        account=OTHER,
        key="forged",
        amount_pence=500_00,
        product="x",
        reference="x",
        email="",
        expires_at=site.fake.world.now() + 3600,
        success_url="http://localhost/",
        cancel_url="http://localhost/",
        metadata={"attempt": str(attempt.pk), "application": str(application.pk)},
    )
    site.fake.pay(forged.id)
    site.deliver()
    assert (state(application), Receipt.objects.count()) == ("awaiting-payment", 0)
    assert set(StripeEventOutcome.objects.filter(event__object_id=forged.id).values_list("outcome", flat=True)) == {
        "another account's object"
    }


def test_late_money_takes_a_lapsed_application_up_again(site):
    """Our lapse went by before we knew the page: its answer was lost, and it was paid in its last minute."""
    application = site.applied()
    site.away("POST", "^/v1/checkout/sessions$", "timeout_after")
    with pytest.raises(gateway.Unavailable):
        site.start(application)
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        assert lapsing.lapse(application)
        assert state(application) == "lapsed"
        site.fake.pay(site.sessions()[0]["id"])
        site.deliver()
    assert (state(application), Refund.objects.count()) == ("paid", 0)


def test_late_money_goes_back_where_the_room_is_gone(site):
    offer = site.offer(maximum_pence=1_000_00, optimum_pence=1_000_00)
    application = site.applied(offer=offer)
    site.away("POST", "^/v1/checkout/sessions$", "timeout_after")
    with pytest.raises(gateway.Unavailable):
        site.start(application)
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        lapsing.lapse(application)
        site.applied(700_00, offer=offer)
        site.fake.pay(site.sessions()[0]["id"])
        site.deliver()
    assert state(application) == "lapsed"
    assert list(Refund.objects.values_list("amount_pence", "state")) == [(500_00, "due")]


def test_money_for_a_cancelled_application_goes_back(site):
    application = site.applied()
    attempt = site.start(application)
    applications.cancel(application)
    site.fake.pay(attempt.session_id)
    site.deliver()
    assert state(application) == "cancelled"
    assert list(Refund.objects.values_list("amount_pence", "state")) == [(500_00, "due")]


def test_bank_debits_on_their_way_are_not_paid(site):
    application = site.applied(3_000_00, method="direct-debit")
    attempt = site.start(application)
    assert site.sessions()[0]["payment_method_types"] == ["bacs_debit"]
    site.fake.pay(attempt.session_id, "pm_bacsDebit_success")
    site.deliver()
    assert (state(application), site.attempt(application).state) == ("awaiting-payment", "processing")
    kept_until = methods.debit_answered_by(clock.now())
    assert application.pay_by_at == kept_until
    assert "on its way" in site.client.get(f"/a/{application.token}/").content.decode()
    with site.at(kept_until + timedelta(seconds=1)):
        site.deliver()
        assert not lapsing.lapse(application)
    assert state(application) == "paid"
    assert Receipt.objects.get(application=application).method == "direct-debit"


def test_a_debit_on_its_way_never_lapses_however_late_the_banks_are(site):
    application = site.applied(3_000_00, method="direct-debit")
    site.paid(application, "pm_bacsDebit_success")
    site.deliver()
    with clock.stopped(clock.later(clock.now(), days=30)):
        assert not lapsing.lapse(application)
    assert (state(application), site.attempt(application).state) == ("awaiting-payment", "processing")


def test_a_debit_that_bounced_fails_and_the_payer_is_told_and_pays_another_way(site):
    application = site.applied(3_000_00, method="direct-debit")
    site.paid(application, "pm_bacsDebit_fail")
    site.deliver()
    assert OutgoingMail.objects.filter(kind="payment-failed").count() == 0
    with site.at(clock.later(clock.now(), days=7)):
        site.deliver()
        assert (state(application), site.attempt(application).state) == ("awaiting-payment", "failed")
        assert OutgoingMail.objects.filter(kind="payment-failed").count() == 1
        assert application.pay_by_at >= clock.later(clock.now(), days=checkout.BOUNCED_DAYS)
        outbox.send_due()
        message = OutgoingMail.objects.get(kind="payment-failed")
        assert "£3,000" in message.text
        assert application.token in message.text
        application = another_way.choose(application, "bank-transfer")
    assert (application.method, Receipt.objects.count()) == ("bank-transfer", 0)


def test_a_debit_that_bounced_without_a_word_of_stripes_lapses_in_the_end(site):
    application = site.applied(3_000_00, method="direct-debit")
    site.paid(application, "pm_bacsDebit_fail")
    site.deliver()
    site.fake.advance(20 * 86_400)
    with clock.stopped(clock.later(clock.now(), days=20)):
        assert lapsing.lapse(application) is False  # it learns of the bounce, and the payer gets some days more
        state(application)
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        assert lapsing.lapse(application)
    assert (state(application), site.attempt(application).state) == ("lapsed", "failed")


def test_pay_by_bank_is_paid_at_once(site):
    application = site.applied(method="pay-by-bank")
    site.paid(application, "pm_payByBank_success")
    site.deliver()
    assert state(application) == "paid"
    assert Receipt.objects.get(application=application).method == "pay-by-bank"


def test_what_stripe_leaves_out_silently_is_noticed(site, monkeypatch):
    application = site.applied(method="pay-by-bank")
    made = gateway.open_session

    def filtered(**facts):
        return dataclasses.replace(made(**facts), methods=("card",))

    monkeypatch.setattr(gateway, "open_session", filtered)
    with pytest.raises(checkout.NoCards, match="does not offer this way"):
        site.start(application)
    assert site.sessions()[0]["status"] == "expired"
    assert CheckoutAttempt.objects.get(application=application).state == "failed"


def test_a_method_that_is_not_offered_for_the_sum_gets_no_page(site):
    offer = site.offer()
    for amount_pence, method in [(2_001_00, "card"), (2_000_00, "direct-debit")]:
        with pytest.raises(checkout.NoCards, match="not offered for this sum"):
            site.start(site.applied(amount_pence, offer=offer, method=method))
    assert site.sessions() == []


def test_how_a_card_is_funded_is_asked_after_it_has_paid(site):
    application = site.applied()
    site.paid(application)
    site.deliver()
    assert site.attempt(application).funding == "debit"


def test_a_page_that_expired_unheard_makes_room_for_another(site):
    application = site.applied(method="bank-transfer")
    application = another_way.choose(application, "card")
    first = site.start(application)
    with site.at(clock.later(clock.now(), hours=25)):
        second = site.start(application)
    assert (second.number, site.attempt(application).state) == (2, "open")
    first.refresh_from_db()
    assert first.state == "expired"


def test_no_cards_without_an_account_a_key_or_the_offers_consent(site, settings):
    with pytest.raises(ValidationError, match="switched off"):
        site.start(site.applied(offer=site.offer(cards_accepted=False)))
    application = site.applied(offer=make_offer())
    with pytest.raises(checkout.NoCards):
        site.start(application)
    settings.STRIPE_SECRET_KEY = ""
    assert not ways.takes_cards(application.offer)


def test_a_paid_application_gets_no_page(site):
    application = site.applied()
    site.paid(application)
    site.deliver()
    with pytest.raises(ValidationError, match="no longer waits"):
        site.start(application)
    assert CheckoutAttempt.objects.count() == 1
