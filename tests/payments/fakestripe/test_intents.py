"""PaymentIntents and SetupIntents without a page, customers, payment methods, products and prices."""

from __future__ import annotations

import pytest
import stripe

from tests.payments.fakestripe.conftest import shares

SUM = {"amount": 100_00, "currency": "gbp"}


def test_create_and_confirm_at_once(client, society):
    intent = client.v1.payment_intents.create(
        SUM | {"confirm": True, "payment_method": "pm_card_visa", "metadata": {"a": "1"}}, society
    )
    assert (intent.status, intent.amount_received, intent.metadata.a) == ("succeeded", 100_00, "1")


def test_a_decline_says_why(client, society):
    with pytest.raises(stripe.CardError) as refusal:
        client.v1.payment_intents.create(
            SUM | {"confirm": True, "payment_method": "pm_card_visa_chargeDeclinedInsufficientFunds"}, society
        )
    assert refusal.value.error.decline_code == "insufficient_funds"
    assert refusal.value.error.payment_intent.status == "requires_payment_method"


def test_off_session_a_card_that_asks_for_authentication_is_refused(client, society):
    params = SUM | {"confirm": True, "off_session": True, "payment_method": "pm_card_authenticationRequired"}
    with pytest.raises(stripe.CardError) as refusal:
        client.v1.payment_intents.create(params, society)
    assert refusal.value.code == "authentication_required"


def test_hold_then_capture_a_part(fake, client, society, inbox):
    params = SUM | {"confirm": True, "payment_method": "pm_card_visa", "capture_method": "manual"}
    intent = client.v1.payment_intents.create(params, society)
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 100_00)
    intent = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 40_00}, society)
    assert (intent.status, intent.amount_received) == ("succeeded", 40_00)
    fake.wait_until_quiet()
    assert "charge.captured" in inbox.types()


def test_a_hold_ends_after_seven_days(fake, client, society):
    params = SUM | {"confirm": True, "payment_method": "pm_card_visa", "capture_method": "manual"}
    intent = client.v1.payment_intents.create(params, society)
    fake.advance(7 * 86_400 + 1)
    intent = client.v1.payment_intents.retrieve(intent.id, options=society)
    assert (intent.status, intent.cancellation_reason) == ("canceled", "automatic")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.capture(intent.id, options=society)
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_cancel_ends_an_intent(client, society):
    intent = client.v1.payment_intents.create(SUM, society)
    cancelled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"}, society)
    assert cancelled.status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="cannot confirm"):
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}, society)


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"amount": 100}, "parameter_missing", "currency"),
        ({"amount": 1, "currency": "gbp"}, "amount_too_small", "amount"),
        (SUM | {"confirm": True}, "parameter_missing", "payment_method"),
        (SUM | {"payment_method": "pm_unknown"}, "resource_missing", "payment_method"),
        (SUM | {"on_behalf_of": "acct_1"}, "fake_not_implemented", "on_behalf_of"),
    ],
)
def test_what_is_wrong_is_named(client, society, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.create(params, society)
    assert (refusal.value.code, refusal.value.param) == (code, param)


def test_a_method_that_is_not_allowed(client, society):
    params = SUM | {"allowed_payment_method_types": ["card"], "confirm": True, "payment_method": "pm_bacsDebit_success"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.create(params, society)
    assert refusal.value.code == "payment_intent_incompatible_payment_method"


def test_commit_now_and_charge_later(fake, client, society, inbox):
    """A page that keeps a card, and a charge off session on the closing day."""
    customer = client.v1.customers.create({"email": "ann@example.org", "name": "Ann"}, society)
    page = {"mode": "setup", "currency": "gbp", "customer": customer.id, "success_url": "http://127.0.0.1:1/"}
    session = client.v1.checkout.sessions.create(page, society)
    fake.pay(session.id)
    params = {"expand": ["setup_intent"]}
    intent = client.v1.checkout.sessions.retrieve(session.id, params, society).setup_intent
    assert intent.status == "succeeded"
    paid = client.v1.payment_intents.create(
        SUM | {"customer": customer.id, "payment_method": intent.payment_method, "off_session": True, "confirm": True},
        society,
    )
    assert paid.status == "succeeded"
    assert client.v1.payment_methods.list({"customer": customer.id}, society).data[0].id == intent.payment_method
    fake.wait_until_quiet()
    assert "setup_intent.succeeded" in inbox.types()


def test_a_setup_that_fails_and_one_that_is_cancelled(client, society):
    with pytest.raises(stripe.CardError):
        client.v1.setup_intents.create({"confirm": True, "payment_method": "pm_card_visa_chargeDeclined"}, society)
    intent = client.v1.setup_intents.create({}, society)
    assert client.v1.setup_intents.cancel(intent.id, options=society).status == "canceled"
    assert len(client.v1.setup_intents.list({}, society).data) == 2


def test_customers_are_changed_and_deleted(client, society):
    customer = client.v1.customers.create({"email": "ann@example.org", "metadata": {"a": "1", "b": "2"}}, society)
    changed = client.v1.customers.update(customer.id, {"name": "Ann", "metadata": {"a": ""}}, society)
    assert (changed.name, changed.metadata.to_dict()) == ("Ann", {"b": "2"})
    assert [c.id for c in client.v1.customers.list({"email": "ann@example.org"}, society).data] == [customer.id]
    assert client.v1.customers.delete(customer.id, options=society).deleted
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        client.v1.customers.retrieve(customer.id, options=society)


def test_a_line_may_name_a_price(client, society):
    product = client.v1.products.create({"name": "Ordinary shares"}, society)
    price = client.v1.prices.create({"currency": "gbp", "unit_amount": 100, "product": product.id}, society)
    session = client.v1.checkout.sessions.create(shares(line_items=[{"price": price.id, "quantity": 30}]), society)
    assert session.amount_total == 30_00
    lines = client.v1.checkout.sessions.line_items.list(session.id, options=society)
    assert (lines.data[0].description, lines.data[0].amount_total) == ("Ordinary shares", 30_00)


def test_card_numbers_are_not_taken(client, society):
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    with pytest.raises(stripe.InvalidRequestError, match="test token"):
        client.v1.payment_methods.create({"type": "card", "card": card}, society)
    method = client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa_debit"}}, society)
    assert (method.card.funding, method.card.last4) == ("debit", "5556")
