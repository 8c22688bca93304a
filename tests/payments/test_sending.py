"""Card refunds through Stripe: each once, whatever fails on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock
from common.models import OutgoingMail
from payments import by_hand, gateway, looking_after, refunds, refusals, sending
from payments.fakestripe.resources import balance, payouts
from payments.fakestripe.resources import refunds as payment_refunds
from payments.models import Refund, StripeAccount
from tests.factories import make_offer, make_user, paid
from tests.payments.conftest import ACCOUNT, OTHER

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


def disputed(site) -> None:
    site.fake.dispute(ACCOUNT, site.fake.world.store.each(ACCOUNT, "charge")[0]["id"])


def kinds(refund) -> set[str]:
    return set(OutgoingMail.objects.filter(subject_id=refund.pk).values_list("kind", flat=True))


def test_what_is_refused_for_good_is_written_down_and_waits_for_a_person(site, owed):
    disputed(site)
    assert sending.send_due() == 0
    row = fresh(owed)
    assert (row.state, row.failure_code, row.next_try_at) == ("failed", "charge_disputed", None)
    assert "charged back" in row.failure
    assert "dispute decides" in refusals.in_words(row.failure_code)
    assert kinds(owed) == {"refund-due", "refund-failed"}
    with clock.stopped(clock.now() + timedelta(days=9)):
        assert sending.send_due() == 0
    assert fresh(owed).tries == 1


def test_an_officer_lets_a_failed_one_be_tried_again(site, owed):
    disputed(site)
    sending.send_due()
    looking_after.try_again(owed, by=make_user())
    sending.send_due()
    assert (fresh(owed).tries, fresh(owed).state) == (2, "failed")
    with pytest.raises(ValidationError, match="Only a refund"):
        looking_after.try_again(refunds_of_a_transfer(), by=make_user())


def refunds_of_a_transfer() -> Refund:
    return refunds.owe_all(paid(make_offer()), rule="OFF-2", reason="Failed.")[0]


def test_the_society_pays_what_stripe_never_will(site, owed):
    with pytest.raises(ValidationError, match="may still pay"):
        looking_after.leave_stripe(owed, by=make_user())
    disputed(site)
    sending.send_due()
    row = looking_after.leave_stripe(fresh(owed), by=make_user())
    assert (row.way, row.state, row.stripe_id) == ("society", "due", None)
    assert looking_after.leave_stripe(fresh(owed), by=make_user()).taken_by == row.taken_by
    with clock.stopped(clock.now() + timedelta(days=9)):
        assert sending.send_due() == 0


def test_what_stripe_holds_after_all_is_not_paid_another_way(site, owed):
    """The answer to the first try was lost, and the second was refused because the first had been paid."""
    site.away("POST", "^/v1/refunds$", "timeout_after")
    sending.send_due()
    Refund.objects.filter(pk=owed.pk).update(state="failed", next_try_at=None)
    with pytest.raises(ValidationError, match="may still pay"):
        looking_after.leave_stripe(fresh(owed), by=make_user())
    assert fresh(owed).way == "stripe"


def test_a_dispute_that_paid_it_is_recorded_by_two(site, owed):
    disputed(site)
    sending.send_due()
    with pytest.raises(ValidationError, match="out of Stripe first"):
        by_hand.prepare(fresh(owed), how="cheque", note="Cheque 1", by=make_user())
    by_hand.prepare(fresh(owed), how="dispute", note="du_1", by=make_user())
    assert by_hand.approve(fresh(owed), by=make_user()).state == "done"


def test_a_refund_that_fails_after_it_succeeded_is_failed_and_told_of(site, owed):
    sending.send_due()
    first = fresh(owed).stripe_id
    payment_refunds.fail(site.fake.world, ACCOUNT, site.refunds()[0], "expired_or_canceled_card")
    site.fake.world.commit()
    site.deliver()
    row = fresh(owed)
    assert (row.state, row.stripe_id, row.done_at, row.next_try_at) == ("failed", None, None, None)
    assert kinds(owed) == {"refund-due", "refund-done", "refund-failed"}
    looking_after.try_again(row, by=make_user())
    sending.send_due()
    assert (fresh(owed).state, len(site.refunds())) == ("done", 2)
    assert fresh(owed).stripe_id != first
    assert "refund-done-after-all" in kinds(owed)


def test_what_stripe_says_of_an_earlier_try_does_not_undo_a_later_one(site, owed):
    sending.send_due()
    old = fresh(owed)
    payment_refunds.fail(site.fake.world, ACCOUNT, site.refunds()[0], "expired_or_canceled_card")
    site.fake.world.commit()
    sending.sync(old)
    looking_after.try_again(owed, by=make_user())
    sending.send_due()
    assert fresh(owed).state == "done"
    sending.sync(old)  # a worker that slept
    assert fresh(owed).state == "done"


def test_waits_grow_to_a_day_and_no_longer():
    waits = [refusals.wait_after(tries) for tries in (1, 2, 3, 6, 7, 12, 60)]
    assert [int(wait / timedelta(minutes=30)) for wait in waits] == [1, 2, 4, 32, 48, 48, 48]
    now = clock.now()
    assert refusals.next_try("strange", 11, now) is not None
    assert refusals.next_try("strange", 12, now) is None
    assert refusals.next_try("insufficient_funds", 99, now) == now + timedelta(days=1)


@pytest.fixture
def by_bank_and_card(site, owed):
    """Two refunds of one society; the later one came by Pay by Bank."""
    application = site.applied(offer=owed.application.offer, method="pay-by-bank")
    site.paid(application, "pm_payByBank_success")
    site.deliver()
    application.refresh_from_db()
    return refunds.owe_all(application, rule="OFF-2", reason="The offer failed.")[0], owed


def sent_to_stripe(site) -> list[str]:
    asked = [row for row in site.fake.requests if (row["method"], row["path"]) == ("POST", "/v1/refunds")]
    return [row["idempotency_key"].split(":")[1] for row in asked]


def test_bank_refunds_go_first_and_cards_last(site, by_bank_and_card):
    bank, card = by_bank_and_card
    assert sending.send_due() == 2
    assert sent_to_stripe(site) == [str(bank.pk), str(card.pk)]


def test_cards_wait_until_the_bank_refunds_have_gone(site, by_bank_and_card):
    bank, card = by_bank_and_card
    site.away("POST", "^/v1/refunds$")
    assert sending.send_due() == 0
    assert (fresh(bank).tries, fresh(card).tries) == (1, 0)
    assert sending.banks_wait(card.society_id)
    with later():
        assert sending.send_due() == 2
    # the fees are gone from the balance, so the bank's is paid whole and the card's waits for a little money
    assert [fresh(row).state for row in by_bank_and_card] == ["done", "sent"]


def test_a_bank_refund_that_waits_for_a_person_holds_no_card_up(site, by_bank_and_card):
    bank, card = by_bank_and_card
    Refund.objects.filter(pk=bank.pk).update(state="failed", next_try_at=None)
    assert sending.send_due() == 1
    assert fresh(card).state == "done"


def test_a_bank_refund_fails_without_money_and_is_tried_until_there_is_some(site, by_bank_and_card):
    """Cards wait behind it all the while, though Stripe would take them: the money that comes in is the bank's."""
    bank, card = by_bank_and_card
    emptied(site)
    assert sending.send_due() == 0
    assert (fresh(bank).state, fresh(bank).failure_code) == ("failed", "insufficient_funds")
    assert "add money there" in refusals.in_words(fresh(bank).failure_code)
    assert (fresh(card).state, fresh(card).tries, kinds(bank)) == ("due", 0, {"refund-due"})
    site.fake.top_up(ACCOUNT, 500_00)
    with later():
        assert sending.send_due() == 2
    assert [fresh(row).state for row in by_bank_and_card] == ["done", "sent"]
    assert [refund["status"] for refund in site.refunds()] == ["failed", "succeeded", "pending"]


def test_one_societys_queue_does_not_hold_up_anothers(site, by_bank_and_card):
    bank, _card = by_bank_and_card
    other = make_offer()
    StripeAccount.objects.create(society=other.society, account_id=OTHER, connected_at=clock.now())
    assert sending.banks_wait(bank.society_id)
    assert not sending.banks_wait(other.society_id)


class Killed(BaseException):
    """The process ends here: nothing after it runs."""


@pytest.mark.parametrize("when", ["before the call", "after the call", "before the answer is written"])
def test_a_worker_killed_at_any_point_pays_once(site, owed, monkeypatch, when):
    real = gateway.send_refund

    def killed(**asked):
        if when == "after the call":
            real(**asked)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        if when == "before the answer is written":
            patch.setattr(sending, "_taken", lambda *args: killed(**{}))
        else:
            patch.setattr(gateway, "send_refund", killed)
        sending.send_due()
    assert fresh(owed).state == "sent"
    assert sending.send_due() == 0
    with later():
        assert sending.send_due() == 1
    assert (fresh(owed).state, len(site.refunds())) == ("done", 1)


def test_a_worker_that_slept_between_its_claim_and_its_call_does_not_call(site, owed, monkeypatch):
    claim = sending._claim
    with monkeypatch.context() as patch:
        moved = []

        def slow(refund):
            row = claim(refund)
            row.sent_at -= sending.STALE + timedelta(seconds=1)
            moved.append(row)
            return row

        patch.setattr(sending, "_claim", slow)
        assert sending.send_due() == 0
    assert (len(moved), site.refunds()) == (1, [])
    with later():
        assert sending.send_due() == 1
    assert len(site.refunds()) == 1


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
    assert kinds(owed) == {"refund-due", "refund-sent"}
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
