"""The site beside a fake Stripe: real HTTP one way, real signatures the other."""

from __future__ import annotations

import contextlib
from datetime import datetime

import pytest

from common import clock
from payments import checkout, gateway, webhooks
from payments.fakestripe import FakeStripe
from payments.models import CheckoutAttempt, StripeAccount
from tests.factories import make_offer, make_society, submit

ACCOUNT, OTHER = "acct_marlpit", "acct_elsewhere"
SECRET = "whsec_site"
WEBHOOK = "/stripe/webhook/"


class Site:
    """What the tests do with both: apply, pay, hand webhooks over, let time pass for the two together."""

    def __init__(self, fake: FakeStripe, client) -> None:
        self.fake, self.client = fake, client

    def offer(self, **fields):
        """An open offer of a society with a Stripe account."""
        offer = make_offer(**fields)
        StripeAccount.objects.create(society=offer.society, account_id=ACCOUNT, connected_at=clock.now())
        return offer

    def elsewhere(self):
        """The other account is another society's."""
        society = make_society()
        StripeAccount.objects.create(society=society, account_id=OTHER, connected_at=clock.now())
        return society

    def applied(self, amount_pence: int = 500_00, **fields):
        """An application that shall be paid by card."""
        return submit(fields.pop("offer", None) or self.offer(), amount_pence, method="card", **fields)

    def start(self, application) -> CheckoutAttempt:
        """On to Stripe's page; the attempt."""
        back = f"http://localhost:8000/a/{application.token}/"
        checkout.start(application, success_url=f"{back}paid/?session={{CHECKOUT_SESSION_ID}}", cancel_url=back)
        return self.attempt(application)

    def attempt(self, application) -> CheckoutAttempt:
        return CheckoutAttempt.objects.filter(application=application).latest("number")

    def paid(self, application, how: str = "success") -> CheckoutAttempt:
        """Started and paid on the page; we do not know of it yet."""
        attempt = self.start(application)
        self.fake.pay(attempt.session_id, how)
        return attempt

    def post(self, letter) -> int:
        headers = letter.headers()
        answer = self.client.post(
            WEBHOOK,
            letter.body,
            content_type=headers["Content-Type"],
            headers={"Stripe-Signature": headers["Stripe-Signature"]},
        )
        return answer.status_code

    def deliver(self) -> list[dict]:
        """Every waiting webhook to the site's door, and then its worker."""
        sent = self.fake.deliver(self.post)
        webhooks.work_through()
        return sent

    @contextlib.contextmanager
    def at(self, moment: datetime):
        """Both clocks stand at a moment."""
        self.fake.set_now(int(moment.timestamp()))
        with clock.stopped(moment):
            yield

    def sessions(self) -> list[dict]:
        return self.fake.world.store.each(ACCOUNT, "checkout.session")

    def refunds(self) -> list[dict]:
        return self.fake.world.store.each(ACCOUNT, "refund")

    def away(self, method: str, path: str, kind: str = "500", times: int = 3) -> None:
        """Stripe fails so often that the library gives up too."""
        for _ in range(times):
            self.fake.inject(method, path, kind)


@pytest.fixture
def fake(settings):
    fake = FakeStripe(
        account=[ACCOUNT, OTHER], webhook=f"http://127.0.0.1:9{WEBHOOK}", webhook_secret=SECRET, manual=True
    )
    with fake:
        settings.STRIPE_SECRET_KEY = "sk_test_site"
        settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
        settings.STRIPE_API_BASE = fake.url
        yield fake
        gateway.client._client.cache_clear()
    assert fake.remarks == []


@pytest.fixture
def site(fake, client):
    return Site(fake, client)
