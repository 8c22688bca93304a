"""The list of bank lines by keyboard alone, in a browser: with its small script, and without any."""

from __future__ import annotations

import pytest
from django.test import Client

from offers.choices import ApplicationState, OfficerRole
from offers.models import Application
from tests import factories
from tests.payments.statements.making import line, make_account, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINES = 4


@pytest.fixture
def lines():
    """Four lines that are exact; the society whose they are."""
    offer = factories.make_offer()
    names = [factories.submit(offer, 100_00).reference for _ in range(LINES)]
    take(make_account(offer.society), *(line(100_00, name) for name in names))
    return offer.society


def open_list(chromium, live_server, society, **how):
    client = Client()
    client.force_login(factories.make_officer(society, OfficerRole.TREASURER))
    context = chromium.new_context(**how)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/office/{society.slug}/bank/match/")
    return page


def states() -> list[str]:
    return sorted(Application.objects.values_list("state", flat=True))


def press_enter(page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_enter_alone_accepts_line_after_line(lines, chromium, live_server):
    page = open_list(chromium, live_server, lines)
    for _line in range(LINES):
        press_enter(page)
    assert page.get_by_text("Nothing waits").is_visible()
    assert states() == [ApplicationState.PAID] * LINES


def test_j_and_k_go_on_and_back_and_o_opens(lines, chromium, live_server):
    page = open_list(chromium, live_server, lines)
    place = "[...document.querySelectorAll('.lines > li')].findIndex(line => line.contains(document.activeElement))"
    seen = []
    for key in "jjkjjjjkk":
        page.keyboard.press(key)
        seen.append(page.evaluate(place))
    assert seen == [1, 2, 1, 2, 3, 3, 3, 2, 1]
    with page.expect_navigation():
        page.keyboard.press("o")
    assert "/bank/lines/" in page.url
    assert states() == [ApplicationState.AWAITING_PAYMENT] * LINES


def test_without_scripts_the_buttons_do_it(lines, chromium, live_server):
    page = open_list(chromium, live_server, lines, java_script_enabled=False)
    assert not page.get_by_text("Keys:").is_visible()
    for _line in range(LINES):
        page.get_by_role("button", name="Accept £100").first.click()
    assert page.get_by_text("Nothing waits").is_visible()
    assert states() == [ApplicationState.PAID] * LINES
