"""A society's own account at Stripe: made once, led through Stripe's questions, ready only where both things are so."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import stripe
from django.core.exceptions import ValidationError

from common import clock
from common.models import AuditEvent
from payments import accounts, gateway, ways, webhooks
from payments.models import AccountCheck, StripeAccount, StripeEventOutcome, SuspenseItem
from tests.factories import connect, make_draft, make_offer, make_society, make_user
from tests.payments.conftest import ACCOUNT, SECRET
from tests.payments.fakestripe.conftest import browse

pytestmark = pytest.mark.django_db
THIN = "/stripe/webhook/accounts/"


@pytest.fixture
def society(fake):
    fake.world.onboarding = True
    return make_society()


def notification(account: str, kind: str, number: int = 1, **changes) -> bytes:
    return json.dumps(
        {
            "id": f"evt_thin_{number}",
            "object": "v2.core.event",
            "type": kind,
            "created": "2026-11-25T09:00:00.000Z",
            "livemode": False,
            "related_object": {"id": account, "type": "v2.core.account", "url": f"/v2/core/accounts/{account}"},
        }
        | changes
    ).encode()


def post(client, body: bytes, secret: str = SECRET, where: str = THIN) -> int:
    headers = {"Stripe-Signature": stripe.WebhookSignature.generate_signature_header(body.decode(), secret)}
    return client.post(where, body, content_type="application/json", headers=headers).status_code


def test_an_account_is_made_once_however_often_it_is_begun(society, fake):
    officer = make_user()
    first, second = accounts.start(society, by=officer), accounts.start(society, by=officer)
    assert first.pk == second.pk
    assert first.account_id.startswith("acct_")
    made = [asked for asked in fake.requests if asked["path"] == "/v2/core/accounts"]
    assert [asked["idempotency_key"] for asked in made] == [f"account:{first.pk}"]
    assert made[0]["params"]["defaults"]["responsibilities"] == {
        "fees_collector": "stripe",
        "losses_collector": "stripe",
    }
    assert made[0]["params"]["dashboard"] == "full"
    assert AuditEvent.objects.filter(act="stripe.begin").count() == 1


def test_an_answer_that_was_lost_makes_no_second_account(society, fake):
    for _ in range(3):
        fake.inject("POST", "^/v2/core/accounts$", "timeout_after")
    with pytest.raises(gateway.Unavailable):
        accounts.start(society, by=make_user())
    assert StripeAccount.objects.get(society=society).account_id is None
    known = set(fake.world.store.accounts)
    account = accounts.start(society, by=make_user())
    assert account.account_id in known


def test_from_the_button_to_ready(society, fake):
    account = accounts.start(society, by=make_user())
    assert not accounts.check(account).is_ready
    page = gateway.onboarding_page(
        account=account.account_id, return_url="http://localhost/back/", refresh_url="http://localhost/again/"
    )
    assert browse(page, {}).location == "http://localhost/back/"
    looked = accounts.check(account)
    assert (looked.cards, looked.payouts, looked.is_ready) == ("active", "daily", False)
    assert "by itself (daily)" in ways.not_ready(looked)
    settled = accounts.settle(account)
    assert (settled.payouts, settled.is_ready, ways.not_ready(settled)) == ("manual", True, "")
    assert settled.active == ["bacs_debit_payments", "card_payments", "pay_by_bank_payments"]
    assert AccountCheck.objects.filter(account=account).count() == 3


def test_every_call_about_an_account_names_it(society, fake):
    account = accounts.start(society, by=make_user())
    fake.do("set_ready", account=account.account_id)
    accounts.settle(account)
    for asked in fake.requests[1:]:
        assert account.account_id in (asked["account"], asked["path"].rpartition("/")[2])


def test_no_ready_account_no_page_and_the_reason_in_words(fake):
    offer = make_offer()
    assert "no account" in ways.why_no_cards(offer).to_officer
    account = StripeAccount.objects.create(society=offer.society, account_id=ACCOUNT, connected_at=clock.now())
    assert "not been asked" in ways.why_no_cards(offer).to_officer
    accounts.note(account, gateway.AccountFacts({"card_payments": "restricted"}, "manual", False))
    assert "not made card payments active" in ways.why_no_cards(offer).to_officer
    accounts.note(account, gateway.AccountFacts({"card_payments": "active"}, "weekly", False))
    problem = ways.why_no_cards(offer)
    assert "(weekly)" in problem.to_officer
    assert problem.is_fault
    assert [str(way) for way in ways.usable(offer, 500_00)] == ["bank-transfer", "cheque"]
    accounts.note(account, gateway.AccountFacts({"card_payments": "active"}, "manual", False))
    assert ways.why_no_cards(offer) is None
    assert [str(way) for way in ways.usable(offer, 500_00)] == ["card", "bank-transfer", "cheque"]


def test_a_schedule_that_somebody_changes_stops_new_card_sales_at_its_webhook(site):
    application = site.applied()
    gateway.pay_out_by_hand(account=ACCOUNT)
    site.deliver()
    assert ways.takes_cards(application.offer)
    fake_client = gateway.client.client_of_this_site()
    fake_client.v1.balance_settings.update(
        {"payments": {"payouts": {"schedule": {"interval": "daily"}}}}, gateway.client.options(ACCOUNT)
    )
    site.deliver()
    assert not ways.takes_cards(application.offer)
    outcomes = StripeEventOutcome.objects.filter(event__type="balance_settings.updated").order_by("done_at")
    assert list(outcomes.values_list("outcome", flat=True)) == ["account ready", "account not ready"]
    page = site.client.get(f"/a/{application.token}/").content.decode()
    assert "choose another way" in page
    assert "Pay £500" not in page


def test_the_worker_asks_each_day_and_notices_without_any_webhook(site):
    offer = site.offer()
    assert accounts.check_all() == 0  # the fake pays daily
    assert not ways.takes_cards(offer)
    accounts.settle(accounts.serving(offer.society_id))
    assert accounts.check_all() == 1
    assert ways.takes_cards(offer)


def test_stripe_being_away_leaves_the_last_answer_standing(site):
    offer = site.offer()
    site.away("GET", "^/v2/core/accounts/", times=6)
    assert accounts.check_all() == 0
    accounts.look_again(offer.society_id)
    assert ways.takes_cards(offer)


def test_an_account_that_left_ends_and_another_can_be_begun(site, client):
    offer = site.offer()
    del site.fake.world.store.accounts[ACCOUNT]
    body = json.dumps(
        {"id": "evt_gone", "object": "event", "type": "account.application.deauthorized", "account": ACCOUNT,
         "livemode": False, "data": {"object": {"id": "ca_1", "object": "application"}}}
    ).encode()  # fmt: skip
    assert post(client, body, where="/stripe/webhook/") == 200
    webhooks.work_through()
    assert StripeAccount.objects.get(account_id=ACCOUNT).ended_at is not None
    assert "no account" in ways.why_no_cards(offer).to_officer
    assert StripeEventOutcome.objects.get().outcome == "account ended"
    assert accounts.start(offer.society, by=make_user()).account_id != ACCOUNT


def test_thin_events_are_kept_and_looked_into(site, client):
    site.offer()
    kind = "v2.core.account[configuration.merchant].capability_status_updated"
    assert post(client, notification(ACCOUNT, kind)) == 200
    assert post(client, notification(ACCOUNT, kind)) == 200
    webhooks.work_through()
    assert list(StripeEventOutcome.objects.values_list("outcome", flat=True)) == ["account not ready"]
    assert post(client, notification("acct_foreign", "v2.core.account[requirements].updated", 2)) == 200
    webhooks.work_through()
    assert set(StripeEventOutcome.objects.values_list("outcome", flat=True)) == {
        "account not ready",
        "no account of ours",
    }


def test_a_thin_event_of_the_other_mode_is_kept_and_named_and_never_acted_on(site, client):
    site.offer()
    asked = len(site.fake.requests)
    assert post(client, notification(ACCOUNT, "v2.core.account[requirements].updated", livemode=True)) == 200
    webhooks.work_through()
    assert StripeEventOutcome.objects.get().outcome == "of the other mode"
    assert SuspenseItem.objects.get().kind == "wrong-mode"
    assert len(site.fake.requests) == asked


def test_the_door_of_thin_events_takes_nothing_else(site, client, settings):
    kind = "v2.core.account[requirements].updated"
    assert post(client, notification(ACCOUNT, kind), secret="whsec_other") == 400
    assert post(client, json.dumps({"id": "evt_1", "object": "event", "type": "account.updated"}).encode()) == 400
    assert post(client, b"{}") == 400
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", SECRET]
    assert post(client, notification(ACCOUNT, kind)) == 200  # the older of two secrets
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert post(client, notification(ACCOUNT, kind)) == 503


def test_an_offer_that_would_keep_money_too_long_is_not_published_with_cards(fake):
    society = make_society()
    connect(society)
    today = clock.today()
    fits = make_draft(society, closes_on=today + timedelta(days=75 - 14))
    assert [answer.passed for answer in ways.publishing_answers(fits)] == [True, True]
    long = make_draft(society, closes_on=today + timedelta(days=75 - 13))
    answer = ways.publishing_answers(long)[0]
    assert (answer.rule, answer.passed) == ("PAY-1", False)
    assert "76 days" in answer.message
    assert "75 is the most" in answer.message
    long.cards_accepted = False
    assert ways.publishing_answers(long) == []
    endless = make_draft(society, kind="open", closes_on=None, cards_accepted=True)
    assert "without a last day" in ways.publishing_answers(endless)[0].message


def test_the_last_day_is_not_moved_beyond_what_stripe_keeps(site):
    application = site.applied()
    offer, officer = application.offer, make_user()
    far = clock.today() + timedelta(days=80)
    ways.extend(offer, to=offer.closes_on + timedelta(days=1), by=officer)
    site.paid(application)
    site.deliver()
    with pytest.raises(ValidationError, match="94 days"):
        ways.extend(offer, to=far, by=officer)
    offer.refresh_from_db()
    assert offer.closes_on == clock.today() + timedelta(days=51)


def test_an_offer_without_money_at_stripe_may_be_moved_and_then_takes_no_cards(site):
    offer = site.offer()
    offer = ways.extend(offer, to=clock.today() + timedelta(days=80), by=make_user())
    problem = ways.why_no_cards(offer)
    assert "94 days" in problem.to_officer
    with clock.stopped(clock.later(clock.now(), days=19)):
        assert ways.why_no_cards(offer) is None  # 75 days are left


def test_cards_and_cash_are_switched_with_a_note_and_a_transfer_never_is(site):
    offer, officer = site.offer(), make_user()
    ways.switch(offer, cards=False, cash=True, by=officer)
    ways.switch(offer, cards=False, cash=True, by=officer)
    offer.refresh_from_db()
    assert [str(way) for way in ways.usable(offer, 500_00)] == ["bank-transfer", "cheque", "cash"]
    note = AuditEvent.objects.get(act="offer.methods")
    assert (note.actor, note.facts) == (officer, {"cards": False, "cash": True})
    ways.switch(offer, cards=True, cash=False, by=officer)
    offer.refresh_from_db()
    assert str(ways.usable(offer, 500_00)[0]) == "card"


def test_cards_are_not_switched_on_for_an_offer_that_is_too_long(site):
    offer = site.offer(closes_on=clock.today() + timedelta(days=100), cards_accepted=False)
    with pytest.raises(ValidationError, match="114 days"):
        ways.switch(offer, cards=True, cash=False, by=make_user())


def test_what_stripe_said_in_writing_and_its_limits_are_recorded(site):
    account, officer = connect(make_society()), make_user()
    with pytest.raises(ValidationError, match="future"):
        accounts.record_answer(account, answered_on=clock.today() + timedelta(days=1), by=officer)
    accounts.record_answer(account, answered_on=clock.today(), by=officer)
    accounts.record_limits(account, pay_by_bank_pence=20_000_00, debit_pence=None, by=officer)
    account.refresh_from_db()
    assert account.answered_on == clock.today()
    assert ways.raised(account) == {"pay-by-bank": 20_000_00}
