"""Checkout sessions: made, paid on the page, expired, and refused where Stripe would refuse."""

from __future__ import annotations

import time

import pytest
import stripe

from tests.payments.fakestripe.conftest import OTHER, browse, shares

BLOCKED = {"card": {"restrictions": {"funding_types_blocked": ["credit"]}}}


def test_from_the_page_to_the_fee(fake, client, society, inbox):
    session = client.v1.checkout.sessions.create(shares(), society)
    assert (session.amount_total, session.status, session.payment_intent) == (250_00, "open", None)
    assert session.payment_method_types == ["card", "bacs_debit", "pay_by_bank"]
    page = browse(session.url, {"choice": "pm_card_visa_debit"})
    assert page.status == 303
    assert page.location.endswith(session.id)
    session = client.v1.checkout.sessions.retrieve(session.id, options=society)
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    charge = client.v1.charges.list({"payment_intent": session.payment_intent}, society).data[0]
    booked = client.v1.balance_transactions.retrieve(charge.balance_transaction, options=society)
    assert (booked.amount, booked.fee, booked.net, booked.status) == (250_00, 3_95, 246_05, "pending")


def test_the_webhook_comes_signed_from_the_right_account(fake, client, society, inbox):
    session = client.v1.checkout.sessions.create(shares(), society)
    fake.pay(session.id)
    fake.wait_until_quiet()
    assert inbox.refused == []
    done = next(event for event in inbox.events if event.type == "checkout.session.completed")
    assert (done.account, done.livemode, done.api_version) == (society["stripe_account"], False, stripe.api_version)
    assert done.data.object.client_reference_id == "app_42"
    # the fee is not there with the first event
    succeeded = next(event for event in inbox.events if event.type == "charge.succeeded")
    assert succeeded.data.object.balance_transaction is None


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types_no_longer_supported"),
        ({"expire_at": 1}, "parameter_unknown"),
        ({"payment_intent_data": {"capture": "manual"}}, "parameter_unknown"),
        ({"ui_mode": "hosted"}, "parameter_invalid_enum"),  # its name until dahlia
        ({"line_items": [{"quantity": "many"}]}, "parameter_invalid_integer"),
        ({"line_items": []}, "parameter_missing"),
        ({"success_url": ""}, "parameter_missing"),
        ({"success_url": "javascript:1"}, "url_invalid"),
        ({"customer_email": "nobody"}, "email_invalid"),
        ({"metadata": {"k" * 41: "v"}}, "parameter_invalid"),
        ({"tax_id_collection": {"enabled": True}}, "fake_not_implemented"),
    ],
)
def test_what_stripe_would_refuse_is_refused(client, society, extra, code):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(shares(**extra), society)
    assert refusal.value.code == code


def line(pence: int) -> list[dict]:
    data = {"currency": "gbp", "unit_amount": pence, "product_data": {"name": "shares"}}
    return [{"quantity": 1, "price_data": data}]


@pytest.mark.parametrize(("pence", "code"), [(29, "amount_too_small"), (1_000_000_00, "amount_too_large")])
def test_sums_have_limits(client, society, pence, code):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(shares(line_items=line(pence)), society)
    assert refusal.value.code == code


def test_pay_by_bank_is_left_out_silently_above_its_limit(client, society):
    session = client.v1.checkout.sessions.create(shares(line_items=line(10_000_01)), society)
    assert session.payment_method_types == ["card", "bacs_debit"]


@pytest.mark.parametrize("seconds", [600, 1790, 86_500])
def test_a_page_is_open_between_half_an_hour_and_a_day(client, society, seconds):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(shares(expires_at=int(time.time()) + seconds), society)
    assert refusal.value.param == "expires_at"


def test_it_expires_at_its_time_and_cannot_be_paid_then(fake, client, society, inbox):
    session = client.v1.checkout.sessions.create(shares(expires_at=fake.world.now() + 1800), society)
    fake.advance(1801)
    assert client.v1.checkout.sessions.retrieve(session.id, options=society).status == "expired"
    late = browse(session.url, {"choice": "pm_card_visa_debit"})
    assert late.status == 410
    assert "expired" in late.text
    fake.wait_until_quiet()
    assert inbox.types().count("checkout.session.expired") == 1


def test_a_paid_session_cannot_be_expired(fake, client, society):
    session = client.v1.checkout.sessions.create(shares(), society)
    fake.pay(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="complete"):
        client.v1.checkout.sessions.expire(session.id, options=society)


def test_an_expired_session_says_so_and_stays_so(client, society):
    session = client.v1.checkout.sessions.create(shares(), society)
    assert client.v1.checkout.sessions.expire(session.id, options=society).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match="expired"):
        client.v1.checkout.sessions.expire(session.id, options=society)


def test_declined_then_3d_secure_then_paid(fake, client, society, inbox):
    session = client.v1.checkout.sessions.create(shares(), society)
    declined = browse(session.url, {"choice": "pm_card_visa_chargeDeclined"})
    assert declined.status == 402
    assert "Your card was declined." in declined.text
    assert client.v1.checkout.sessions.retrieve(session.id, options=society).status == "open"
    bank = browse(session.url, {"choice": "pm_card_authenticationRequired"})
    assert (bank.status, "/c/3ds/" in bank.location) == (303, True)
    assert "£250.00" in browse(bank.location).text
    assert browse(bank.location, {"choice": "ok"}).location.endswith(session.id)
    assert client.v1.checkout.sessions.retrieve(session.id, options=society).payment_status == "paid"
    fake.wait_until_quiet()
    assert inbox.types().count("payment_intent.payment_failed") == 1
    assert inbox.types().count("payment_intent.succeeded") == 1
    assert len(client.v1.payment_intents.list({}, society).data) == 1  # one intent, two charges
    assert len(client.v1.charges.list({}, society).data) == 2


def test_refused_at_the_bank_leaves_the_page_open(client, society):
    session = client.v1.checkout.sessions.create(shares(), society)
    bank = browse(session.url, {"choice": "pm_card_authenticationRequired"}).location
    refused = browse(bank, {"choice": "no"}).text
    assert "unable to authenticate" in refused
    assert f'action="{session.url}"' in refused  # the form pays at its page, wherever it is shown
    assert client.v1.checkout.sessions.retrieve(session.id, options=society).status == "open"
    assert browse(session.url, {"choice": "pm_card_visa_debit"}).status == 303


def test_credit_cards_are_refused_where_they_are_blocked(client, society):
    session = client.v1.checkout.sessions.create(shares(payment_method_options=BLOCKED), society)
    page = browse(session.url, {"choice": "pm_card_visa"})
    assert (page.status, "Credit cards are not accepted" in page.text) == (402, True)
    assert client.v1.charges.list({}, society).data == []
    assert browse(session.url, {"choice": "pm_card_visa_debit"}).status == 303


def test_the_page_says_what_it_is_and_works_without_javascript(client, society):
    session = client.v1.checkout.sessions.create(shares(), society)
    page = browse(session.url)
    assert page.status == 200
    for words in ("Fake Stripe – no real money", "£250.00", "£1 shares", "app_42", "width=device-width"):
        assert words in page.text
    assert "<script" not in page.text
    assert browse(session.url, {"nothing": "chosen"}).status == 400


def test_a_page_that_is_not_there(fake):
    assert browse(f"{fake.url}/c/pay/acct_society1/cs_test_nothing").status == 404


def test_names_are_escaped_on_the_page(client, society):
    line = {"currency": "gbp", "unit_amount": 100_00, "product_data": {"name": "<b>Shop</b>"}}
    session = client.v1.checkout.sessions.create(shares(line_items=[{"quantity": 1, "price_data": line}]), society)
    assert "&lt;b&gt;Shop" in browse(session.url).text


def test_accounts_are_apart(client, make_client, society):
    session = client.v1.checkout.sessions.create(shares(), society)
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        client.v1.checkout.sessions.retrieve(session.id, options={"stripe_account": OTHER})
    with pytest.raises(stripe.PermissionError):
        client.v1.checkout.sessions.retrieve(session.id, options={"stripe_account": "acct_nobody"})


@pytest.mark.parametrize("key", ["sk_live_never", "rk_live_never", "pk_test_public", "nonsense"])
def test_only_test_keys_are_taken(make_client, key):
    with pytest.raises(stripe.AuthenticationError) as refusal:
        make_client(key).v1.balance.retrieve()
    assert key not in str(refusal.value)


def test_restricted_test_keys_are_taken(make_client):
    assert make_client("rk_test_fake").v1.balance.retrieve().object == "balance"


def test_lists_walk_page_by_page_and_filter(fake, client, society):
    made = [client.v1.checkout.sessions.create(shares(), society).id for _ in range(5)]
    fake.pay(made[2])
    walked = client.v1.checkout.sessions.list({"limit": 2}, society).auto_paging_iter()
    assert [session.id for session in walked] == made[::-1]
    assert [s.id for s in client.v1.checkout.sessions.list({"status": "complete"}, society).data] == [made[2]]


def test_expanding_gives_whole_objects(fake, client, society):
    session = client.v1.checkout.sessions.create(shares(), society)
    fake.pay(session.id)
    params = {"expand": ["payment_intent.latest_charge", "line_items"]}
    session = client.v1.checkout.sessions.retrieve(session.id, params, society)
    assert session.payment_intent.latest_charge.payment_method_details.card.funding == "debit"
    assert session.line_items.data[0].quantity == 250
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.checkout.sessions.retrieve(session.id, {"expand": ["nonsense"]}, society)


def test_a_later_payment_succeeds_or_fails_in_days(fake, client, society, inbox):
    good, bad = (client.v1.checkout.sessions.create(shares(), society) for _ in range(2))
    fake.pay(good.id, "pm_bacsDebit_success")
    fake.pay(bad.id, "pm_bacsDebit_fail")
    now = client.v1.checkout.sessions.retrieve(good.id, options=society)
    assert (now.status, now.payment_status) == ("complete", "unpaid")
    fake.advance(7 * 86_400)
    assert client.v1.checkout.sessions.retrieve(good.id, options=society).payment_status == "paid"
    assert client.v1.checkout.sessions.retrieve(bad.id, options=society).payment_status == "unpaid"
    fake.wait_until_quiet()
    kinds = inbox.types()
    assert kinds.count("checkout.session.async_payment_succeeded") == 1
    assert kinds.count("checkout.session.async_payment_failed") == 1
    assert len(client.v1.balance_transactions.list({}, society).data) == 1
