"""Guessing at every door where people sign in: tries are counted, codes die, and nobody is sent elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from common import clock, shared_cache
from common.models import SharedValue
from members import accounts
from tests import factories
from tests.doors.test_applying import base

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
CODE = "/accounts/login/code/"


@pytest.fixture(autouse=True)
def _counted_from_nought(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of tries, all to be hashed
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def staff():
    user = factories.make_user("staff@example.org", password=PASSWORD, is_staff=True, is_superuser=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_the_administration_has_no_door_of_its_own(staff):
    client = Client()
    response = client.post("/admin/login/?next=/admin/", {"username": staff.email, "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"].startswith(CODE)
    assert "_auth_user_id" not in client.session
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_passwords_cannot_be_guessed_even_behind_false_addresses(staff):
    for number in range(5):
        Client().post("/accounts/login/", {"login": staff.email, "password": "no"},
                      headers={"X-Forwarded-For": f"192.0.2.{number}"})  # fmt: skip
    page = Client().post("/accounts/login/", {"login": staff.email, "password": PASSWORD})
    assert "too many tries" in page.content.decode()
    statuses = [
        Client().post("/accounts/login/", {"login": f"x{number}@example.org", "password": "no"},
                      headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(40)
    ]  # fmt: skip
    assert 429 in statuses


def tried(address: str, password: str = "no", client: Client | None = None, email: str = "staff@example.org"):
    """One try to sign in with a password from a computer with that address."""
    return (client or Client()).post("/accounts/login/", {"login": email, "password": password}, REMOTE_ADDR=address)


def test_a_thousand_tries_of_somebody_else_shut_nobody_out(staff):
    refused = [tried("192.0.2.1") for _ in range(1000)]
    assert refused[-1].status_code == 429
    assert tried("192.0.2.1", PASSWORD).status_code == 429
    assert tried("198.51.100.7", PASSWORD)["Location"] == "/your-shares/"


def test_the_tries_of_one_computer_for_one_account_are_counted_apart_from_anothers(staff):
    for _ in range(5):
        tried("192.0.2.1", email=" Staff@Example.ORG ")
    assert "too many tries" in tried("192.0.2.1", PASSWORD).content.decode()
    assert tried("192.0.2.2", PASSWORD).status_code == 302


def test_neighbours_in_one_ipv6_network_are_one(staff):
    for number in range(5):
        tried(f"2001:db8:1:1::{number}")
    assert "too many tries" in tried("2001:db8:1:1:ffff::1", PASSWORD).content.decode()
    assert tried("2001:db8:1:2::1", PASSWORD).status_code == 302


def test_tries_from_everywhere_close_passwords_but_not_to_the_owners_own_browser(staff):
    own = Client()
    assert tried("198.51.100.7", PASSWORD, own).status_code == 302
    del own.cookies["sessionid"]  # the session ends, the browser stays
    for number in range(102):
        tried(f"192.0.2.{number // 4}")
    assert "Ask for a code by e-mail instead" in tried("203.0.113.9", PASSWORD).content.decode()
    assert tried("203.0.113.9", PASSWORD, own).status_code == 302
    code = Client().post(CODE, {"email": staff.email}, REMOTE_ADDR="203.0.113.9")
    assert code["Location"] == f"{CODE}confirm/"
    assert mail.outbox[-1].to == [staff.email]


def test_a_browser_is_known_for_its_own_account_only(staff):
    other = factories.make_user("other@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    browser = Client()
    assert tried("203.0.113.9", PASSWORD, browser, other.email).status_code == 302
    del browser.cookies["sessionid"]
    forged = Client()
    forged.cookies["known-browser"] = str(staff.pk)
    for number in range(102):
        tried(f"192.0.2.{number // 4}")
    for client in (browser, forged):
        assert "Ask for a code by e-mail instead" in tried("203.0.113.9", PASSWORD, client).content.decode()


def test_asking_for_codes_keeps_no_one_from_getting_theirs():
    accounts.account_for("ann@example.org")
    for _ in range(8):
        Client().post(CODE, {"email": "ann@example.org"}, REMOTE_ADDR="192.0.2.1")
    assert len(mail.outbox) == 3
    Client().post(CODE, {"email": "ann@example.org"}, REMOTE_ADDR="192.0.2.2")
    assert len(mail.outbox) == 4
    for number in range(3, 60):
        Client().post(CODE, {"email": "ann@example.org"}, REMOTE_ADDR=f"192.0.2.{number}")
    assert len(mail.outbox) == 20  # in an hour: nobody's box is flooded from everywhere either


def test_what_is_counted_says_nobodys_name_and_is_deleted(staff):
    tried("192.0.2.1")
    kept = "\n".join(f"{row.key} {row.value}" for row in SharedValue.objects.all())
    assert kept
    assert not [word for word in ("192.0.2", "staff", "example") if word in kept]
    with clock.stopped(clock.now() + timedelta(hours=2)):
        shared_cache.forget_over()
    assert not SharedValue.objects.exists()


def test_a_code_dies_after_three_wrong_ones():
    accounts.account_for("ann@example.org")
    client = Client()
    client.post(CODE, {"email": "ann@example.org"})
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]
    for _ in range(3):
        client.post(f"{CODE}confirm/", {"code": "AAAAAA"})
    client.post(f"{CODE}confirm/", {"code": code})
    assert "_auth_user_id" not in client.session


def test_codes_are_not_sent_without_end():
    accounts.account_for("ann@example.org")
    for _ in range(8):
        Client().post(CODE, {"email": "ann@example.org"})
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_signing_in_leads_nowhere_else(staff, elsewhere):
    response = Client().post("/accounts/login/", {"login": staff.email, "password": PASSWORD, "next": elsewhere})
    assert response["Location"] == "/your-shares/"


def test_a_half_filled_form_survives_the_sign_in_under_a_new_session():
    offer = factories.make_offer()
    client = Client()
    client.cookies["sessionid"] = "f" * 32
    client.post(f"{base(offer)}who/", {"kind": "person"})
    before = client.session.session_key
    assert before != "f" * 32
    client.force_login(factories.make_user())
    assert client.session.session_key != before
    assert client.get(f"{base(offer)}amount/").status_code == 200


def test_a_post_without_our_token_changes_nothing():
    application = factories.submit(factories.make_offer())
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(f"/a/{application.token}/cancel/").status_code == 403
    application.refresh_from_db()
    assert application.state == "awaiting-payment"
