"""Webhooks on the way: tried again, doubled, lost, out of order; endpoints; and the control door."""

from __future__ import annotations

import http.client
import json
import time
import urllib.parse

import pytest
import stripe

from tests.payments.fakestripe.conftest import ACCOUNT, shares


def pay_some(fake, client, society, count: int) -> None:
    for _ in range(count):
        fake.pay(client.v1.checkout.sessions.create(shares(), society).id)


def test_doubled_lost_and_out_of_order(fake, client, society, inbox):
    fake.world.random.seed(7)
    fake.world.chaos.update(duplicate=0.5, lose=0.4, reorder=True)
    pay_some(fake, client, society, 10)
    fake.wait_until_quiet()
    got = [event.id for event in inbox.events]
    assert len(got) != len(set(got))
    params = {"types": ["checkout.session.completed"], "limit": 3}
    listed = {event.id for event in client.v1.events.list(params, society).auto_paging_iter()}
    assert len(listed) == 10  # asking finds them all
    assert listed - set(got)
    assert client.v1.events.list({"delivery_success": False, "limit": 100}, society).data


def test_it_tries_again_until_the_endpoint_answers(fake, client, society, inbox):
    fake.deliverer.retry_delays = (0.02,) * 200
    inbox.answer = 500
    ident = client.v1.checkout.sessions.create(shares(), society).id
    client.v1.checkout.sessions.expire(ident, options=society)
    while not fake.deliverer.sent:
        time.sleep(0.01)
    inbox.answer = 200
    fake.wait_until_quiet()
    tries = [sent for sent in fake.deliverer.sent if sent["type"] == "checkout.session.expired"]
    assert (tries[0]["status"], tries[-1]["status"]) == (500, 200)
    assert [sent["attempt"] for sent in tries] == list(range(1, len(tries) + 1))
    event = client.v1.events.list({"type": "checkout.session.expired"}, society).data[0]
    assert event.pending_webhooks == 0


def test_it_gives_up_at_last_and_the_event_stays_pending(fake, client, society, inbox):
    fake.deliverer.retry_delays = (0.01, 0.01)
    inbox.answer = 500
    ident = client.v1.checkout.sessions.create(shares(), society).id
    client.v1.checkout.sessions.expire(ident, options=society)
    fake.wait_until_quiet()
    assert [s["attempt"] for s in fake.deliverer.sent if s["type"] == "checkout.session.expired"] == [1, 2, 3]
    assert client.v1.events.list({"delivery_success": False}, society).data[0].type == "checkout.session.expired"


def test_by_hand_nothing_goes_out_until_told(fake, client, society, inbox):
    fake.world.manual = True
    client.v1.customers.create({}, society)
    time.sleep(0.1)
    assert inbox.events == []
    assert [sent["status"] for sent in fake.deliver()] == [200]
    assert inbox.types() == ["customer.created"]
    assert fake.deliver() == []


def test_endpoints_are_made_changed_and_removed(fake, client, inbox, society):
    fake.deliverer.retry_delays = ()
    made = client.v1.webhook_endpoints.create(
        {"url": inbox.url, "enabled_events": ["customer.created"], "connect": True}
    )
    assert made.secret.startswith("whsec_")
    assert not hasattr(client.v1.webhook_endpoints.retrieve(made.id), "secret")  # told once
    client.v1.customers.create({}, society)
    fake.wait_until_quiet()
    assert len(inbox.events) + len(inbox.refused) == len(fake.deliverer.sent)
    assert len(inbox.refused) == 1  # signed by the new endpoint's own secret
    client.v1.webhook_endpoints.update(made.id, {"disabled": True})
    assert client.v1.webhook_endpoints.delete(made.id).deleted
    assert len(client.v1.webhook_endpoints.list().data) == 1


@pytest.mark.parametrize("url", ["https://example.org/hook", "http://10.0.0.1/", "ftp://127.0.0.1/", "https://[::1]/"])
def test_nothing_leaves_this_machine(client, url):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
    assert refusal.value.code == "url_invalid"


def control(fake, verb: str, asked: dict | None = None, kind: str = "application/json") -> tuple[int, dict]:
    parts = urllib.parse.urlsplit(fake.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        body = json.dumps(asked) if asked is not None else None
        headers = {"Content-Type": kind} if body else {}
        connection.request("POST" if body else "GET", f"/_fake/{verb}", body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_the_control_door_moves_the_clock_pays_and_tells_how_it_stands(fake, client, society):
    session = client.v1.checkout.sessions.create(shares(), society)
    assert control(fake, "pay", {"session": session.id})[1]["payment_status"] == "paid"
    now = control(fake, "state")[1]["now"]
    assert control(fake, "advance", {"seconds": 4 * 86_400})[1]["now"] >= now + 4 * 86_400
    assert client.v1.balance.retrieve(options=society).available[0].amount == 246_05
    charge = client.v1.charges.list({}, society).data[0]
    dispute = control(fake, "dispute", {"account": ACCOUNT, "charge": charge.id})[1]
    assert dispute["status"] == "needs_response"
    control(fake, "top_up", {"account": ACCOUNT, "amount": 100_00})
    assert client.v1.balance.retrieve(options=society).available[0].amount == 246_05 - 270_00 + 100_00
    assert control(fake, "set_now", {"now": now})[1]["now"] <= now + 5


def test_the_control_door_orders_faults_and_begins_anew(fake, make_client, society):
    client = make_client(retries=0)
    control(fake, "fault", {"method": "GET", "path": "/v1/balance$", "kind": "500"})
    with pytest.raises(stripe.APIError):
        client.v1.balance.retrieve(options=society)
    client.v1.checkout.sessions.create(shares(), society)
    assert control(fake, "chaos", {"lose": 1.0})[1]["lose"] == 1.0
    control(fake, "reset", {})
    assert client.v1.checkout.sessions.list({}, society).data == []
    assert fake.world.chaos["lose"] == 0.0


@pytest.mark.parametrize(
    ("verb", "asked", "kind", "status"),
    [
        ("pay", {"session": "cs_test_no"}, "application/json", 404),
        ("pay", {}, "application/json", 400),
        ("advance", {"seconds": "soon"}, "application/json", 400),
        ("chaos", {"flood": 1}, "application/json", 400),
        ("advance", {"seconds": 1}, "application/x-www-form-urlencoded", 415),
        ("explode", {}, "application/json", 404),
    ],
)
def test_the_control_door_says_what_is_wrong(fake, verb, asked, kind, status):
    answer, body = control(fake, verb, asked, kind)
    assert (answer, "message" in body["error"]) == (status, True)


def test_a_clock_that_stands_still_moves_only_where_it_is_moved(fake, monkeypatch):
    fake.stop_clock()
    now = fake.world.now()
    monkeypatch.setattr(time, "time", lambda: now + 100.0)
    assert fake.world.now() == now
    fake.advance(60)
    assert fake.world.now() == now + 60
    fake.set_now(now - 5)
    assert fake.world.now() == now - 5


def test_an_account_is_there_when_it_is_asked_for_and_made_once(fake, make_client):
    fake.ensure_account("acct_third")
    made = fake.ensure_account("acct_third")
    assert (made["id"], made["charges_enabled"]) == ("acct_third", True)
    assert make_client().v1.balance.retrieve(options={"stripe_account": "acct_third"}).livemode is False
    with pytest.raises(ValueError, match="acct"):
        fake.ensure_account("third")
