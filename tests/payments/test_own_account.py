"""The society's own bank account: entered by one officer, approved by another as they read it, told to all."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from common import outbox
from common.models import AuditEvent, OutgoingMail
from compliance import approvals
from offers.choices import OfficerRole
from payments import own_account
from tests.factories import make_officer, make_society

pytestmark = pytest.mark.django_db
SAID = {"account_name": "Marlpit Shop", "sort_code": "20 00 00", "account_number": "1234567"}
STANDS = {"account_name": "Marlpit Shop", "sort_code": "20-00-00", "account_number": "01234567"}
OTHER = {"account_name": "Marlpit Shop", "sort_code": "309430", "account_number": "00733445"}


@pytest.fixture
def society():
    return make_society()


@pytest.fixture
def tess(society):
    return make_officer(society, OfficerRole.TREASURER)


@pytest.fixture
def sian(society):
    return make_officer(society)


def now(society) -> dict:
    society.refresh_from_db()
    return own_account.current(society)


def changed(society, said: dict, *, by, then) -> None:
    own_account.change(society, approval_id=own_account.prepare(society, **said, by=by).pk, by=then)


def test_it_holds_once_another_officer_has_approved_it(society, tess, sian):
    waits = own_account.prepare(society, **SAID, by=tess)
    assert set(now(society).values()) == {""}
    own_account.change(society, approval_id=waits.pk, by=sian)
    assert now(society) == STANDS
    assert own_account.waiting(society) is None
    acts = AuditEvent.objects.filter(society=society, act__startswith="own-account").values_list("act", "actor")
    assert {("own-account.prepare", tess.pk), ("own-account.change", sian.pk)} <= set(acts)


def test_nobody_approves_their_own(society, tess):
    waits = own_account.prepare(society, **SAID, by=tess)
    with pytest.raises(approvals.NotApproved, match="You prepared this"):
        own_account.change(society, approval_id=waits.pk, by=tess)
    assert set(now(society).values()) == {""}


def test_what_is_approved_is_what_was_read(society, tess, sian):
    """Another account is put in its place between the second officer's reading and their button."""
    read = own_account.prepare(society, **SAID, by=tess)
    own_account.prepare(society, **OTHER, by=tess)
    with pytest.raises(approvals.NotApproved, match="no longer waits"):
        own_account.change(society, approval_id=read.pk, by=sian)
    assert set(now(society).values()) == {""}


def test_a_second_press_and_a_withdrawn_one_change_nothing(society, tess, sian):
    waits = own_account.prepare(society, **SAID, by=tess)
    own_account.change(society, approval_id=waits.pk, by=sian)
    with pytest.raises(approvals.NotApproved):
        own_account.change(society, approval_id=waits.pk, by=sian)
    again = own_account.prepare(society, **OTHER, by=tess)
    assert own_account.withdraw(society, by=sian)
    assert not own_account.withdraw(society, by=sian)
    with pytest.raises(approvals.NotApproved):
        own_account.change(society, approval_id=again.pk, by=sian)
    assert now(society) == STANDS


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"account_name": "  "}, "Enter the name"),
        ({"account_name": "店"}, "letters A to Z"),
        ({"sort_code": "2000"}, "valid sort code"),
        ({"account_number": "12"}, "between 6 and 8"),
    ],
)
def test_what_cannot_be_an_account_is_refused(society, tess, wrong, words):
    with pytest.raises(ValidationError, match=words):
        own_account.prepare(society, **SAID | wrong, by=tess)
    assert own_account.waiting(society) is None


def test_what_stands_already_is_no_change(society, tess, sian):
    changed(society, SAID, by=tess, then=sian)
    with pytest.raises(ValidationError, match="stands here already"):
        own_account.prepare(society, **SAID, by=tess)


def test_every_officer_is_told_of_both_and_once_each(society, tess, sian):
    make_officer(society, OfficerRole.AUDITOR)
    make_officer(society, OfficerRole.BOARD, tess)  # two offices, one letter
    waits = own_account.prepare(society, **SAID, by=tess)
    own_account.prepare(society, **SAID, by=tess)  # the button pressed twice
    outbox.send_due()
    prepared = OutgoingMail.objects.filter(kind="own-account-prepared")
    assert prepared.count() == 3
    for words in ("20-00-00", "01234567", f"/office/{society.slug}/money/own-account/", "telephone the other officers"):
        assert words in prepared.get(to=sian.email).text
    own_account.change(society, approval_id=waits.pk, by=sian)
    changed(society, OTHER, by=sian, then=tess)
    outbox.send_due()
    told = OutgoingMail.objects.filter(kind="own-account-changed", to=tess.email).order_by("due_at")
    assert told.count() == 2
    assert "Before it was" not in told[0].text
    assert "Before it was 20-00-00, 01234567." in told[1].text
    assert f"{sian} prepared it and {tess} approved it" in told[1].text


def test_the_table_refuses_what_two_did_not_approve_and_what_they_approved_once(society, tess, sian):
    changed(society, SAID, by=tess, then=sian)
    changed(society, OTHER, by=tess, then=sian)
    for said in (("20-00-00", "01234567"), ("11-11-11", "22222222"), ("", "")):
        society.bank_sort_code, society.bank_account = said
        with pytest.raises(DatabaseError, match="two officers change"), transaction.atomic():
            society.save()
    assert now(society)["account_number"] == "00733445"
