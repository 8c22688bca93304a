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


def asking_for(*names: str) -> dict:
    return {"configuration": {"merchant": {"capabilities": {name: {"requested": True} for name in names}}}}


def statuses(client, account: str) -> dict[str, str]:
    found = client.v2.core.accounts.retrieve(account, {"include": ["configuration.merchant"]})
    capabilities = found.configuration.merchant.capabilities.to_dict()
    return {name: one["status"] for name, one in capabilities.items()}


def test_pages_offer_what_the_account_may_take(fake, client):
    made = client.v2.core.accounts.create(SOCIETY | asking_for("card_payments", "bacs_debit_payments"))
    assert statuses(client, made.id) == {"card_payments": "active", "bacs_debit_payments": "active"}
    here = {"stripe_account": made.id}
    assert client.v1.checkout.sessions.create(shares(), here).payment_method_types == ["card", "bacs_debit"]
    client.v2.core.accounts.update(made.id, asking_for("pay_by_bank_payments"))
    assert "pay_by_bank" in client.v1.checkout.sessions.create(shares(), here).payment_method_types
    fake.do("set_ready", account=made.id, is_ready=True, without=["card_payments"])
    assert statuses(client, made.id)["card_payments"] == "restricted"
    assert "card" not in client.v1.checkout.sessions.create(shares(), here).payment_method_types
    assert client.v1.accounts.retrieve(made.id).charges_enabled is False


def test_stripe_stops_an_account_and_says_what_it_wants(fake, client, inbox):
    made = client.v2.core.accounts.create(SOCIETY)
    fake.do("set_ready", account=made.id, is_ready=False)
    found = client.v2.core.accounts.retrieve(made.id, {"include": ["configuration.merchant", "requirements"]})
    assert found.configuration.merchant.capabilities.card_payments.status_details[0].resolution == "provide_info"
    assert found.requirements.entries[0].minimum_deadline.status == "past_due"
    old = client.v1.accounts.retrieve(made.id)
    assert (old.charges_enabled, old.requirements.disabled_reason) == (False, "requirements.past_due")
    with pytest.raises(stripe.InvalidRequestError, match="onboarding"):
        client.v1.setup_intents.create({}, {"stripe_account": made.id})
    fake.wait_until_quiet()
    updated = [event for event in inbox.events if event.type == "account.updated" and event.account == made.id]
    assert updated[-1].data.object.charges_enabled is False


def test_v2_accounts_are_changed_listed_and_closed(client):
    made = client.v2.core.accounts.create(SOCIETY | {"metadata": {"society": "7"}})
    assert (
        client.v2.core.accounts.update(made.id, {"display_name": "New", "metadata": {"b": "2"}}).display_name == "New"
    )
    full = client.v2.core.accounts.retrieve(made.id, {"include": ["identity", "defaults"]})
    assert (full.identity.country, full.defaults.currency) == ("gb", "gbp")
    assert full.metadata.to_dict() == {"society": "7", "b": "2"}
    assert [one.id for one in client.v2.core.accounts.list().data] == [made.id]
    assert client.v2.core.accounts.close(made.id, {"applied_configurations": ["merchant"]}).closed is True
    assert client.v2.core.accounts.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="does not model"):
        client.v2.core.accounts.update(made.id, {"identity": {"country": "ie"}})


def test_an_account_that_leaves_is_told_of_and_shut(fake, client, inbox):
    made = client.v2.core.accounts.create(SOCIETY)
    fake.do("deauthorize", account=made.id)
    fake.wait_until_quiet()
    told = next(event for event in inbox.events if event.type == "account.application.deauthorized")
    assert (told.account, told.data.object.object) == (made.id, "application")
    with pytest.raises(stripe.PermissionError):
        client.v1.balance.retrieve(options={"stripe_account": made.id})


def test_thin_events_go_to_a_destination_of_their_own(fake, client, inbox):
    made = client.v2.core.event_destinations.create(
        {
            "name": "accounts",
            "type": "webhook_endpoint",
            "event_payload": "thin",
            "enabled_events": ["v2.core.account[configuration.merchant].updated"],
            "webhook_endpoint": {"url": inbox.url},
            "include": ["webhook_endpoint.signing_secret"],
        }
    )
    fake.world.manual = True
    account = client.v2.core.accounts.create(SOCIETY)
    fake.do("set_ready", account=account.id, is_ready=False)
    letters = []
    fake.deliver(lambda letter: letters.append(letter) or 200)
    secret = made.webhook_endpoint.signing_secret
    (letter,) = [one for one in letters if one.secret == secret]
    event = client.parse_event_notification(letter.body, letter.headers()["Stripe-Signature"], secret)
    assert (event.type, event.related_object.id) == ("v2.core.account[configuration.merchant].updated", account.id)
    assert client.v2.core.events.retrieve(event.id).type == event.type
    with pytest.raises(ValueError, match="thin event"):
        client.construct_event(letter.body, letter.headers()["Stripe-Signature"], secret)


def test_a_v1_account_has_what_it_asks_for(client):
    asked = {"capabilities": {"card_payments": {"requested": True}}, "controller": {"fees": {"payer": "account"}}}
    made = client.v1.accounts.create({"country": "GB", **asked})
    assert made.capabilities.to_dict() == {"card_payments": "active"}
    assert (made.controller.fees.payer, made.controller.stripe_dashboard.type) == ("account", "full")
    assert [one.id for one in client.v1.accounts.capabilities.list(made.id).data] == ["card_payments"]
    client.v1.accounts.update(made.id, {"capabilities": {"bacs_debit_payments": {"requested": True}}})
    assert set(client.v1.accounts.retrieve(made.id).capabilities.to_dict()) == {"card_payments", "bacs_debit_payments"}
