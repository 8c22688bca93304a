"""Fifty people send the form for the last shares at one moment, over HTTP: exactly the room is sold."""

from __future__ import annotations

import contextlib
import http.client
import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.urls import reverse

from members import books
from offers import applications, reservations
from offers.models import Application
from tests.factories import make_offer, submit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

BUYERS, LOTS, LOT_PENCE = 50, 10, 500_00
ROOM_PENCE = LOTS * LOT_PENCE
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
MESSAGE = re.compile(r'class="summary-wrong".*?</div>', re.DOTALL)


@pytest.fixture
def offer():
    """First come, first served, with room for ten lots of £500 left."""
    offer = make_offer(maximum_pence=10_000_00, max_application_pence=5_000_00)
    submit(offer, 10_000_00 - ROOM_PENCE, address="The Mill\nMarlpit")
    return offer


def filled_in(offer, number: int) -> str:
    """The key of a session in which somebody has answered every question and only the last page is left."""
    session = SessionStore()
    answers = {
        "who": {"kind": "person"},
        "amount": {"amount_pence": LOT_PENCE, "accept_less": False},
        "name": {"name": f"Buyer {number}", "born_on": "1980-02-01"},
        "address": {"line1": f"{number} Low Street", "line2": "", "town": "Marlpit", "postcode": "NR11 7LG",
                    "country": "GB"},
        "contact": {"email": f"buyer{number}@example.org", "telephone": "", "notices": True},
        "risks": {"understood": True, "rules": True, "truth": True},
    }  # fmt: skip
    session[f"apply:{offer.pk}"] = {"answers": answers, "submission": str(uuid.uuid4())}
    session.create()
    return session.session_key


class Buyer:
    """One browser: it has the last page open, and sends it when everybody is ready."""

    def __init__(self, url: str, path: str, session_key: str):
        self.host, self.path = urlsplit(url).netloc, path
        self.cookies = {settings.SESSION_COOKIE_NAME: session_key}
        self.client = None
        _status, _headers, page = self.ask("GET")
        self.token = TOKEN.search(page)[1]
        self.client = self.connect()

    def connect(self) -> http.client.HTTPConnection:
        """A connection that the server has a thread for already: its queue is short, and fifty at once overflow it."""
        client = http.client.HTTPConnection(self.host, timeout=120)
        client.connect()
        return client

    def ask(self, method: str, body: str = "") -> tuple[int, dict, str]:
        client, self.client = self.client or self.connect(), None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with contextlib.closing(client):
            client.request(method, self.path, body, headers)
            answer = client.getresponse()
            for said in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = said.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, dict(answer.headers), answer.read().decode()

    def buy(self, start: threading.Barrier) -> tuple[int, dict, str]:
        body = urlencode({"csrfmiddlewaretoken": self.token, "method": "bank-transfer"})
        start.wait(60)
        return self.ask("POST", body)


def race(offer, url: str) -> list[tuple[int, dict, str]]:
    """What each of the fifty was answered."""
    path = reverse("offers:check", args=[offer.society.slug, offer.slug])
    buyers = [Buyer(url, path, filled_in(offer, number)) for number in range(BUYERS)]
    start = threading.Barrier(BUYERS)
    with ThreadPoolExecutor(BUYERS) as pool:
        return list(pool.map(lambda buyer: buyer.buy(start), buyers))


def test_the_last_shares_are_sold_once(offer, live_server):
    answers = race(offer, live_server.url)
    sold = [headers["Location"] for status, headers, _page in answers if status == 302]
    refused = [page for status, _headers, page in answers if status == 200]
    assert (len(sold), len(refused)) == (LOTS, BUYERS - LOTS), sorted(status for status, _h, _p in answers)
    offer.refresh_from_db()
    assert offer.taken_pence == offer.maximum_pence
    bought = Application.objects.filter(offer=offer, due_pence=LOT_PENCE)
    assert {reverse("payments:application", args=[one.token]) for one in bought} == set(sold)
    for page in refused:
        said = re.sub(r"<[^>]+>|\s+", " ", MESSAGE.search(page)[0])
        assert "There is a problem" in said
        assert "left" in said or "full" in said, said
    assert list(books.faults()) == []


@pytest.fixture
def naive_room(as_owner, monkeypatch):
    """The control: room is looked at and then written, in a table of its own, as one would do it at first.

    Eleven buyers meet between the look and the write if nothing else in the whole way keeps them apart.
    """
    site = connection.settings_dict["USER"]
    as_owner.execute("CREATE TABLE naive_room (pence bigint)")
    as_owner.execute("INSERT INTO naive_room VALUES (%s)", [ROOM_PENCE])
    as_owner.execute(f'GRANT SELECT, UPDATE ON naive_room TO "{site}"')
    meeting = threading.Barrier(LOTS + 1)

    def take(offer, amount_pence, **_when) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pence FROM naive_room")
            (room,) = cursor.fetchone()
            with contextlib.suppress(threading.BrokenBarrierError):
                meeting.wait(5)
            if room < amount_pence:
                return False
            cursor.execute("UPDATE naive_room SET pence = %s", [room - amount_pence])
            return True

    monkeypatch.setattr(reservations, "take", take)
    assert applications.submitting.reservations is reservations
    yield
    as_owner.execute("DROP TABLE naive_room")


def test_without_the_conditional_update_more_is_sold_than_there_is(offer, live_server, naive_room):
    """What the one UPDATE is for: the same fifty buyers, the same pages, and a check before the write instead."""
    answers = race(offer, live_server.url)
    sold = sum(status == 302 for status, _headers, _page in answers)
    assert sold > LOTS
    assert Application.objects.filter(offer=offer, due_pence=LOT_PENCE).count() == sold
