"""python -m payments.fakestripe: the fake Stripe as a process of its own."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

import stripe

from payments.fakestripe.deliverer import PATIENT
from payments.fakestripe.errors import ApiError
from payments.fakestripe.server import FakeStripe
from payments.fakestripe.statefile import UnusableStateFile


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m payments.fakestripe", description=__doc__)
    parser.add_argument("--port", type=int, default=12111, help="on the loopback; 0 for any free one (12111)")
    parser.add_argument("--state", help="file that keeps everything; without it all is forgotten at the end")
    parser.add_argument(
        "--account", action="append", default=[], help="a connected account to have ready, acct_…; may be repeated"
    )
    parser.add_argument("--webhook", default="", help="where events of the accounts go, on this machine")
    parser.add_argument("--thin-webhook", default="", help="where thin events of v2 accounts go, on this machine")
    parser.add_argument("--webhook-secret", default="", help="the secret that signs them, whsec_…")
    return parser.parse_args()


def main() -> int:
    """Runs until it is interrupted; 2 where it cannot begin."""
    asked, ended = _arguments(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        fake = FakeStripe(
            port=asked.port,
            state=asked.state,
            account=asked.account,
            webhook=asked.webhook,
            webhook_secret=asked.webhook_secret,
            thin_webhook=asked.thin_webhook,
            retry_delays=PATIENT,
        )
    except (OSError, ValueError, ApiError, UnusableStateFile) as problem:
        print(problem, file=sys.stderr)
        return 2
    with fake:
        print(f"Fake Stripe at {fake.url}, API version {stripe.api_version}: no real money.", flush=True)
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
