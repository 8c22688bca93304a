"""A whole fake Stripe that runs: its world, its HTTP server, its deliverer. For tests a context manager.

with FakeStripe(account="acct_society", webhook="http://…/stripe/webhook/", webhook_secret="whsec_…") as fake:
    … STRIPE_API_BASE = fake.url …
    fake.pay(session_id)
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from payments.fakestripe import control, deeds, delivery, endpoints, hosted_page, http_api, thin_events
from payments.fakestripe.deliverer import QUICK, Deliverer, Send
from payments.fakestripe.http_server import Server
from payments.fakestripe.resources import accounts, topics
from payments.fakestripe.statefile import StateFile
from payments.fakestripe.store import public
from payments.fakestripe.traffic import Call, Reply, Traffic
from payments.fakestripe.world import World

assert topics.TOPICS  # importing them has registered every route


class FakeStripe:
    """Listens on a loopback port from the moment it is made; see docs/fake-stripe.md."""

    def __init__(
        self,
        *,
        port: int = 0,
        state: str | Path | None = None,
        account: str | Iterable[str] = (),
        webhook: str = "",
        webhook_secret: str = "",
        thin_webhook: str = "",
        manual: bool = False,
        seed: int | None = None,
        retry_delays: tuple[float, ...] = QUICK,
    ) -> None:
        """`account`: connected accounts to have ready; `webhook`: where their events go, under its secret;
        `thin_webhook`: where the thin events of v2 accounts go, under the same secret.
        `manual`: webhooks wait for `deliver()`. Raises UnusableStateFile, ValueError, or OSError for a taken port.
        """
        if bool(webhook or thin_webhook) != bool(webhook_secret):
            raise ValueError("A webhook needs its secret, and a secret its webhook.")
        self.world = World(state=StateFile(state) if state else None, seed=seed)
        self.traffic = Traffic()
        self.deliverer = Deliverer(self.world, retry_delays)
        self._accounts = [account] if isinstance(account, str) else list(account)
        self._webhook = (webhook, thin_webhook, webhook_secret)
        self._manual = manual
        try:
            self._set_up()
            self._server = Server(port, self._answer)
        except BaseException:
            self.world.close()
            raise
        self.url = self.world.url = self._server.url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.deliverer.start()

    def _set_up(self) -> None:
        with self.world.lock:
            self.world.manual = self._manual
            for ident in self._accounts:
                accounts.ensure(self.world, ident)
            webhook, thin_webhook, secret = self._webhook
            if webhook:
                endpoints.ensure(self.world, webhook, secret)
            if thin_webhook:
                thin_events.ensure(self.world, thin_webhook, secret)
            self.world.commit()

    def _answer(self, call: Call) -> Reply:
        if hosted_page.PATHS.fullmatch(call.path) and call.method in ("GET", "POST", "HEAD"):
            return hosted_page.answer(self.world, call)
        if call.path.startswith(control.PREFIX):
            return control.answer(self, call)
        return http_api.answer(self.world, self.traffic, call)

    # -- for tests and demos -------------------------------------------------------------------------

    def pay(self, session_id: str, how: str = "success") -> dict:
        """Pays a session as its page would; the session afterwards.

        `how`: success, decline, 3ds, 3ds-refused, or the name of a test payment method. Raises ApiError where the
        page is closed or refuses the method.
        """
        return self.do("pay", session=session_id, how=how)

    def do(self, deed: str, **arguments) -> dict:
        """What somebody else does: a payer, a bank, an officer at Stripe's dashboard; see `deeds`. Raises ApiError."""
        return deeds.do(self.world, deed, arguments)

    def ensure_account(self, ident: str) -> dict:
        """A connected account of this id, ready to take payments. Raises ValueError for what is no id."""
        with self.world.lock:
            account = accounts.ensure(self.world, ident)
            self.world.commit()
            return public(account)

    def stop_clock(self) -> None:
        """From now on the clock moves only where it is moved."""
        with self.world.lock:
            self.world.clock.stop()

    def advance(self, seconds: int) -> None:
        """Moves the clock: sessions expire, debits are answered, money becomes available."""
        with self.world.lock:
            self.world.advance(seconds)
            self.world.commit()

    def set_now(self, moment: int) -> None:
        """Sets the clock to a Unix time, as when the site's own clock is moved."""
        with self.world.lock:
            self.world.set_now(moment)
            self.world.commit()

    def deliver(self, send: Send = delivery.send) -> list[dict]:
        """Sends every webhook that waits, once; `send` may be a function that takes a Letter and gives a status."""
        return self.deliverer.deliver_all(send)

    def wait_until_quiet(self, timeout: float = 10) -> None:
        self.deliverer.wait_until_quiet(timeout)

    def inject(self, method: str, path: str, kind: str) -> None:
        """Orders one fault; see traffic.FAULTS."""
        self.traffic.inject(method, path, kind)

    def dispute(self, account: str, charge_id: str, amount: int | None = None) -> dict:
        return self.do("dispute", account=account, charge=charge_id, amount=amount)

    def fail_refund(self, account: str, refund_id: str) -> dict:
        """The payer's bank sends a refund back, perhaps days after it had succeeded."""
        return self.do("fail_refund", account=account, refund=refund_id)

    def top_up(self, account: str, amount: int) -> None:
        """Puts money in pence into an account's balance."""
        self.do("top_up", account=account, amount=amount)

    @property
    def requests(self) -> list[dict]:
        """What was asked of the API so far."""
        return list(self.traffic.requests)

    @property
    def not_understood(self) -> list[str]:
        """Requests that Stripe does not have, or that the fake does not model; a sound test has none by mistake."""
        return list(self.traffic.not_understood)

    @property
    def remarks(self) -> list[str]:
        """Where an object differed from the package's own classes; a sound fake has none."""
        return self.world.remarks

    def reset(self) -> None:
        """As when new: for the next test."""
        with self.world.lock:
            self.world.reset()
            self.traffic.clear()
            self.deliverer.sent.clear()
        self._set_up()

    def close(self) -> None:
        self._server.stop()
        self._thread.join()
        self.deliverer.stop()
        self.world.close()

    def __enter__(self) -> FakeStripe:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()
