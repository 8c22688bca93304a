"""Card refunds through Stripe: each once, whatever fails on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from payments import gateway, refunds, sending
from payments.fakestripe.resources import balance, payouts
from payments.models import Refund, SuspenseItem
from tests.payments.conftest import ACCOUNT, open_accounts

pytestmark = pytest.mark.django_db
LATER = sending.WAIT + timedelta(minutes=1)


@pytest.fixture
def owed(site):
    """A card payment that shall go back whole."""
    application = site.applied()
    site.paid(application)
    site.deliver()
    application.refresh_from_db()
    return refunds.owe_all(application, rule="OFF-2", reason="The offer failed.")[0]


def fresh(refund) -> Refund:
    return Refund.objects.get(pk=refund.pk)


def later():
    return clock.stopped(clock.now() + LATER)


def test_it_is_sent_once_under_its_key(site, owed):
    assert sending.send_due() == 1
    done = fresh(owed)
    assert (done.state, done.tries, done.stripe_id) == ("done", 1, site.refunds()[0]["id"])
    asked = site.fake.requests[-1]
    assert (asked["account"], asked["idempotency_key"]) == (ACCOUNT, f"refund:{owed.pk}:1")
    assert asked["params"]["amount"] == 500_00
    assert sending.send_due() == 0
    assert len(site.refunds()) == 1


@pytest.mark.parametrize("fault", ["500", "500_saved", "429", "timeout_before"])
def test_it_is_tried_again_later_after_an_error_of_stripes(site, owed, fault):
    site.away("POST", "^/v1/refunds$", fault)
    assert sending.send_due() == 0
    assert fresh(owed).state == "sent"
    assert sending.send_due() == 0  # not at once
    site.fake.traffic.clear()
    with later():
        assert sending.send_due() == 1
    assert (fresh(owed).state, fresh(owed).tries, len(site.refunds())) == ("done", 2, 1)


def test_an_answer_that_was_lost_makes_no_second_refund(site, owed):
    """The next key would pay twice: so first it looks for what the first try did."""
    site.away("POST", "^/v1/refunds$", "timeout_after")
    assert sending.send_due() == 0
    with later():
        assert sending.send_due() == 1
    assert (fresh(owed).state, len(site.refunds())) == ("done", 1)


def test_a_stale_copy_sends_nothing(site, owed):
    stale = fresh(owed)
    sending.send_due()
    assert sending.send(stale) is False
    assert len(site.refunds()) == 1


def test_a_refusal_for_good_is_written_down_in_stripes_words_and_waits_for_a_person(site, owed):
    charge = site.fake.world.store.each(ACCOUNT, "charge")[0]
    site.fake.do("dispute", account=ACCOUNT, charge=charge["id"])
    assert sending.send_due() == 0
    assert fresh(owed).state == "manual"
    assert "charged back" in fresh(owed).failure
    item = SuspenseItem.objects.get(kind="refund-refused")
    assert (item.amount_pence, item.application_id, item.facts["code"]) == (
        500_00,
        owed.application_id,
        "charge_disputed",
    )
    with later():
        asked = len(site.fake.requests)
        assert sending.send_due() == 0
        assert len(site.fake.requests) == asked  # Stripe is not asked again


def test_a_refusal_that_time_may_heal_is_tried_again(site, owed, monkeypatch):
    refuse = gateway.Refused("Not enough money.", code="balance_insufficient", is_final=False)

    def send_refund(**asked):
        raise refuse

    with monkeypatch.context() as patched:
        patched.setattr(gateway, "send_refund", send_refund)
        assert sending.send_due() == 0
    assert (fresh(owed).state, SuspenseItem.objects.count()) == ("failed", 0)
    with later():
        assert sending.send_due() == 1
    assert fresh(owed).state == "done"


def test_a_refund_that_comes_back_after_it_was_done_is_owed_again_and_has_an_owner(site, owed):
    sending.send_due()
    site.deliver()
    done = fresh(owed)
    site.fake.do("fail_refund", account=ACCOUNT, refund=done.stripe_id)
    site.deliver()
    back = fresh(owed)
    assert (back.state, back.stripe_id, back.done_at, back.failure) == (
        "manual",
        None,
        None,
        "expired_or_canceled_card",
    )
    item = SuspenseItem.objects.get()
    assert (item.kind, item.subject, item.amount_pence) == ("refund-failed", done.stripe_id, 500_00)
    assert site.attempt(owed.application).state == "succeeded"  # nothing of it has gone back
    assert open_accounts(owed.society_id) == {}
    with later():
        assert sending.send_due() == 0


def emptied(site) -> None:
    """The society's balance is paid out, so a card refund must wait."""
    site.fake.advance(4 * 86_400)
    world = site.fake.world
    money = balance.available(world, ACCOUNT, "gbp")
    payouts.create_payout(world, ACCOUNT, {"amount": money, "currency": "gbp"})
    world.commit()


def test_a_refund_without_money_waits_and_its_webhook_ends_it(site, owed):
    emptied(site)
    sending.send_due()
    assert (fresh(owed).state, site.refunds()[0]["pending_reason"]) == ("sent", "insufficient_funds")
    site.deliver()
    assert fresh(owed).state == "sent"
    site.fake.top_up(ACCOUNT, 500_00)
    site.deliver()
    assert fresh(owed).state == "done"


def test_a_waiting_refund_is_looked_at_though_its_webhook_was_lost(site, owed):
    emptied(site)
    sending.send_due()
    site.deliver()
    site.fake.world.chaos["lose"] = 1.0
    site.fake.top_up(ACCOUNT, 500_00)
    site.deliver()
    assert fresh(owed).state == "sent"
    assert sending.look_at_sent() == 0  # not at once
    with later():
        site.away("GET", "/v1/refunds/")
        assert sending.look_at_sent() == 0
        assert sending.look_at_sent() == 1
    assert (fresh(owed).state, len(site.refunds())) == ("done", 1)


def test_a_part_goes_back_and_then_the_rest(site):
    application = site.applied()
    site.paid(application)
    site.deliver()
    application.refresh_from_db()
    for part in (200_00, 300_00):
        refunds.owe(application, part, rule="OFF-5", reason="Scaled back.")
    assert sending.send_due() == 2
    assert sorted(refund["amount"] for refund in site.refunds()) == [200_00, 300_00]
    assert site.fake.world.store.each(ACCOUNT, "charge")[0]["refunded"] is True
