"""Signing in: each page of allauth's in our look, a code by e-mail instead of a password, and what the mails say."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core.cache import cache
from django.template.loader import get_template
from django.urls import reverse

from members.accounts import account_for, verified_addresses
from members.models import User

PASSWORD = "three-harmless-otters"
ADA = "ada@brackenford.example"
OPEN_TO_ALL = ["login", "request_login_code", "signup", "reset_password", "inactive", "password_reset_completed"]
SIGNED_IN = ["logout", "email", "change_password", "reauthenticate"]

pytestmark = pytest.mark.django_db


def in_our_look(response) -> bool:
    """Whether a page came out in our layout: our stylesheet, our masthead, one h1, nothing that the CSP refuses."""
    page = response.content.decode()
    own = "css/toadlane" in page and 'class="masthead"' in page and page.count("<h1") == 1
    return own and not re.search(r"<script|\sstyle=|\son[a-z]+=", page)


def code_of(mail) -> str:
    """The code in a mail: it stands alone on a line."""
    return re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", mail.body, re.MULTILINE)[1]


@pytest.fixture(autouse=True)
def _no_tries_counted_yet():
    """The limits on tries live in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def officer(client):
    """A signed-in person with a password and a confirmed address."""
    user = account_for(ADA, name="Ada")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.filter(user=user).update(verified=True)
    answer = client.post(reverse("account_login"), {"login": ADA, "password": PASSWORD, "next": "/healthz"})
    assert answer.status_code == 302
    return user


@pytest.mark.parametrize("name", OPEN_TO_ALL)
def test_each_page_of_the_entrance_has_our_look(client, name):
    response = client.get(reverse(f"account_{name}"))
    assert response.status_code == 200
    assert in_our_look(response)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_each_page_of_an_account_has_our_look(client, officer, name):
    response = client.get(reverse(f"account_{name}"))
    assert response.status_code == 200
    assert in_our_look(response)


@pytest.mark.parametrize(
    "name", ["account/verification_sent.html", "account/password_reset_done.html", "account/email_confirm.html"]
)
def test_a_page_we_have_not_written_comes_out_on_our_sheet(rf, name):
    request = rf.get("/")
    request.user = User()
    page = get_template(name).render({}, request)
    assert 'class="masthead"' in page
    assert 'class="sheet"' in page


def test_an_applicant_signs_in_with_a_code_and_the_address_is_verified(client, mailoutbox):
    user = account_for(ADA, name="Ada")
    assert verified_addresses(user) == []

    client.post(reverse("account_request_login_code"), {"email": ADA})
    asking = client.get(reverse("account_confirm_login_code"))
    assert asking.status_code == 200
    assert in_our_look(asking)
    assert ADA in asking.content.decode()
    code = code_of(mailoutbox[0])
    entered = client.post(reverse("account_confirm_login_code"), {"code": code, "next": "/healthz"})

    assert (entered.status_code, entered["Location"]) == (302, "/healthz")
    assert get_user(client) == user
    assert verified_addresses(user) == [ADA]


def test_a_wrong_code_says_so_twice_and_lets_nobody_in(client, mailoutbox):
    user = account_for(ADA)
    client.post(reverse("account_request_login_code"), {"email": ADA})
    refused = client.post(reverse("account_confirm_login_code"), {"code": "AAA-AAA"})
    page = refused.content.decode()
    assert 'class="summary-wrong"' in page
    assert 'href="#id_code"' in page
    assert 'id="id_code_error"' in page
    assert 'aria-invalid="true"' in page
    assert page.index("<title>Error:") > 0
    assert get_user(client).is_anonymous
    assert verified_addresses(user) == []


def test_a_new_code_can_be_asked_for_and_the_old_one_is_dead(client, mailoutbox):
    account_for(ADA)
    client.post(reverse("account_request_login_code"), {"email": ADA})
    here = reverse("account_confirm_login_code")
    assert "Send a new code" in client.get(here).content.decode()
    client.post(here, {"action": "resend"})
    old, new = map(code_of, mailoutbox)
    assert "not the code that we sent last" in client.post(here, {"code": old}).content.decode()
    assert client.post(here, {"code": new, "next": "/healthz"})["Location"] == "/healthz"


def test_the_mail_with_the_code_is_plain_and_signed(client, mailoutbox):
    account_for(ADA)
    client.post(reverse("account_request_login_code"), {"email": ADA})
    (mail,) = mailoutbox
    code = code_of(mail)
    assert mail.subject == f"{code} is your code to sign in"
    assert mail.to == [ADA]
    assert "10 minutes" in mail.body
    assert mail.body.splitlines()[-2] == "Toad Lane"
    assert "example.com" not in mail.body
    assert "testserver" not in mail.body


def test_an_unknown_address_gets_the_same_page_and_a_kind_word(client, mailoutbox):
    answer = client.post(reverse("account_request_login_code"), {"email": "o'brien@nobody.example"})
    known = account_for(ADA)
    other = client.post(reverse("account_request_login_code"), {"email": known.email})
    assert answer.status_code == other.status_code == 302
    assert answer["Location"] == other["Location"]
    assert mailoutbox[0].subject == "No account has this e-mail address"
    assert "o'brien@nobody.example" in mailoutbox[0].body


def test_a_forgotten_password_is_chosen_anew_with_a_code(client, officer, mailoutbox):
    client.logout()
    client.post(reverse("account_reset_password"), {"email": ADA})
    asking = client.get(reverse("account_confirm_password_reset_code"))
    assert in_our_look(asking)
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_of(mailoutbox[-1])})
    choosing = client.get(reverse("account_complete_password_reset"))
    assert choosing.status_code == 200
    assert in_our_look(choosing)
    new = "four-careful-badgers"
    client.post(reverse("account_complete_password_reset"), {"password1": new, "password2": new})
    officer.refresh_from_db()
    assert officer.check_password(new)
    assert mailoutbox[-1].subject == "Your password was changed"
    assert "Toad Lane" in mailoutbox[-1].body


def test_who_has_no_password_may_choose_one(client, mailoutbox):
    user = account_for(ADA)
    client.post(reverse("account_request_login_code"), {"email": ADA})
    client.post(reverse("account_confirm_login_code"), {"code": code_of(mailoutbox[0]), "next": "/healthz"})
    page = client.get(reverse("account_set_password"))
    assert page.status_code == 200
    assert in_our_look(page)
    client.post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_new_account_must_confirm_its_address(client, mailoutbox):
    answers = {"email": "new@brackenford.example", "password1": PASSWORD, "password2": PASSWORD, "next": "/healthz"}
    client.post(reverse("account_signup"), answers)
    asking = client.get(reverse("account_email_verification_sent"))
    assert asking.status_code == 200
    assert in_our_look(asking)
    client.post(reverse("account_email_verification_sent"), {"code": code_of(mailoutbox[0])}, follow=False)
    assert EmailAddress.objects.get(email="new@brackenford.example").verified


def test_a_second_address_is_added_after_the_password_and_confirmed_and_removed(client, officer, mailoutbox):
    second = "second@brackenford.example"
    stopped = client.post(reverse("account_email"), {"action_add": "1", "email": second})
    assert stopped["Location"].startswith(reverse("account_reauthenticate"))
    client.post(stopped["Location"], {"password": PASSWORD})  # what was stopped goes on by itself
    asking = client.get(reverse("account_email_verification_sent"))
    assert asking.status_code == 200
    assert in_our_look(asking)
    client.post(
        reverse("account_email_verification_sent"), {"code": code_of(mailoutbox[-1]), "next": reverse("account_email")}
    )
    assert sorted(verified_addresses(officer)) == [ADA, second]
    shown = client.get(reverse("account_email")).content.decode()
    assert shown.count(">Confirmed<") == 2
    client.post(reverse("account_email"), {"action_remove": "1", "email": second})
    assert verified_addresses(officer) == [ADA]
    assert f"{second} was removed" in client.get(reverse("account_email")).content.decode()
