"""Stripe's webhooks at the site's door: who may speak, once each, and nothing is believed without looking."""

from __future__ import annotations

import json
import time
import uuid

import pytest
import stripe

from common import clock
from payments import gateway, reactions, webhooks
from payments.models import Receipt, StripeEvent, StripeEventOutcome, StripeEventTurn, SuspenseItem
from tests.payments.conftest import ACCOUNT, OTHER, SECRET, WEBHOOK

pytestmark = pytest.mark.django_db


def body(**changes) -> bytes:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "account": ACCOUNT,
        "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}},
    }
    return json.dumps(event | changes).encode()


def post(client, content: bytes, signature: str | None) -> int:
    headers = {"Stripe-Signature": signature} if signature is not None else {}
    return client.post(WEBHOOK, content, content_type="application/json", headers=headers).status_code


def signed(content: bytes, secret: str = SECRET, at: int | None = None) -> str:
    return stripe.WebhookSignature.generate_signature_header(content.decode(), secret, at or int(time.time()))


def test_a_right_signature_is_kept(site):
    assert post(site.client, body(), signed(body())) == 200
    kept = StripeEvent.objects.get()
    assert (kept.event_id, kept.account_id, kept.object_id) == ("evt_1", ACCOUNT, "cs_test_1")


@pytest.mark.parametrize(
    ("content", "signature"),
    [
        (body(), signed(body(), "whsec_wrong")),
        (body(id="evt_2"), signed(body())),
        (body(), ""),
        (body(), None),
        (body(), "t=1,v1=abc"),
        (body(), signed(body(), at=int(time.time()) - 3600)),
        (b"no json", signed(b"no json")),
    ],
    ids=["wrong secret", "changed body", "empty", "missing", "nonsense", "an hour old", "no json"],
)
def test_everything_else_is_turned_away(site, content, signature):
    assert post(site.client, content, signature) == 400
    assert not StripeEvent.objects.exists()


NO_EVENTS = [b"[]", b"null", b"1", b'"paid"', b"{}", b'{"id": "evt_1"}', body(data=None), body(data={})]


@pytest.mark.parametrize("door", [WEBHOOK, f"{WEBHOOK}accounts/"])
@pytest.mark.parametrize("content", NO_EVENTS, ids=bytes.decode)
def test_what_is_well_signed_and_no_event_is_turned_away_too(site, door, content):
    headers = {"Stripe-Signature": signed(content)}
    answer = site.client.post(door, content, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert not StripeEvent.objects.exists()


def test_while_secrets_change_both_are_good(site, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_next", SECRET]
    assert post(site.client, body(), signed(body())) == 200
    other = body(id="evt_2")
    assert post(site.client, other, signed(other, "whsec_next")) == 200
    assert StripeEvent.objects.count() == 2


def test_without_a_secret_the_door_is_shut(site, settings):
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert post(site.client, body(), signed(body())) == 503


def test_only_posts_are_answered(site):
    assert site.client.get(WEBHOOK).status_code == 405


def test_a_second_delivery_is_harmless(site):
    application = site.applied()
    site.fake.world.chaos["duplicate"] = 1.0
    site.paid(application)
    assert len(site.deliver()) == 2 * StripeEvent.objects.count()
    site.fake.world.chaos["duplicate"] = 0.0
    application.refresh_from_db()
    assert (application.state, Receipt.objects.count()) == ("paid", 1)
    assert webhooks.work_through() == 0  # nothing is looked into twice


def test_the_payload_is_never_believed(site):
    """A well-signed event that says "paid" about a page that nobody has paid."""
    application = site.applied()
    attempt = site.start(application)
    said = body(data={"object": {"id": attempt.session_id, "object": "checkout.session", "payment_status": "paid"}})
    assert post(site.client, said, signed(said)) == 200
    webhooks.work_through()
    application.refresh_from_db()
    assert application.state == "awaiting-payment"


def test_an_event_of_another_account_about_our_page_is_left(site):
    site.elsewhere()
    application = site.applied()
    attempt = site.paid(application)
    said = body(account=OTHER, data={"object": {"id": attempt.session_id, "object": "checkout.session"}})
    assert post(site.client, said, signed(said)) == 200
    webhooks.work_through()
    assert StripeEventOutcome.objects.get().outcome == "another account's object"
    assert Receipt.objects.count() == 0


def test_an_event_waits_while_stripe_is_away(site):
    application = site.applied()
    site.paid(application)
    site.away("GET", "/v1/checkout/sessions/", times=30)
    site.deliver()
    waiting = StripeEvent.objects.filter(outcome=None).count()
    assert waiting >= 1
    site.fake.traffic.clear()
    assert webhooks.work_through() == 0  # not at once
    with clock.stopped(clock.now() + webhooks.WAITS[0]):
        assert webhooks.work_through() == waiting
    application.refresh_from_db()
    assert application.state == "paid"


def test_one_event_that_cannot_be_digested_does_not_hold_up_the_rest(site, monkeypatch):
    application = site.applied()
    site.paid(application)
    webhooks.store(gateway.Event("evt_0", "checkout.session.completed", ACCOUNT, "cs_test_spoilt", False))

    def indigestible(**asked):
        raise RuntimeError("not thought of")

    monkeypatch.setattr(gateway, "attempt_of_session", indigestible)
    site.deliver()
    application.refresh_from_db()
    assert application.state == "paid"
    assert StripeEvent.objects.get(outcome=None).event_id == "evt_0"


def test_a_page_whose_answer_we_lost_is_found_by_its_attempt(site):
    application = site.applied()
    site.away("POST", "^/v1/checkout/sessions$", "timeout_after")
    with pytest.raises(gateway.Unavailable):
        site.start(application)
    made = site.sessions()[0]
    site.fake.pay(made["id"])
    site.deliver()
    application.refresh_from_db()
    assert (application.state, site.attempt(application).session_id) == ("paid", made["id"])


def test_what_is_not_ours_is_noted_and_left(site):
    site.offer()
    content = body(type="customer.created", data={"object": {"id": "cus_1", "object": "customer"}})
    post(site.client, content, signed(content))
    unknown = body(id="evt_2")
    post(site.client, unknown, signed(unknown))
    webhooks.work_through()
    outcomes = dict(StripeEventOutcome.objects.values_list("event__event_id", "outcome"))
    assert outcomes == {"evt_1": "no reaction to this type", "evt_2": "no session of ours"}


def test_events_in_any_order_end_the_same(site):
    application = site.applied()
    site.paid(application, "3ds")
    letters = []
    site.fake.deliver(lambda letter: letters.append(letter) or 200)
    for letter in reversed(letters):
        assert site.post(letter) == 200
        webhooks.work_through()
    application.refresh_from_db()
    assert (application.state, site.attempt(application).state) == ("paid", "succeeded")
    assert Receipt.objects.count() == 1


def test_word_of_the_other_mode_is_kept_and_named_and_never_acted_on(site):
    application = site.applied()
    attempt = site.paid(application)
    for event_id in ("evt_1", "evt_2"):
        said = body(
            id=event_id, livemode=True, data={"object": {"id": attempt.session_id, "object": "checkout.session"}}
        )
        assert post(site.client, said, signed(said)) == 200
    webhooks.work_through()
    assert set(StripeEventOutcome.objects.values_list("outcome", flat=True)) == {"of the other mode"}
    item = SuspenseItem.objects.get()
    assert (item.kind, item.society_id, item.subject) == ("wrong-mode", application.society_id, ACCOUNT)
    assert Receipt.objects.count() == 0


def test_an_account_of_nobodys_is_named_once_and_its_events_wait_until_somebody_connects_it(site):
    for event_id in ("evt_1", "evt_2"):
        said = body(id=event_id, account=OTHER)
        post(site.client, said, signed(said))
    assert webhooks.work_through() == 0
    item = SuspenseItem.objects.get()
    assert (item.kind, item.society_id, item.subject) == ("unknown-account", None, OTHER)
    site.elsewhere()
    with clock.stopped(clock.now() + webhooks.WAITS[0]):
        assert webhooks.work_through() == 2


def test_an_event_that_names_a_row_we_do_not_have_waits_longer_each_time_and_then_for_a_person(site):
    """As after a restore of an older backup: the row may come, and the money is at Stripe."""
    application = site.applied()
    attempt = site.paid(application)
    lost = str(uuid.uuid4())
    site.fake.world.store.change(site.sessions()[0], metadata={"attempt": lost})
    type(attempt).objects.filter(pk=attempt.pk).update(session_id=None)
    said = body(data={"object": {"id": attempt.session_id, "object": "checkout.session"}})
    post(site.client, said, signed(said))
    at = clock.now()
    for wait in webhooks.WAITS[: webhooks.STUCK_AFTER - 1]:
        with clock.stopped(at):
            assert webhooks.work_through() == 0
            assert not SuspenseItem.objects.exists()
        at += wait
    with clock.stopped(at):
        webhooks.work_through()
        assert webhooks.work_through() == 0  # not at once
    item = SuspenseItem.objects.get()
    assert (item.kind, item.subject) == ("event-stuck", "evt_1")
    assert lost in StripeEventTurn.objects.get().last_error
    site.fake.world.store.change(site.sessions()[0], metadata={"attempt": str(attempt.pk)})
    with clock.stopped(at + webhooks.WAITS[-1]):
        assert webhooks.work_through() == 1
    item.refresh_from_db()
    assert item.resolution == "It was worked through in the end."
    application.refresh_from_db()
    assert application.state == "paid"


def test_an_id_of_another_account_is_counted_and_left(site):
    site.elsewhere()
    application = site.applied()
    attempt = site.paid(application)
    site.deliver()
    intent = site.attempt(application).payment_intent_id
    for number, kind in enumerate(["payment_intent.succeeded", "charge.updated", "refund.updated", "payout.paid"]):
        ident = intent if number == 0 else site.fake.world.store.each(ACCOUNT, "charge")[0]["id"]
        said = body(
            id=f"evt_of-another-account-{number}",
            type=kind,
            account=OTHER,
            data={"object": {"id": ident, "object": "x"}},
        )
        post(site.client, said, signed(said))
    webhooks.work_through()
    rows = StripeEventOutcome.objects.filter(event__event_id__startswith="evt_of-another-account-")
    assert set(rows.values_list("outcome", flat=True)) == {reactions.NOT_THERE}
    assert (rows.count(), Receipt.objects.count(), attempt.application_id) == (4, 1, application.pk)
