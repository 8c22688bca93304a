"""The wire itself: strange requests get Stripe's answers and never a traceback."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import urllib.parse

import pytest

from payments.fakestripe import FakeStripe
from tests.payments.fakestripe.conftest import ACCOUNT

KEY = {"Authorization": "Bearer sk_test_fake", "Stripe-Account": ACCOUNT}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(fake, method: str, path: str, body: str | None = None, headers: dict | None = None) -> tuple[int, dict]:
    parts = urllib.parse.urlsplit(fake.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(method, path, body, KEY if headers is None else headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or "{}")
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/v1/nonsense", None, KEY, 404),
        ("GET", "/", None, KEY, 404),
        ("POST", "/v1/balance", "", KEY | FORM, 404),
        ("GET", "/v1/invoices", None, KEY, 400),  # Stripe has it, the fake does not
        ("GET", "/v1/balance", None, {}, 401),
        ("GET", "/v1/balance", None, {"Authorization": "Basic !!"}, 401),
        ("GET", "/v1/refunds?limit=0", None, KEY, 400),
        ("GET", "/v1/refunds?limit=many", None, KEY, 400),
        ("GET", "/v1/refunds?starting_after=re_none", None, KEY, 400),
        ("GET", "/v1/refunds?colour=red", None, KEY, 400),
        ("POST", "/v1/refunds", "a=1&a[b]=2", KEY | FORM, 400),
        ("POST", "/v2/core/accounts", "{", KEY | {"Content-Type": "application/json"}, 400),
        ("POST", "/v2/core/accounts", "[]", KEY | {"Content-Type": "application/json"}, 400),
    ],
)
def test_what_cannot_be_answered_is_refused_politely(fake, method, path, body, headers, status):
    answer, told = ask(fake, method, path, body, headers)
    assert (answer, bool(told["error"]["message"])) == (status, True)


def test_a_key_may_come_as_a_user_name(fake):
    basic = base64.b64encode(b"sk_test_fake:").decode()
    assert ask(fake, "GET", "/v1/balance", headers={"Authorization": f"Basic {basic}"})[0] == 200


def test_it_listens_on_the_loopback_only(fake):
    assert fake.url.startswith("http://127.0.0.1:")
    assert fake._server.socket.getsockname()[0] == "127.0.0.1"
    with socket.socket() as other:
        other.bind(("127.0.0.2", urllib.parse.urlsplit(fake.url).port))  # nobody has it on another address


def test_a_closed_fake_answers_nobody_and_leaves_its_port(inbox):
    with FakeStripe() as fake:
        port = urllib.parse.urlsplit(fake.url).port
    with pytest.raises(OSError):
        ask(fake, "GET", "/v1/balance")
    with FakeStripe(port=port) as again:
        assert ask(again, "GET", "/v1/balance", headers={"Authorization": "Bearer sk_test_x"})[0] == 200


def test_tools_that_speak_the_pages_own_language_can_pay(fake):
    """Stripe's command line tool pays in its fixtures as the hosted page does."""
    line = {"line_items[0][price_data][currency]": "gbp", "line_items[0][price_data][unit_amount]": "10000"}
    name = {"line_items[0][price_data][product_data][name]": "shares", "line_items[0][quantity]": "1"}
    params = {"mode": "payment", "success_url": "http://127.0.0.1:1/"} | line | name
    session = ask(fake, "POST", "/v1/checkout/sessions", urllib.parse.urlencode(params), KEY | FORM)[1]["id"]
    assert ask(fake, "GET", f"/v1/payment_pages/{session}")[1]["status"] == "open"
    wrong = urllib.parse.urlencode({"payment_method": "pm_card_visa", "expected_amount": "1"})
    assert ask(fake, "POST", f"/v1/payment_pages/{session}/confirm", wrong, KEY | FORM)[0] == 400
    right = urllib.parse.urlencode({"payment_method": "pm_card_visa", "expected_amount": "10000"})
    paid = ask(fake, "POST", f"/v1/payment_pages/{session}/confirm", right, KEY | FORM)[1]
    assert (paid["status"], paid["payment_status"]) == ("complete", "paid")
