import hashlib
import logging
import os
import secrets
import signal
import socket
import sys
import textwrap
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from config import database
from config.environment import BASE_DIR, LOCAL_DIR
from members import demo
from members.demo.children import AlreadyRuns, Children, Ended
from offers.models import ShareOffer
from payments.fakestripe import FakeStripe

STARTING = 60.0  # seconds for the site to answer
WEBHOOK = "/stripe/webhook/"


class Stop(BaseException):
    """Ctrl-C, or SIGTERM: an end that was asked for, not an error."""


def _stop(*_signal):
    raise Stop


class Command(BaseCommand):
    """Set up and serve the demonstration until Ctrl-C: database, societies, fake Stripe, worker, site."""

    help = "Serve three invented societies on http://localhost:PORT, with a fake Stripe beside the site."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", help="port of the site (PORT, or 8000)")
        parser.add_argument("--members", type=int, default=demo.MEMBERS, help="on the registers, where none are yet")
        parser.add_argument("--seed", type=int, default=demo.SEED, help="the same seed invents the same people")

    def handle(self, *args, **options):
        try:
            self._run(options)
        except CommandError as refusal:
            sys.exit(str(refusal))  # a plain line, without the name of an exception before it

    def _run(self, options) -> None:
        if settings.PRODUCTION:
            raise CommandError("TOAD_LANE is production. The demonstration has invented people and known passwords.")
        port = _port(options["port"] or os.environ.get("PORT") or "8000")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        children = Children(LOCAL_DIR / "demo")
        try:
            _take_over(children, port)
            _run_as_demonstration(port)
            self._prepare(options)
            self._serve(children, port)
        except Stop:
            self._say("Stopping …")
        except Ended as problem:
            raise CommandError(str(problem)) from None
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C does not leave half of them running
            children.end()
        self._say("Stopped. What you did is kept: `make demo` goes on from here, `make clean` forgets it.")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _prepare(self, options) -> None:
        """The database and its people, and the files that never change."""
        self._say("Bringing the database up to date …")
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {str(error).splitlines()[0]}") from None
        if demo.is_empty():
            self._seed(options)
        elif not demo.is_demonstration():
            raise CommandError("The database holds societies that are not invented. The demonstration leaves it alone.")
        call_command("collectstatic", verbosity=0, interactive=False)
        self.has_open = any(offer.is_open() for offer in ShareOffer.objects.filter(society__is_demo=True))
        connections.close_all()

    def _seed(self, options) -> None:
        self._say(f"Inventing three societies with {options['members']} members: about a minute, the first time only.")
        logging.getLogger("stripe").setLevel(logging.WARNING)
        state = _state_file()
        for leftover in state.parent.glob(state.name + "*"):  # of a time when the database held other payments
            leftover.unlink()
        accounts = [society.account_id for society in demo.SOCIETIES]
        try:
            with FakeStripe(port=_stripe_port(), state=state, account=accounts) as cards:
                demo.seed(
                    members=options["members"], number=options["seed"], cards=cards, progress=Progress(self.stdout)
                )
        except ValueError as problem:
            raise CommandError(str(problem)) from None

    def _serve(self, children: Children, port: int) -> None:
        self._say("Starting the fake Stripe, the worker and the site …")
        python, webhook = sys.executable, f"http://127.0.0.1:{port}{WEBHOOK}"
        accounts = [word for society in demo.SOCIETIES for word in ("--account", society.account_id)]
        children.start(
            "fake Stripe", python, "-m", "payments.fakestripe", "--port", str(_stripe_port()),
            "--state", str(_state_file()), "--webhook", webhook,
            "--webhook-secret", settings.STRIPE_WEBHOOK_SECRETS[0], *accounts, cwd=BASE_DIR,
        )  # fmt: skip
        children.start("worker", python, "manage.py", "procrastinate", "worker", "--concurrency", "2", cwd=BASE_DIR)
        children.start(
            "site", python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--blocking-threads", "4", "--no-ws", "config.wsgi:application", cwd=BASE_DIR,
        )  # fmt: skip
        _wait_until_it_answers(children, port)
        self._say(welcome(self.has_open))
        while True:
            children.refuse_if_ended()
            time.sleep(0.3)


class Progress:
    """A line that counts on a terminal; elsewhere one line for each offer."""

    def __init__(self, out):
        self.out = out

    def __call__(self, what: str, done: int, total: int) -> None:
        if self.out.isatty() and (done == total or done % 10 == 0):
            self.out.write(f"\r  {what}: {done} of {total} applications ", ending="\n" if done == total else "")
            self.out.flush()
        elif done == total and not self.out.isatty():
            self.out.write(f"  {what}: {total} applications")
            self.out.flush()


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CommandError(f"PORT is {text!r}. It must be a number from 1 to 65535, such as:  make demo PORT=8123")
    return int(text)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CommandError(f"Port {port} is for the system. Choose a higher one:  make demo PORT=8123") from None
        except OSError:
            return False
        return True


def _take_over(children: Children, port: int) -> None:
    """Be the one demonstration here, on a port that nobody else has."""
    try:
        children.take_over(f"http://localhost:{port}")
    except AlreadyRuns as other:
        raise CommandError(f"The demonstration runs already: {other}. End it with Ctrl-C first.") from None
    if not _is_free(port):
        raise CommandError(f"Port {port} is taken by another program. Choose another one:  make demo PORT={port + 100}")


def _run_as_demonstration(port: int) -> None:
    """Settings are read once when a process starts: so start again, as a demonstration with everything it needs."""
    wanted = {
        "TOAD_LANE": "demo",
        "PORT": str(port),
        "SITE_URL": f"http://localhost:{port}",
        "STRIPE_SECRET_KEY": f"sk_test_{_secret('stripe_key')}",
        "STRIPE_WEBHOOK_SECRETS": f"whsec_{_secret('webhook_secret')}",
    }
    own = os.environ.get("STRIPE_API_BASE", "")
    if own.startswith("http://127.0.0.1:") and all(os.environ.get(name) == value for name, value in wanted.items()):
        return
    free = next((number for number in range(port + 1, min(port + 50, 65536)) if _is_free(number)), None)
    if free is None:
        raise CommandError(f"No port above {port} is free for the fake Stripe. Choose another:  make demo PORT=8123")
    wanted["STRIPE_API_BASE"] = f"http://127.0.0.1:{free}"
    os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | wanted)


def _secret(name: str) -> str:
    """A secret that is made once and kept out of the repository."""
    kept = LOCAL_DIR / "demo" / name
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(16))
    return kept.read_text()


def _stripe_port() -> int:
    return int(settings.STRIPE_API_BASE.rpartition(":")[2])


def _state_file() -> Path:
    """What the fake Stripe remembers, for each database apart: the two belong together."""
    where = "|".join(str(settings.DATABASES["default"].get(part, "")) for part in ("HOST", "PORT", "NAME"))
    return LOCAL_DIR / "demo" / f"stripe-{hashlib.sha256(where.encode()).hexdigest()[:8]}.state"


def _wait_until_it_answers(children: Children, port: int) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        children.refuse_if_ended()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise CommandError(f"The site did not answer within {STARTING:.0f} seconds: see {children.folder}/site.log")


def welcome(has_open: bool) -> str:
    """Where the demonstration is, who can sign in, and what to try first."""
    energy, shop, brewery = demo.SOCIETIES
    site, offer = settings.SITE_URL, energy.offers[-1]
    bakery, bottles = shop.offers[-1], brewery.offers[-1]
    rows = "\n".join(
        f"    {role + '@' + society.domain:42} {name}, {role} of {society.registered_name.split(' – ')[0]}"
        for society in demo.SOCIETIES
        for role, name in society.officers.items()
    )
    stale = "" if has_open else "\n  The open offer has closed since. For a fresh start:  make clean && make demo\n"
    server = "the project's own PostgreSQL" if database.uses_embedded_server() else "the server of DATABASE_URL"
    return textwrap.dedent("""
      Toad Lane is at  {site}/
      Everything in it is invented, and no money moves. The books are in {server}.
    {stale}
      Sign in at {site}/accounts/login/  with any of these and the password  {password}
    {rows}
        {member:42} {member_name}, a member with shares
        {keeper:42} the keeper of the whole site: {site}/admin/
      Or ask for a code instead: every message the site sends is at {site}/demo/mail/

      What to try, in this order:
      1. Buy shares in “{open_title}”, as anybody you like:
         {site}/societies/{energy}/offers/{open_slug}/
         Pay by card (the page that looks like Stripe’s is part of this), then read your mail.
      2. Be {treasurer} and record a bank transfer, look at the one that is £10 short,
         or confirm the cheque that the secretary recorded:
         {site}/office/{energy}/
      3. Two officers decide “{bakery_title}”, for which too much was paid. As {secretary}
         prepare the decision and read its working; sign out; as {shop_treasurer} approve it:
         {site}/office/{shop}/offers/{bakery_slug}/decide/
         Then look at the register, download it, and open a certificate.
      4. The visitor centre of the brewery failed: its treasurer pays the transfers back.
         “{bottles_title}” waits for a second officer to publish it:
         {site}/office/{brewery}/

      Ctrl-C stops everything.
    """).format(
        site=site, server=server, stale=stale, rows=rows, password=demo.PASSWORD, member=demo.MEMBER.email,
        member_name=demo.MEMBER.name, keeper=demo.KEEPER, energy=energy.slug, shop=shop.slug, brewery=brewery.slug,
        open_title=offer.title, open_slug=offer.slug, bakery_title=bakery.title, bakery_slug=bakery.slug,
        bottles_title=bottles.title, treasurer=f"treasurer@{energy.domain}", secretary=f"secretary@{shop.domain}",
        shop_treasurer=f"treasurer@{shop.domain}",
    )  # fmt: skip
