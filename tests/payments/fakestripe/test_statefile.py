"""The fake as a process with a state file: what it has acknowledged survives kill -9."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import stripe

from payments.fakestripe import FakeStripe
from payments.fakestripe.statefile import UnusableStateFile
from tests.payments.fakestripe.conftest import ACCOUNT, shares

ROOT = Path(__file__).resolve().parents[3]
ON_SOCIETY = {"stripe_account": ACCOUNT}


@contextlib.contextmanager
def running(*arguments: str):
    """The fake as its own process; yields the process and its address, and ends it by kill -9."""
    command = [sys.executable, "-m", "payments.fakestripe", "--port", "0", "--account", ACCOUNT, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith("Fake Stripe at http://127.0.0.1:"), line
        yield process, line.split()[3].rstrip(",")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def connected(url: str):
    transport = stripe.RequestsClient(timeout=20)
    try:
        yield stripe.StripeClient("sk_test_fake", base_addresses={"api": url}, http_client=transport)
    finally:
        transport.close()


def make_until_killed(url: str, made: list[str]) -> None:
    """Sessions one after another, each under its own key, until nobody answers."""
    with connected(url) as client, contextlib.suppress(stripe.APIConnectionError):
        for number in range(10_000):
            key = ON_SOCIETY | {"idempotency_key": f"session:{number}"}
            made.append(client.v1.checkout.sessions.create(shares(), key).id)


def test_kill_9_in_the_middle_of_work_loses_nothing_acknowledged(tmp_path):
    state = str(tmp_path / "stripe.state")
    made: list[str] = []
    with running("--state", state) as (process, url):
        worker = threading.Thread(target=make_until_killed, args=(url, made))
        worker.start()
        while len(made) < 25:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        worker.join()
    acknowledged = list(made)
    with running("--state", state) as (_, url), connected(url) as client:
        listed = client.v1.checkout.sessions.list({"limit": 100}, ON_SOCIETY).auto_paging_iter()
        kept = [session.id for session in listed][::-1]
        assert kept[: len(acknowledged)] == acknowledged
        assert len(kept) - len(acknowledged) in (0, 1)  # the one whose answer was lost may be there
        key = ON_SOCIETY | {"idempotency_key": "session:0"}
        assert client.v1.checkout.sessions.create(shares(), key).id == acknowledged[0]


@pytest.mark.parametrize("trouble", ["refused so far", "never tried"])
def test_webhooks_that_were_not_delivered_are_delivered_after_a_restart(tmp_path, inbox, trouble):
    arguments = ["--state", str(tmp_path / "s"), "--webhook", inbox.url, "--webhook-secret", inbox.secret]
    inbox.answer = 500
    if trouble == "never tried":
        inbox.is_awake.clear()  # the first one hangs, and the rest wait behind it
    with running(*arguments) as (_, url), connected(url) as client:
        ident = client.v1.checkout.sessions.create(shares(), ON_SOCIETY).id
        client.v1.checkout.sessions.expire(ident, options=ON_SOCIETY)
    inbox.answer = 200
    inbox.is_awake.set()
    inbox.events.clear()
    with running(*arguments):
        end = time.monotonic() + 20
        while "checkout.session.expired" not in inbox.types() and time.monotonic() < end:
            time.sleep(0.02)
    assert {e.data.object.id for e in inbox.events if e.type == "checkout.session.expired"} == {ident}


def test_clock_balance_and_timers_go_on_where_they_stopped(tmp_path):
    path = tmp_path / "s"
    with FakeStripe(state=path, account=ACCOUNT) as fake, connected(fake.url) as client:
        paid = client.v1.checkout.sessions.create(shares(), ON_SOCIETY)
        fake.pay(paid.id)
        fake.advance(2 * 86_400)
        waiting = client.v1.checkout.sessions.create(shares(), ON_SOCIETY)
        before = fake.world.now()
    with FakeStripe(state=path, account=ACCOUNT) as fake, connected(fake.url) as client:
        assert 0 <= fake.world.now() - before < 60
        balance = client.v1.balance.retrieve(options=ON_SOCIETY)
        assert (balance.available[0].amount, balance.pending[0].amount) == (0, 246_05)
        fake.advance(2 * 86_400)
        assert client.v1.checkout.sessions.retrieve(waiting.id, options=ON_SOCIETY).status == "expired"
        balance = client.v1.balance.retrieve(options=ON_SOCIETY)
        assert (balance.available[0].amount, balance.pending[0].amount) == (246_05, 0)


def test_two_fakes_do_not_share_a_file(tmp_path):
    with FakeStripe(state=tmp_path / "s"), pytest.raises(UnusableStateFile, match="cannot be used"):
        FakeStripe(state=tmp_path / "s")


def test_a_file_of_another_version_is_refused(tmp_path, monkeypatch):
    FakeStripe(state=tmp_path / "s").close()
    monkeypatch.setattr(stripe, "api_version", "2031-01-01.next")
    with pytest.raises(UnusableStateFile, match="Delete the file to begin anew"):
        FakeStripe(state=tmp_path / "s")


def test_no_key_is_written_to_the_file(tmp_path):
    path = tmp_path / "s"
    with FakeStripe(state=path, account=ACCOUNT) as fake, connected(fake.url) as client:
        client.v1.checkout.sessions.create(shares(), ON_SOCIETY | {"idempotency_key": "k"})
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"cs_test_" in content
    assert b"sk_test_fake" not in content


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--webhook", "http://example.org/", "--webhook-secret", "whsec_x"], "this machine only"),
        (["--webhook", "http://127.0.0.1:1/"], "needs its secret"),
        (["--account", "acct_"], "no account id"),
    ],
)
def test_what_it_cannot_begin_with_is_said_in_one_line(arguments, words):
    command = [sys.executable, "-m", "payments.fakestripe", "--port", "0", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_it_ends_cleanly_when_asked(tmp_path):
    with running("--state", str(tmp_path / "s")) as (process, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
