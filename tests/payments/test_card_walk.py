"""The whole way over real HTTP: the site's button, Stripe's page, the webhook from another thread, the return."""

from __future__ import annotations

import pytest

from payments import gateway, webhooks
from payments.fakestripe import FakeStripe
from payments.models import Receipt, StripeEvent
from tests.factories import connect, make_offer, submit
from tests.payments.conftest import ACCOUNT, SECRET, WEBHOOK
from tests.payments.fakestripe.conftest import browse


@pytest.fixture
def shop(live_server, settings):
    """The site on its own port with a fake Stripe that calls it back."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_site", [SECRET]
    settings.SITE_URL = live_server.url
    with FakeStripe(account=ACCOUNT, webhook=live_server.url + WEBHOOK, webhook_secret=SECRET) as fake:
        settings.STRIPE_API_BASE = fake.url
        yield fake
        gateway.client._client.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_from_the_button_to_paid(shop, live_server, client):
    offer = make_offer()
    connect(offer.society, ACCOUNT)
    application = submit(offer, method="card")
    page = client.post(f"/a/{application.token}/pay/").headers["Location"]
    assert page.startswith(shop.url)
    back = browse(page, {"choice": "pm_card_visa_debit"}).location
    assert back.startswith(f"{live_server.url}/a/{application.token}/paid/?session=cs_test_")
    shop.wait_until_quiet()
    assert {sent["status"] for sent in shop.deliverer.sent} == {200}
    assert StripeEvent.objects.filter(type="checkout.session.completed").count() == 1
    webhooks.work_through()
    application.refresh_from_db()
    assert application.state == "paid"
    assert browse(back).status == 302  # returning after the webhook
    assert Receipt.objects.count() == 1
