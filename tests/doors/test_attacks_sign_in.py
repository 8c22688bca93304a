"""Guessing at every door where people sign in: tries are counted, codes die, and nobody is sent elsewhere."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from members import accounts
from tests import factories
from tests.doors.test_applying import base

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
CODE = "/accounts/login/code/"


@pytest.fixture(autouse=True)
def _counted_from_nought(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
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
