"""The account of an e-mail address: made once, without a password, and proving nothing by itself."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from members import accounts
from members.models import User

pytestmark = pytest.mark.django_db


def test_an_account_is_made_once_in_any_case_and_without_a_password():
    made = accounts.account_for(" Ada@Example.org ", name="Ada " * 80)
    again = accounts.account_for("ada@example.org", name="Somebody else")
    assert made == again == User.objects.get()
    assert not made.has_usable_password()
    assert len(User.objects.get().name) == 200
    assert accounts.verified_addresses(made) == []
    assert EmailAddress.objects.get().primary


def test_without_an_address_there_is_none():
    assert accounts.account_for("  ") is None
    assert not User.objects.exists()


def test_one_that_somebody_made_at_this_moment_stands():
    """Nothing is looked for first: the row that is there wins, whoever wrote it."""
    made = accounts.account_for("ada@example.org", name="Ada")
    assert accounts.account_for("ada@example.org", name="Another") == made
    assert EmailAddress.objects.count() == 1
    assert User.objects.get().name == "Ada"


def test_two_statements_make_one_and_two_find_one(django_assert_num_queries):
    for _time in ("made", "found"):
        with django_assert_num_queries(2 + 2):  # and a savepoint
            accounts.account_for("ada@example.org")
