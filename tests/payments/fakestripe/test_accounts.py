"""Connected accounts of both APIs, and the onboarding that makes them ready."""

from __future__ import annotations

import pytest
import stripe

from tests.payments.fakestripe.conftest import browse, shares

DUTIES = {"fees_collector": "stripe", "losses_collector": "stripe"}
SOCIETY = {
    "display_name": "Westmoor Hydro",
    "contact_email": "board@example.org",
    "dashboard": "full",
    "identity": {"country": "gb", "entity_type": "company"},
    "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
    "defaults": {"currency": "gbp", "responsibilities": DUTIES},
}


def test_accounts_of_the_v2_api(client):
    made = client.v2.core.accounts.create(SOCIETY)
    assert made.configuration is None  # v2 answers leave out what was not asked for
    got = client.v2.core.accounts.retrieve(made.id, {"include": ["configuration.merchant", "defaults"]})
    assert got.configuration.merchant.capabilities.card_payments.status == "active"
    assert got.defaults.responsibilities.losses_collector == "stripe"
    assert client.v1.checkout.sessions.create(shares(), {"stripe_account": made.id}).status == "open"


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"dashboard": "express"}, "Express Dashboard"), ({"dashboard": "standard"}, "must be one of")],
)
def test_what_the_v2_api_refuses(client, changes, words):
    with pytest.raises(stripe.InvalidRequestError, match=words):
        client.v2.core.accounts.create(SOCIETY | changes)


def test_onboarding_of_a_v2_account(fake, client):
    fake.world.onboarding = True
    made = client.v2.core.accounts.create(SOCIETY)
    with pytest.raises(stripe.InvalidRequestError, match="onboarding"):
        client.v1.checkout.sessions.create(shares(), {"stripe_account": made.id})
    urls = {"refresh_url": "http://127.0.0.1:1/again", "return_url": "http://127.0.0.1:1/back"}
    link = client.v2.core.account_links.create(
        {"account": made.id, "use_case": {"type": "account_onboarding", "account_onboarding": urls}}
    )
    assert "no real money" in browse(link.url).text
    assert browse(link.url, {}).location == urls["return_url"]
    got = client.v2.core.accounts.retrieve(made.id, {"include": ["configuration.merchant"]})
    assert got.configuration.merchant.capabilities.card_payments.status == "active"
    assert client.v1.checkout.sessions.create(shares(), {"stripe_account": made.id}).status == "open"


def test_onboarding_of_a_v1_account(fake, client, inbox):
    fake.world.onboarding = True
    account = client.v1.accounts.create({"country": "GB", "email": "board@example.org"})
    assert account.charges_enabled is False
    link = client.v1.account_links.create(
        {"account": account.id, "type": "account_onboarding", "return_url": "http://127.0.0.1:1/back"}
    )
    assert browse(link.url, {}).location == "http://127.0.0.1:1/back"
    assert client.v1.accounts.retrieve(account.id).charges_enabled is True
    fake.wait_until_quiet()
    assert [e.account for e in inbox.events if e.type == "account.updated"][-1] == account.id


def test_accounts_are_listed_and_changed(client):
    changed = client.v1.accounts.update("acct_society1", {"email": "new@example.org", "metadata": {"slug": "x"}})
    assert (changed.email, changed.metadata.slug) == ("new@example.org", "x")
    assert len(client.v1.accounts.list().data) == 2
