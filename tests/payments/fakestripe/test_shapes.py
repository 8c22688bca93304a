"""What the fake sends has the shape of Stripe's: by the package's classes, and by samples that Stripe publishes.

The samples are openapi/fixtures3.json of github.com/stripe/openapi, named by STRIPE_FIXTURES; without it that part
is not run.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import stripe

from payments.fakestripe import FakeStripe, schema
from payments.fakestripe.world import PLATFORM
from tests.payments.fakestripe.conftest import ACCOUNT, shares

DAY = 86_400
FIXTURES = os.environ.get("STRIPE_FIXTURES", "")
needs_fixtures = pytest.mark.skipif(
    not FIXTURES, reason="not run: set STRIPE_FIXTURES to openapi/fixtures3.json of stripe/openapi"
)
# In the sample, and not in every object of its kind.
NOT_ALWAYS = {"charge": {"refunds"}, "mandate": {"multi_use", "single_use"}}
# In an object where it is relevant, and not in the sample.
AT_TIMES = {
    "checkout.session": {"allowed_payment_method_types"},
    "event": {"account"},
    "payment_method": {"pay_by_bank", "bacs_debit"},
    "radar.early_fraud_warning": {"payment_intent"},
    "refund": {"pending_reason", "failure_reason", "failure_balance_transaction"},
    "setup_intent": {"customer_account"},
}


@pytest.fixture(scope="module")
def world():
    """A fake in which nearly everything has happened once."""
    with FakeStripe(account=ACCOUNT, manual=True, seed=1) as fake:
        client = stripe.StripeClient("sk_test_x", base_addresses={"api": fake.url})
        here = {"stripe_account": ACCOUNT}
        for how in (
            "pm_card_createDispute",
            "pm_card_createDisputeInquiry",
            "pm_card_createIssuerFraudRecord",
            "pm_card_refundFail",
            "pm_card_authenticationRequired",
            "pm_payByBank_success",
            "pm_bacsDebit_success",
            "decline",
        ):
            fake.pay(client.v1.checkout.sessions.create(shares(), here).id, how)
        page = {"mode": "setup", "currency": "gbp", "success_url": "http://127.0.0.1:1/"}
        fake.pay(client.v1.checkout.sessions.create(page, here).id)
        failing = next(
            charge
            for charge in fake.world.store.each(ACCOUNT, "charge")
            if charge["payment_method_details"].get("card", {}).get("last4") == "5126"
        )
        client.v1.refunds.create({"charge": failing["id"]}, here)
        fake.advance(10 * DAY)
        payout = fake.do("pay_out", account=ACCOUNT)
        fake.advance(2 * DAY)
        fake.do("fail_payout", account=ACCOUNT, payout=payout["id"])
        fake.top_up(ACCOUNT, 10_00)
        client.v2.core.accounts.create({"display_name": "Westmoor"})
        yield fake


def made(fake: FakeStripe) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for obj in fake.world.store.everything():
        if obj["object"] in schema.object_classes():
            found.setdefault(obj["object"], []).append({key: value for key, value in obj.items() if key[0] != "_"})
    return found


def test_every_object_and_every_event_is_one_of_the_packages_classes(world):
    assert world.remarks == []
    kept = made(world)
    assert {"charge", "refund", "dispute", "payout", "mandate", "radar.early_fraud_warning", "topup"} <= set(kept)
    for name, objects in kept.items():
        for obj in objects:
            if not name.startswith("v2."):  # what those show depends on what was asked to be included
                assert schema.remarks_on(obj) == [], (name, obj["id"])
            if name == "event":
                assert obj["type"] in schema.event_names()


def test_the_check_sees_a_field_too_many_one_too_few_and_a_wrong_word(world):
    charge = made(world)["charge"][0]
    assert "no such field" in schema.remarks_on(charge | {"colour": "red"})[0]
    assert "missing" in schema.remarks_on({key: value for key, value in charge.items() if key != "amount"})[0]
    assert "is not one of" in schema.remarks_on(charge | {"status": "won"})[0]


@pytest.fixture(scope="module")
def samples() -> dict[str, dict]:
    found = json.loads(Path(FIXTURES).read_text())["resources"]
    return {name: sample for name, sample in found.items() if sample.get("object") == name}


@needs_fixtures
def test_stripes_own_samples_pass_our_check(samples):
    """The samples may be some months older or newer than the package: the objects that we send must pass whole."""
    ours = set(samples) & set(schema.object_classes())
    faulty = {name: remarks for name in ours if (remarks := schema.remarks_on(samples[name]))}
    assert len(faulty) <= len(ours) / 10, faulty
    for name in (
        "charge",
        "checkout.session",
        "payment_intent",
        "setup_intent",
        "refund",
        "payout",
        "event",
        "balance",
    ):
        assert name not in faulty, faulty[name]


@needs_fixtures
def test_what_we_send_has_the_fields_of_stripes_samples(world, samples):
    for name, objects in made(world).items():
        sample = samples.get(name)
        if sample is None:
            continue
        for obj in objects:
            missing = set(sample) - set(obj) - NOT_ALWAYS.get(name, set()) - _of_a_method(name, obj)
            more = set(obj) - set(sample) - AT_TIMES.get(name, set())
            assert (missing, more) == (set(), set()), (name, obj["id"])


def _of_a_method(name: str, obj: dict) -> set[str]:
    """A payment method has a hash under the name of its own type only."""
    return {"card"} if name == "payment_method" and obj["type"] != "card" else set()


def test_the_platform_has_made_nothing_of_the_societys(world):
    assert world.world.store.each(PLATFORM, "charge") == []
