"""The fake driven by Stripe's own Python library, over HTTP, with real webhooks."""

from __future__ import annotations

import http.client
import http.server
import threading
import urllib.parse

import pytest
import stripe

from payments.fakestripe import FakeStripe

ACCOUNT, OTHER = "acct_society1", "acct_society2"


class Inbox:
    """A webhook endpoint that keeps only what `construct_event` accepts."""

    def __init__(self, secret: str) -> None:
        self.events, self.refused, self.secret, self.answer = [], [], secret, 200
        self.is_awake = threading.Event()  # cleared: whoever knocks waits
        self.is_awake.set()
        inbox = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                inbox.is_awake.wait(20)
                status = inbox.receive(body, self.headers.get("Stripe-Signature"))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *args):
                """Quiet."""

        self._httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._httpd.server_port}/stripe/webhook/"
        threading.Thread(target=self._httpd.serve_forever, args=(0.02,), daemon=True).start()

    def receive(self, body: bytes, signature: str | None) -> int:
        try:
            self.events.append(stripe.Webhook.construct_event(body, signature, self.secret))
            return self.answer
        except (ValueError, stripe.SignatureVerificationError) as problem:
            self.refused.append(problem)
            return 400

    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def close(self) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()


@pytest.fixture
def inbox():
    box = Inbox("whsec_test")
    yield box
    box.close()


@pytest.fixture
def fake(inbox):
    with FakeStripe(account=[ACCOUNT, OTHER], webhook=inbox.url, webhook_secret=inbox.secret) as fake:
        yield fake
        assert fake.remarks == []  # every object was one that Stripe could have sent


@pytest.fixture
def make_client(fake):
    """Clients of the official library, whose connections are closed at the end."""
    sessions = []

    def make(key: str = "sk_test_fake", retries: int = 2, patience: float = 20) -> stripe.StripeClient:
        transport = stripe.RequestsClient(timeout=patience)
        sessions.append(transport)
        return stripe.StripeClient(
            key, base_addresses={"api": fake.url}, max_network_retries=retries, http_client=transport
        )

    yield make
    for transport in sessions:
        transport.close()


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def society():
    return {"stripe_account": ACCOUNT}


def shares(**changes) -> dict:
    """Parameters of a session for 250 shares at £1."""
    line = {"currency": "gbp", "unit_amount": 100, "product_data": {"name": "£1 shares"}}
    return {
        "mode": "payment",
        "success_url": "http://127.0.0.1:1/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:1/cancel",
        "client_reference_id": "app_42",
        "allowed_payment_method_types": ["card", "pay_by_bank", "bacs_debit"],
        "line_items": [{"quantity": 250, "price_data": line}],
        "payment_intent_data": {"metadata": {"application": "app_42"}},
    } | changes


class Page:
    """A browser's view of one answer."""

    def __init__(self, status: int, location: str, text: str) -> None:
        self.status, self.location, self.text = status, location, text


def browse(url: str, form: dict | None = None) -> Page:
    """GET, or POST of a form, without following redirects."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        body = urllib.parse.urlencode(form) if form is not None else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST" if body is not None else "GET", path, body, kind if body is not None else {})
        answer = connection.getresponse()
        return Page(answer.status, answer.headers.get("Location", ""), answer.read().decode())
    finally:
        connection.close()
