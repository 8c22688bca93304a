"""The site beside a fake Stripe: real HTTP one way, real signatures the other."""

from __future__ import annotations

import contextlib
from datetime import datetime

import pytest

from common import clock
from payments import checkout, clearing, gateway, webhooks
from payments.fakestripe import FakeStripe
from payments.models import CheckoutAttempt, SuspenseItem
from tests.factories import connect, make_offer, make_society, submit

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
        connect(offer.society, ACCOUNT)
        return offer

    def elsewhere(self):
        """The other account is another society's."""
        society = make_society()
        connect(society, OTHER)
        return society

    def applied(self, amount_pence: int = 500_00, **fields):
        """An application that shall be paid at Stripe, by card unless it is said otherwise."""
        offer = fields.pop("offer", None) or self.offer()
        return submit(offer, amount_pence, **{"method": "card"} | fields)

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

    def charges(self) -> list[dict]:
        return self.fake.world.store.each(ACCOUNT, "charge")

    def stripe(self):
        """Stripe's API as the society's people use it through the dashboard."""
        return gateway.client.client_of_this_site().v1, {"stripe_account": ACCOUNT}

    def refund_in_dashboard(self, charge: dict, **params):
        api, account = self.stripe()
        return api.refunds.create({"charge": charge["id"], **params}, account)

    def orphan(self, amount_pence: int = 70_00) -> dict:
        """Somebody pays the society by a way that is not ours: the charge."""
        api, account = self.stripe()
        api.payment_intents.create(
            {"amount": amount_pence, "currency": "gbp", "payment_method": "pm_card_visa_debit", "confirm": True,
             "return_url": "http://localhost/", "receipt_email": "stranger@example.org"},
            account,
        )  # fmt: skip
        return self.charges()[-1]

    def dispute(self) -> None:
        """The payer's bank disputes the first payment."""
        self.fake.do("dispute", account=ACCOUNT, charge=self.charges()[0]["id"])

    def decide_dispute(self, *, is_won: bool) -> None:
        """The payer's bank decides the first dispute."""
        dispute = self.fake.world.store.each(ACCOUNT, "dispute")[0]["id"]
        self.fake.do("decide_dispute", account=ACCOUNT, dispute=dispute, is_won=is_won)
        self.deliver()

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


def open_accounts(society_id) -> dict[str, int]:
    """The accounts of the clearing ledger that must come back to nothing and have not."""
    return {str(total.account): total.pence for total in clearing.totals(society_id) if total.is_open}


def kinds() -> list[str]:
    """The exceptions that are open."""
    return sorted(SuspenseItem.objects.filter(resolved_at=None).values_list("kind", flat=True))


@pytest.fixture
def paid(site):
    """An application that was paid by card, and is known to be."""
    application = site.applied()
    site.paid(application)
    site.deliver()
    application.refresh_from_db()
    assert application.state == "paid"
    return application


@pytest.fixture
def site(fake, client):
    return Site(fake, client)
