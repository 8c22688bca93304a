"""Commit now, pay later: a way to pay is kept on the page, and charged when nobody is there."""

from __future__ import annotations

import pytest
import stripe

from tests.payments.fakestripe.conftest import ACCOUNT, browse

DAY = 86_400


@pytest.fixture
def page(client, society):
    """A page that keeps a way to pay, with a customer made at its end."""
    asked = {
        "mode": "setup",
        "currency": "gbp",
        "customer_email": "ann@example.org",
        "success_url": "http://127.0.0.1:1/",
    }
    return client.v1.checkout.sessions.create(asked | {"setup_intent_data": {"metadata": {"pledge": "7"}}}, society)


@pytest.fixture
def keep(fake, client, society, page):
    """Keeps a method on the page; its setup intent."""

    def keep(how: str) -> stripe.SetupIntent:
        fake.pay(page.id, how)
        return client.v1.checkout.sessions.retrieve(page.id, {"expand": ["setup_intent"]}, society).setup_intent

    return keep


def charge(client, society, intent: stripe.SetupIntent, **changes) -> stripe.PaymentIntent:
    asked = {
        "amount": 100_00,
        "currency": "gbp",
        "customer": intent.customer,
        "payment_method": intent.payment_method,
        "off_session": True,
        "confirm": True,
    }
    return client.v1.payment_intents.create(asked | changes, society)


def test_the_session_ends_with_a_customer_and_a_method_of_theirs(fake, client, society, keep, page, inbox):
    intent = keep("success")
    session = client.v1.checkout.sessions.retrieve(page.id, options=society)
    assert (session.status, session.payment_status, session.amount_total) == ("complete", "no_payment_required", None)
    assert session.customer == intent.customer
    assert session.customer_details.email == "ann@example.org"
    assert intent.metadata.pledge == "7"
    assert client.v1.payment_methods.retrieve(intent.payment_method, options=society).customer == intent.customer
    fake.wait_until_quiet()
    assert {"setup_intent.succeeded", "payment_method.attached", "checkout.session.completed"} <= set(inbox.types())


def test_a_card_that_was_kept_with_3d_secure_is_charged_later(client, society, keep):
    assert charge(client, society, keep("pm_card_authenticationRequiredOnSetup")).status == "succeeded"


def test_the_bank_may_ask_at_once_and_again_at_the_charge(client, society, keep):
    intent = keep("pm_card_authenticationRequired")
    assert intent.status == "succeeded"
    with pytest.raises(stripe.CardError) as refusal:
        charge(client, society, intent)
    error = refusal.value.error
    assert (refusal.value.code, error.decline_code) == ("authentication_required", "authentication_required")
    assert error.payment_intent.status == "requires_payment_method"
    assert error.payment_method.id == intent.payment_method  # what a link by e-mail shall ask for again


def test_after_the_bank_has_asked_the_payer_pays_on_a_page_of_their_own(fake, client, society, keep):
    intent = keep("pm_card_authenticationRequired")
    with pytest.raises(stripe.CardError) as refusal:
        charge(client, society, intent)
    again = client.v1.payment_intents.confirm(
        refusal.value.error.payment_intent.id,
        {"payment_method": intent.payment_method, "return_url": "http://127.0.0.1:1/back"},
        society,
    )
    assert again.status == "requires_action"
    answer = browse(again.next_action.redirect_to_url.url, {"choice": "ok"})
    assert answer.location == "http://127.0.0.1:1/back"
    assert client.v1.payment_intents.retrieve(again.id, options=society).status == "succeeded"


def test_a_card_may_be_kept_and_decline_months_later(fake, client, society, keep):
    intent = keep("pm_card_chargeCustomerFail")
    fake.advance(90 * DAY)
    with pytest.raises(stripe.CardError) as refusal:
        charge(client, society, intent)
    assert (refusal.value.code, refusal.value.error.decline_code) == ("card_declined", "card_declined")


def test_a_card_that_is_declined_is_not_kept(client, society, page):
    answer = browse(page.url, {"choice": "pm_card_visa_chargeDeclined"})
    assert (answer.status, "Your card was declined." in answer.text) == (402, True)
    assert client.v1.checkout.sessions.retrieve(page.id, options=society).status == "open"


def test_the_page_for_later_names_no_sum_and_its_bank_page_neither(client, society, page):
    text = browse(page.url).text
    assert "Keep a way to pay for later" in text
    assert "£" not in text
    bank = browse(page.url, {"choice": "pm_card_authenticationRequiredOnSetup"}).location
    assert "A card is kept for later" in browse(bank).text
    assert "unable to authenticate" in browse(bank, {"choice": "no"}).text
    bank = browse(page.url, {"choice": "pm_card_authenticationRequiredOnSetup"}).location
    assert browse(bank, {"choice": "ok"}).location == "http://127.0.0.1:1/"
    assert browse(bank).status == 410


def test_pay_by_bank_cannot_be_kept(client, society, page):
    assert page.payment_method_types == ["card", "bacs_debit"]


def test_a_debit_is_kept_under_a_mandate_which_the_payer_can_end(fake, client, society, keep, inbox):
    intent = keep("pm_bacsDebit_success")
    mandate = client.v1.mandates.retrieve(intent.mandate, options=society)
    assert (mandate.status, mandate.payment_method_details.bacs_debit.network_status) == ("pending", "pending")
    fake.advance(3 * DAY)
    assert client.v1.mandates.retrieve(mandate.id, options=society).status == "active"
    paid = charge(client, society, intent)
    assert paid.status == "processing"
    fake.do("end_mandate", account=ACCOUNT, mandate=mandate.id)
    fake.advance(7 * DAY)
    failed = client.v1.payment_intents.retrieve(paid.id, options=society)
    assert (failed.status, failed.last_payment_error.code) == (
        "requires_payment_method",
        "payment_method_provider_decline",
    )
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        charge(client, society, intent)
    assert refusal.value.code == "payment_intent_mandate_invalid"
    fake.wait_until_quiet()
    assert inbox.types().count("mandate.updated") == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"customer": "cus_nobody"}, "No such customer"),
        ({"confirm": False}, "`confirm` is true"),
        ({"setup_future_usage": "off_session"}, "only specify one"),
        ({"application_fee_amount": 200_00}, "cannot be more"),
    ],
)
def test_what_does_not_go_together_is_refused(client, society, keep, changes, words):
    intent = keep("success")
    with pytest.raises(stripe.InvalidRequestError, match=words):
        charge(client, society, intent, **changes)


def test_without_its_customer_a_kept_method_pays_nothing(client, society, keep):
    intent = keep("success")
    asked = {"amount": 1_00, "currency": "gbp", "payment_method": intent.payment_method, "confirm": True}
    with pytest.raises(stripe.InvalidRequestError, match="belongs to a customer"):
        client.v1.payment_intents.create(asked, society)


def test_a_method_that_is_not_kept_pays_once(client, society):
    method = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa_debit"}}, society)
    asked = {"amount": 1_00, "currency": "gbp", "payment_method": method.id, "confirm": True}
    assert client.v1.payment_intents.create(asked, society).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        client.v1.payment_intents.create(asked, society)


def test_a_method_belongs_to_one_customer_and_is_spent_once_it_leaves(client, society, keep):
    intent = keep("success")
    other = client.v1.customers.create({}, society)
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        client.v1.payment_methods.attach(intent.payment_method, {"customer": other.id}, society)
    client.v1.payment_methods.detach(intent.payment_method, options=society)
    asked = {"amount": 1_00, "currency": "gbp", "payment_method": intent.payment_method, "confirm": True}
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        client.v1.payment_intents.create(asked, society)
    with pytest.raises(stripe.CardError):
        client.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": other.id}, society)


def test_a_challenge_may_be_asked_for(client, society):
    line = {"currency": "gbp", "unit_amount": 100_00, "product_data": {"name": "shares"}}
    asked = {
        "mode": "payment",
        "success_url": "http://127.0.0.1:1/",
        "line_items": [{"quantity": 1, "price_data": line}],
        "payment_method_options": {"card": {"request_three_d_secure": "challenge"}},
    }
    session = client.v1.checkout.sessions.create(asked, society)
    assert "/c/3ds/" in browse(session.url, {"choice": "pm_card_visa_debit"}).location
