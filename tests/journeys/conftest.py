"""The stage of a walk: a society with its officers, an offer, a fake Stripe, a browser, and mail that is read."""

from __future__ import annotations

import contextlib
import re
from datetime import datetime, timedelta

import pytest
from django.core import mail

from common import clock, outbox
from members import accounts
from offers.choices import OfficerRole
from payments import gateway, webhooks
from payments.fakestripe import FakeStripe
from tests import factories
from tests.journeys.visitor import Album, Visitor

ACCOUNT, SECRET = "acct_fellgate", "whsec_journey"
STORY = """## What we want to do

The shop on the green closes in spring. We want to buy it, mend its roof, and open **seven days a week**.

- a shop and a post office counter
- a table for tea, and a warm room in winter

## Who we are

Forty of us met in the chapel hall and founded the society. *Everybody has one vote.*
"""


class Stage:
    """What a walk happens on."""

    def __init__(self, browser, site: str, fake: FakeStripe, album: Album) -> None:
        self.browser, self.site, self.fake = browser, site, fake
        self.album = album
        self.society = a_society()
        factories.connect(self.society, ACCOUNT)
        self.officers = {}
        for role, name in [(OfficerRole.SECRETARY, "Sian Price"), (OfficerRole.TREASURER, "Tom Okafor")]:
            user = accounts.account_for(f"{role}@fellgate.example", name=name)
            self.officers[role] = factories.make_officer(self.society, role, user)
        self.offer = an_offer(self.society)

    def visitor(self, **how) -> Visitor:
        return Visitor(self.browser, self.site, self.album, **how)

    def signed_in(self, email: str, picture: str = "") -> Visitor:
        """Somebody who asked for a code, read it in the mail, and typed it."""
        visitor = self.visitor()
        visitor.open("/")
        visitor.follow("Sign in")
        if picture:
            visitor.look(f"{picture}-address", "Where may we send your code?")
        visitor.write(email=email)
        visitor.press("Send me a code")
        if picture:
            visitor.look(f"{picture}-code", email)
        visitor.write(code=code_in(last_mail(email)))
        visitor.press("Sign in")
        return visitor

    @contextlib.contextmanager
    def at(self, moment: datetime):
        """The site's clock and Stripe's stand at a moment."""
        self.fake.set_now(int(moment.timestamp()))
        with clock.stopped(moment):
            yield

    def news_arrives(self) -> None:
        """Stripe's webhooks reach the site's door, and its worker looks into them."""
        assert {sent["status"] for sent in self.fake.deliver()} <= {200}
        webhooks.work_through()

    @property
    def offer_page(self) -> str:
        return f"/societies/{self.society.slug}/offers/{self.offer.slug}/"

    @property
    def desk(self) -> str:
        return f"/office/{self.society.slug}/"


def a_society():
    society = factories.make_society(
        registered_name="Fellgate Community Shop Limited",
        slug="fellgate",
        accent="fern",
        objects_text="We run the shop and the post office on the green for everybody who lives around Fellgate.",
        telephone="01229 496 0123",
        bank_name="Fellgate Community Shop Limited",
        bank_sort_code="08-92-99",
        bank_account="66374958",
    )
    society.registered_office, society.email = "The Green\nFellgate\nLA14 5AA", "secretary@fellgate.example"
    society.save(update_fields=["registered_office", "email"])
    return society


def an_offer(society, **terms):
    return factories.make_offer(
        society,
        slug=terms.pop("slug", "shop"),
        title="Buy the shop on the green",
        summary="To buy the village shop, mend its roof, and keep its post office open.",
        story=STORY,
        minimum_pence=500_00,
        optimum_pence=8_000_00,
        closes_on=clock.today() + timedelta(days=50),
        min_application_pence=50_00,
        multiple_of_pence=10_00,
        **terms,
    )


@pytest.fixture
def album():
    return Album("journey")


@pytest.fixture
def stage(chromium, live_server, settings, album):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_journey", [SECRET]
    settings.SITE_URL = live_server.url
    webhook = f"{live_server.url}/stripe/webhook/"
    with FakeStripe(account=ACCOUNT, webhook=webhook, webhook_secret=SECRET, manual=True) as fake:
        settings.STRIPE_API_BASE = fake.url
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        settings.CONTENT_SECURITY_POLICY = {
            "DIRECTIVES": policy | {"form-action": [*policy["form-action"][:1], fake.url]}
        }
        stage = Stage(chromium, live_server.url, fake, album)
        yield stage
        stage.album.keep_letters(mail.outbox)
        for context in chromium.contexts:
            context.close()  # or a thread of the live server waits for it and keeps its connection
        gateway.client._client.cache_clear()
    assert fake.remarks == []


def last_mail(to: str):
    """The last message to an address, once everything that is due has gone out."""
    outbox.send_due()
    return [message for message in mail.outbox if message.to == [to]][-1]


def code_in(message) -> str:
    """The code to sign in, as a person reads it off a message."""
    return re.search(r"^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}$", message.body, re.MULTILINE)[0]
