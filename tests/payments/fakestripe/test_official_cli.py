"""Stripe's own command line tool drives the fake: `stripe trigger EVENT` runs requests that Stripe wrote.

Each must be understood whole and lead to the event that it is named after. bin/setup --dev installs the tool.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from payments.fakestripe import FakeStripe
from payments.fakestripe.world import PLATFORM

PROGRAM = Path(sys.prefix, "stripe-cli/node_modules/@stripe/cli-linux-x64/bin/stripe")
HERE = (platform.system(), platform.machine())
NOWHERE = "http://127.0.0.1:9"  # where the tool may look for a newer version of itself
DAY = 86_400
TRIGGERS = [
    "payment_intent.created",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "payment_intent.requires_action",
    "payment_intent.amount_capturable_updated",
    "payment_intent.processing",
    "charge.succeeded",
    "charge.failed",
    "charge.captured",
    "charge.refunded",
    "charge.dispute.created",
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "product.created",
    "price.created",
    "customer.created",
    "payout.created",
]
MORE = [
    "account.application.deauthorized",
    "account.updated",
    "balance.available",
    "charge.dispute.closed",
    "charge.dispute.updated",
    "charge.refund.updated",
    "customer.deleted",
    "customer.updated",
    "payment_method.attached",
    "payment_method.detached",
    "payment_method.updated",
    "payout.updated",
    "price.updated",
    "product.deleted",
    "product.updated",
    "setup_intent.canceled",
    "setup_intent.created",
    "setup_intent.requires_action",
    "setup_intent.setup_failed",
    "setup_intent.succeeded",
    "topup.created",
]

pytestmark = pytest.mark.skipif(
    HERE != ("Linux", "x86_64"), reason=f"not run: Stripe's tool comes for Linux on x86_64, and this is {HERE}"
)


@pytest.fixture(scope="module")
def tool(tmp_path_factory):
    """Runs the tool with arguments against an address."""
    assert PROGRAM.exists(), "Stripe's command line tool was not found: bin/setup --dev installs it."
    env = {
        "HOME": str(tmp_path_factory.mktemp("stripe-cli")),
        "PATH": os.environ["PATH"],
        "STRIPE_API_KEY": "sk_test_" + "1" * 24,
        "STRIPE_CLI_TELEMETRY_OPTOUT": "1",
        "HTTPS_PROXY": NOWHERE,
        "HTTP_PROXY": NOWHERE,
    }

    def run(*arguments: str, key: str = env["STRIPE_API_KEY"]) -> subprocess.CompletedProcess:
        command = [PROGRAM, *arguments]
        own = env | {"STRIPE_API_KEY": key}
        return subprocess.run(command, env=own, capture_output=True, text=True, timeout=60, check=False)

    return run


def events(fake: FakeStripe) -> dict[str, str]:
    """Every event so far by its id, of the platform and of accounts that have come and gone."""
    return {one["id"]: one["type"] for one in fake.world.store.everything() if one["object"] == "event"}


def test_there_are_twenty_that_the_issue_names():
    assert len(set(TRIGGERS)) == 20
    assert not set(TRIGGERS) & set(MORE)


@pytest.mark.parametrize("event", TRIGGERS + MORE)
def test_a_trigger_is_understood_and_leads_to_its_event(tool, event):
    with FakeStripe(seed=1) as fake:
        fake.top_up(PLATFORM, 1_000_00)  # what a payout is made of
        before = events(fake)
        run = tool("trigger", event, "--api-base", fake.url)
        fake.advance(8 * DAY)
        assert (run.returncode, fake.not_understood) == (0, []), run.stderr
        assert event in {kind for ident, kind in events(fake).items() if ident not in before}
        assert fake.requests
        assert fake.remarks == []


def test_as_a_client_it_reads_our_answers(tool):
    with FakeStripe() as fake:
        run = tool("get", "/v1/balance", "--api-base", fake.url)
    assert run.returncode == 0
    assert '"object": "balance"' in run.stdout


def test_its_live_key_is_refused(tool):
    with FakeStripe() as fake:
        run = tool("get", "/v1/balance", "--live", "--api-base", fake.url, key="sk_live_" + "1" * 24)
        assert "test keys only" in run.stdout + run.stderr
        assert fake.requests == []
