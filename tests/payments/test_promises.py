"""Promise now, pay when the offer has reached its minimum: over HTTP with the fake Stripe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock, outbox
from common.models import OutgoingMail
from members import allotment, books
from offers import applications
from offers.choices import ApplicationState, Collection, Method
from payments import cancellations, collecting, gateway, lapsing, promises, reactions, receipts, ways, webhooks
from payments.choices import AttemptState, PromiseState
from payments.models import CheckoutAttempt, Promise, Receipt, Refund
from tests.factories import make_user, submit
from tests.payments.conftest import ACCOUNT

pytestmark = pytest.mark.django_db
DEBIT = "pm_card_visa_debit"
S, P = ApplicationState, PromiseState


@pytest.fixture
def offer(site):
    return site.offer(
        collection=Collection.AT_CLOSE,
        minimum_pence=1_000_00,
        optimum_pence=5_000_00,
        maximum_pence=10_000_00,
        closes_on=clock.today() + timedelta(days=20),
    )


@pytest.fixture
def promise(site, offer):
    """Promises a sum on Stripe's page, by default with a debit card; the promise."""

    def give(amount_pence: int = 600_00, how: str = DEBIT, method: str = Method.CARD) -> Promise:
        application = submit(offer, amount_pence, method=method)
        start(application)
        found = Promise.objects.get(application=application)
        site.fake.pay(found.session_id, how)
        site.deliver()
        found.refresh_from_db()
        return found

    return give


def start(application) -> str:
    back = f"http://localhost:8000/a/{application.token}/"
    return promises.start(application, success_url=f"{back}paid/", cancel_url=back)


def state(row) -> str:
    row.refresh_from_db()
    return row.state


def intents(site) -> list[dict]:
    return site.fake.world.store.each(ACCOUNT, "payment_intent")


def after_close(offer):
    return clock.later(offer.closes_at(), minutes=5)


def mail_about(row) -> list[str]:
    return sorted(OutgoingMail.objects.filter(subject_id=row.pk).values_list("kind", flat=True))


def test_a_promise_takes_nothing_and_keeps_the_place(site, offer, promise):
    given = promise(600_00)
    application = given.application
    assert (given.state, state(application)) == (P.HELD, S.COMMITTED)
    assert intents(site) == []
    assert not Receipt.objects.exists()
    offer.refresh_from_db()
    assert offer.taken_pence == 600_00
    assert "application-committed" in mail_about(application)
    assert outbox.send_due() >= 1
    page = site.client.get(f"/a/{application.token}/").content.decode()
    assert "nothing has been taken" in page
    assert "£1,000" in page
    assert list(books.faults()) == []


def test_the_button_leads_to_the_page_and_back_before_the_webhook(site, offer):
    application = submit(offer, 600_00, method="card")
    page = site.client.get(f"/a/{application.token}/").content.decode()
    assert "Give your debit card" in page
    there = site.client.post(f"/a/{application.token}/pay/")["Location"]
    assert there.startswith(site.fake.url)
    assert site.client.post(f"/a/{application.token}/pay/")["Location"] == there  # the open page is shown again
    site.fake.pay(Promise.objects.get().session_id, DEBIT)
    site.client.get(f"/a/{application.token}/paid/")
    assert state(application) == S.COMMITTED
    site.deliver()
    assert Promise.objects.count() == 1


def test_after_the_close_every_promise_is_charged_once(site, offer, promise):
    first, second = promise(600_00), promise(500_00)
    assert collecting.run_due() == 0  # not before the close
    with site.at(after_close(offer)):
        assert collecting.run_due() > 0
        collecting.run_due()
        assert [state(row) for row in (first, second)] == [P.COLLECTED, P.COLLECTED]
        assert [state(row.application) for row in (first, second)] == [S.PAID, S.PAID]
        assert sorted(Receipt.objects.values_list("amount_pence", flat=True)) == [500_00, 600_00]
        assert len(intents(site)) == 2
        assert collecting.kept_apart(offer) == {
            "promised": 1_100_00, "collected": 1_100_00, "refused": 0, "released": 0,
        }  # fmt: skip
        methods = site.fake.world.store.each(ACCOUNT, "payment_method")
        assert [row for row in methods if row["customer"]] == []  # forgotten at Stripe
        site.deliver()
        assert Receipt.objects.count() == 2
    with clock.stopped(allotment.earliest(offer) + timedelta(seconds=1)):
        officers = make_user(), make_user()
        allotment.prepare(offer, by=officers[0])
        allotment.approve(offer, by=officers[1])
        assert allotment.decide(offer, on=clock.today(), by=officers[1]).succeeds
    assert list(books.faults()) == []


def test_below_the_minimum_nobody_is_charged(site, offer, promise):
    given = promise(600_00)
    with site.at(after_close(offer)):
        collecting.run_due()
        assert (state(given), state(given.application)) == (P.RELEASED, S.LAPSED)
        assert intents(site) == []
        assert mail_about(given) == ["promise-released"]
        outbox.send_due()
        assert OutgoingMail.objects.get(subject_id=given.pk).sent_at
        assert allotment.may_be_decided(offer)
        assert not allotment.work_out(offer).succeeds
        assert given.forgotten_at is not None
    offer.refresh_from_db()
    assert offer.taken_pence == 0
    assert list(books.faults()) == []


def test_money_by_transfer_counts_towards_the_minimum(site, offer, promise):
    given = promise(600_00)
    with clock.stopped(offer.closes_at() - timedelta(days=3)):
        transfer = submit(offer, 500_00)
    with site.at(after_close(offer)):
        assert collecting.run_due() == 0  # the transfer may still come
        assert state(given) == P.HELD
        receipts.take(transfer, amount_pence=500_00, method="bank-transfer")
        collecting.run_due()
        assert state(given) == P.COLLECTED


@pytest.mark.parametrize("how", ["pm_card_authenticationRequired", "pm_card_chargeCustomerFail"])
def test_a_bank_that_refuses_or_asks_again_gives_a_week_to_pay(site, offer, promise, how):
    refused, _paid = promise(600_00, how), promise(700_00)
    application = refused.application
    with site.at(after_close(offer)):
        collecting.run_due()
        assert (state(refused), state(application)) == (P.REFUSED, S.AWAITING_PAYMENT)
        assert application.pay_by_at == clock.later(clock.now(), days=7)
        assert mail_about(refused) == ["promise-refused"]
        outbox.send_due()
        assert CheckoutAttempt.objects.get(application=application).state == AttemptState.FAILED
        assert not allotment.may_be_decided(offer)
        assert collecting.kept_apart(offer)["refused"] == 600_00
        attempt = site.start(application)  # an ordinary page now
        assert attempt.number == 2
        site.fake.pay(attempt.session_id, DEBIT)
        site.deliver()
        assert state(application) == S.PAID
    assert list(books.faults()) == []


def test_whoever_does_not_pay_within_the_week_lapses(site, offer, promise):
    refused, _paid = promise(600_00, "pm_card_chargeCustomerFail"), promise(1_000_00)
    with site.at(after_close(offer)):
        collecting.run_due()
    with site.at(clock.later(after_close(offer), days=8)):
        lapsing.lapse_due()
        assert state(refused.application) == S.LAPSED
        assert allotment.may_be_decided(offer)


def test_a_credit_card_is_not_kept(site, offer, promise):
    given = promise(600_00, "pm_card_visa")
    assert (given.state, state(given.application)) == (P.RELEASED, S.AWAITING_PAYMENT)
    page = site.client.get(f"/a/{given.application.token}/").content.decode()
    assert "That was a credit card" in page
    collecting.run_due()
    given.refresh_from_db()
    assert given.forgotten_at is not None
    start(given.application)
    site.fake.pay(Promise.objects.latest("number").session_id, DEBIT)
    site.deliver()
    assert state(given.application) == S.COMMITTED


def test_a_cancelled_promise_is_never_charged(site, offer, promise):
    given, _other = promise(600_00), promise(1_000_00)
    cancellations.cancel(given.application)
    with site.at(after_close(offer)):
        collecting.run_due()
        assert state(given) == P.RELEASED
        assert len(intents(site)) == 1
        given.refresh_from_db()
        assert given.forgotten_at is not None
    assert list(books.faults()) == []


def test_a_promise_that_comes_after_the_application_has_ended_is_released(site, offer):
    application = submit(offer, 600_00, method="card")
    start(application)
    cancellations.cancel(application)
    given = Promise.objects.get()
    site.fake.pay(given.session_id, DEBIT)
    site.deliver()
    assert (state(given), state(application)) == (P.RELEASED, S.CANCELLED)


def test_a_page_left_open_expires_and_the_application_lapses(site, offer):
    application = submit(offer, 600_00, method="card")
    start(application)
    with site.at(clock.later(clock.now(), minutes=40)):
        site.deliver()
        lapsing.lapse_due()
        assert state(Promise.objects.get()) == P.EXPIRED
        assert state(application) == S.LAPSED


def test_a_lost_answer_charges_once(site, offer, promise):
    given = promise(1_000_00)
    with site.at(after_close(offer)):
        site.away("POST", "^/v1/payment_intents$", "timeout_after", times=3)
        collecting.collect(offer)
        assert state(given) == P.CHARGING
        assert len(intents(site)) == 1
        collecting.run_due()
        assert state(given) == P.COLLECTED
        assert len(intents(site)) == 1
        assert Receipt.objects.get().amount_pence == 1_000_00


def test_a_charge_that_never_arrived_is_made_again_under_its_key(site, offer, promise):
    given = promise(1_000_00)
    with site.at(after_close(offer)):
        site.away("POST", "^/v1/payment_intents$", "500")
        collecting.collect(offer)
        assert (state(given), intents(site)) == (P.CHARGING, [])
        collecting.run_due()
        assert state(given) == P.COLLECTED
        assert CheckoutAttempt.objects.count() == 1


def test_after_a_day_without_an_answer_the_payer_is_asked(site, offer, promise):
    given = promise(1_000_00)
    with site.at(after_close(offer)):
        site.away("POST", "^/v1/payment_intents$", "500")
        collecting.collect(offer)
    with site.at(clock.later(after_close(offer), days=2)):
        collecting.run_due()
        assert (state(given), state(given.application)) == (P.REFUSED, S.AWAITING_PAYMENT)
        assert intents(site) == []


def test_cancelled_while_it_is_charged_goes_back(site, offer, promise):
    given = promise(1_000_00)
    application = given.application
    with site.at(after_close(offer)), pytest.MonkeyPatch.context() as patch:
        charged = gateway.charge_promise

        def meanwhile(**asked):
            cancellations.cancel(application)
            return charged(**asked)

        patch.setattr(gateway, "charge_promise", meanwhile)
        with clock.stopped(application.cancel_by_at - timedelta(minutes=1)):
            attempt_of = collecting._claim(given)
            given.refresh_from_db()
            collecting._ask(given, attempt_of)
        assert state(application) == S.CANCELLED
        assert Refund.objects.get(application=application).amount_pence == 1_000_00
    assert list(books.faults()) == []


def test_a_promised_debit_waits_for_the_banks(site, offer, promise):
    given = promise(2_001_00, "pm_bacsDebit_success", Method.DIRECT_DEBIT)
    application = given.application
    assert state(application) == S.COMMITTED
    moment = after_close(offer)
    with site.at(moment):
        collecting.run_due()
        assert (state(given), state(application)) == (P.CHARGING, S.AWAITING_PAYMENT)
        assert CheckoutAttempt.objects.get().state == AttemptState.PROCESSING
        lapsing.lapse_due()
        assert not allotment.may_be_decided(offer)
    with site.at(clock.later(moment, days=7)):
        site.deliver()
        assert (state(given), state(application)) == (P.COLLECTED, S.PAID)
    assert list(books.faults()) == []


def test_a_promised_debit_that_bounces_asks_its_payer_once(site, offer, promise):
    given = promise(2_001_00, "pm_bacsDebit_fail", Method.DIRECT_DEBIT)
    moment = after_close(offer)
    with site.at(moment):
        collecting.run_due()
    with site.at(clock.later(moment, days=7)):
        collecting.settle_debits()
        site.deliver()
        assert (state(given), state(given.application)) == (P.REFUSED, S.AWAITING_PAYMENT)
        assert given.application.pay_by_at == clock.later(clock.now(), days=7)
        assert mail_about(given) == ["promise-refused"]


def test_a_debit_on_its_way_does_not_lapse(site, offer, promise):
    given = promise(2_001_00, "pm_bacsDebit_success", Method.DIRECT_DEBIT)
    moment = after_close(offer)
    with site.at(moment):
        collecting.run_due()
    application = given.application
    application.refresh_from_db()
    with clock.stopped(clock.later(application.pay_by_at, minutes=1)):
        assert not lapsing.lapse(application)
        assert state(application) == S.AWAITING_PAYMENT


def test_only_what_can_be_promised_is_offered(site, offer):
    offered = ways.usable(offer, 600_00)
    assert Method.CARD in offered
    assert Method.BANK_TRANSFER in offered
    assert Method.PAY_BY_BANK not in offered
    assert "only if the offer succeeds" in ways.hints(offer)[Method.CARD]
    page = site.client.get(f"/societies/{offer.society.slug}/offers/{offer.slug}/").content.decode()
    assert "promised now and taken after" in page


def test_nothing_is_promised_after_the_close(site, offer):
    application = submit(offer, 600_00, method="card")
    with clock.stopped(after_close(offer)), pytest.raises(ValidationError, match="closed"):
        start(application)


def test_stripe_may_keep_money_for_the_time_after_the_close_only(site):
    """75 days from the close, not from the opening: nothing lies at Stripe before it."""
    offer = site.offer(collection=Collection.AT_CLOSE, closes_on=clock.today() + timedelta(days=120))
    assert ways.takes_cards(offer)


def test_the_worker_does_not_stumble_over_one(site, offer, promise):
    """Stripe is away for one of two: the other is charged all the same."""
    first, second = promise(600_00), promise(500_00)
    with site.at(after_close(offer)):
        site.away("POST", "^/v1/payment_intents$", "500")
        collecting.run_due()
        states = {state(first), state(second)}
        assert P.COLLECTED in states
        collecting.run_due()
        assert {state(first), state(second)} == {P.COLLECTED}


def test_an_event_of_another_account_moves_nothing(site, offer, promise):
    site.elsewhere()
    given = promise(600_00)
    event = next(iter(webhooks.StripeEvent.objects.filter(object_id=given.session_id)))
    stranger = webhooks.StripeEvent(
        event_id="evt_x", type=event.type, account_id="acct_elsewhere", object_id=given.session_id,
        received_at=clock.now(),
    )  # fmt: skip
    assert "promise" not in reactions.look_into(stranger)


def test_the_ordinary_offer_promises_nothing(site):
    application = site.applied()
    assert not promises.is_promised(application)
    with pytest.raises(ValidationError):
        start(application)
    assert site.start(application).session_id
    assert applications.cancel_problem(application) is None
