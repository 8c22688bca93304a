"""Two officers at the same moment on one member's row: an act of two is done once, and a freeze is never passed."""

import dataclasses
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from common import clock
from compliance import approvals
from members import books, corrections, details, freezes, holdings
from members.models import Freeze, FreezeEnd, LedgerEntry, Particulars
from tests.concurrency.threads import at_once
from tests.factories import make_officer, make_society

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def entry():
    return LedgerEntry.objects.filter(society=make_society(), kind="founding").first()


@pytest.fixture
def member(entry):
    return entry.member


def officers_of(member, number: int) -> list:
    return [make_officer(member.society) for _ in range(number)]


def refusals(results) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def test_of_two_who_approve_a_change_one_does_it(member):
    one, *others = officers_of(member, 3)
    told = dataclasses.replace(details.Details.of(details.newest(member)), name="Ann Ash")
    waits = details.ask(member, told, on=clock.today(), reason="Letter", by=one)
    results = at_once(*(partial(details.approve, member, approval_id=waits.pk, by=by) for by in others))
    assert refusals(results) == [approvals.NotApproved]
    assert Particulars.objects.filter(member=member).count() == 2
    assert list(books.faults()) == []


def test_of_two_who_freeze_one_does_and_of_two_who_end_it_one_does(member):
    one, *others = officers_of(member, 3)
    again = partial(freezes.freeze, member, ground=Freeze.DEATH, reason="Told", by=one)
    assert refusals(at_once(again, again)) == [ValidationError]
    found = Freeze.objects.get()
    waits = freezes.prepare_end(found, reason="Settled", by=one)
    results = at_once(*(partial(freezes.end, found, approval_id=waits.pk, by=by) for by in others))
    assert refusals(results) == [ValidationError]
    assert FreezeEnd.objects.count() == 1


def test_shares_that_leave_while_the_holding_is_frozen_were_gone_before_or_stay(member, entry):
    (one,) = officers_of(member, 1)
    frozen, gone = at_once(
        partial(freezes.freeze, member, ground=Freeze.DEATH, reason="Told", by=one),
        partial(corrections.correct, entry, reason="Wrong", by=one),
    )
    assert isinstance(frozen, Freeze)
    if isinstance(gone, LedgerEntry):
        assert gone.recorded_at <= frozen.frozen_at
    else:
        assert isinstance(gone, ValidationError)
        assert holdings.shares(member) == 1
