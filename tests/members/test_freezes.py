"""A frozen holding: no share leaves it by any way, one officer begins it, two end it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from compliance import approvals
from compliance.models import Approval
from members import books, corrections, freezes
from members.models import Freeze, FreezeEnd, LedgerEntry, Member
from offers import officers
from offers.choices import OfficerRole
from tests import factories

pytestmark = pytest.mark.django_db
SAID = {"ground": Freeze.DISPUTE, "reason": "A letter of her sister's solicitor"}


@pytest.fixture
def member():
    offer = factories.make_offer()
    factories.paid(offer, 1_000_00, by_whom=factories.applicant(factories.person("Ann Reed")))
    factories.close_and_decide(offer)
    return LedgerEntry.objects.get(kind="allotment").member


@pytest.fixture
def sian(member):
    return factories.make_officer(member.society)


@pytest.fixture
def tess(member):
    return factories.make_officer(member.society, OfficerRole.TREASURER)


@pytest.fixture
def frozen(member, sian):
    return freezes.freeze(member, **SAID, by=sian)


def ended(found, *, by, then):
    return freezes.end(found, approval_id=freezes.prepare_end(found, reason="Settled", by=by).pk, by=then)


def test_no_share_leaves_it_and_shares_may_again_once_two_ended_it(member, frozen, sian, tess):
    entry = LedgerEntry.objects.get(kind="allotment")
    with pytest.raises(ValidationError, match="frozen since"):
        corrections.correct(entry, reason="Entered twice", by=sian)
    end = ended(frozen, by=sian, then=tess)
    assert (end.reason, end.ended_by, end.approval.prepared_by) == ("Settled", tess, sian)
    assert not freezes.standing(member).exists()
    corrections.correct(entry, reason="Entered twice", by=sian)
    assert list(books.faults()) == []


def test_the_ledger_itself_refuses_where_a_verb_forgot_to_ask(frozen, sian, monkeypatch):
    monkeypatch.setattr(freezes, "refuse_frozen", lambda member: None)
    with pytest.raises(DatabaseError, match="no share leaves a holding that is frozen"), transaction.atomic():
        corrections.correct(LedgerEntry.objects.get(kind="allotment"), reason="Entered twice", by=sian)
    assert list(books.faults()) == []


def test_a_freeze_is_begun_by_an_officer_of_the_society_once_for_each_ground(member, frozen, sian):
    with pytest.raises(ValidationError, match="frozen for this already"):
        freezes.freeze(member, **SAID, by=sian)
    freezes.freeze(member, **SAID | {"ground": Freeze.DEATH}, by=sian)
    with pytest.raises(ValidationError, match="Say why"):
        freezes.freeze(member, ground=Freeze.ORDER, reason=" ", by=sian)
    auditor = factories.make_officer(member.society, OfficerRole.AUDITOR)
    stranger = factories.make_officer(factories.make_society())
    for user in (auditor, stranger):
        with pytest.raises(ValidationError, match="Only an officer"):
            freezes.freeze(member, ground=Freeze.ORDER, reason="x", by=user)
    assert freezes.standing(member).count() == 2


# Seven ways to end it alone.


def test_not_by_the_same_person(frozen, sian):
    with pytest.raises(approvals.NotApproved, match="You prepared this"):
        ended(frozen, by=sian, then=sian)


def test_not_when_another_reason_was_put_in_its_place(frozen, sian, tess):
    read = freezes.prepare_end(frozen, reason="The court says so", by=sian)
    freezes.prepare_end(frozen, reason="I want it", by=sian)
    with pytest.raises(approvals.NotApproved, match="no longer waits"):
        freezes.end(frozen, approval_id=read.pk, by=tess)


def test_not_twice(frozen, sian, tess):
    read = freezes.prepare_end(frozen, reason="Settled", by=sian)
    freezes.end(frozen, approval_id=read.pk, by=tess)
    with pytest.raises(ValidationError, match="ended already"):
        freezes.end(frozen, approval_id=read.pk, by=tess)
    assert FreezeEnd.objects.count() == 1


def test_not_what_was_withdrawn(frozen, sian, tess):
    read = freezes.prepare_end(frozen, reason="Settled", by=sian)
    assert freezes.withdraw_end(frozen, by=sian)
    assert not freezes.withdraw_end(frozen, by=sian)
    with pytest.raises(approvals.NotApproved, match="no longer waits"):
        freezes.end(frozen, approval_id=read.pk, by=tess)


def test_not_by_an_officer_of_another_society_or_an_auditor(frozen, sian):
    stranger = factories.make_officer(factories.make_society(), OfficerRole.TREASURER)
    auditor = factories.make_officer(frozen.society, OfficerRole.AUDITOR)
    for user in (stranger, auditor):
        with pytest.raises(approvals.NotApproved, match="Only an officer"):
            ended(frozen, by=sian, then=user)
        with pytest.raises(ValidationError, match="Only an officer"):
            freezes.prepare_end(frozen, reason="x", by=user)


def test_not_after_whoever_prepared_it_left_the_office(frozen, sian, tess):
    read = freezes.prepare_end(frozen, reason="Settled", by=sian)
    officers.end(officers.serving(frozen.society_id).get(user=sian), by=tess)
    with pytest.raises(approvals.NotApproved, match="no longer an officer"):
        freezes.end(frozen, approval_id=read.pk, by=tess)
    assert Approval.objects.get(pk=read.pk).used_at is None


def test_not_past_the_verbs(member, frozen, sian, tess):
    """As the site's own role: without an approval, with one that was not used, with that of another freeze."""
    other = freezes.freeze(member, **SAID | {"ground": Freeze.ORDER}, by=sian)
    used = ended(other, by=sian, then=tess).approval
    open_one = freezes.prepare_end(frozen, reason="Settled", by=sian)
    for approval in (used, open_one):
        row = FreezeEnd(
            society=frozen.society, freeze=frozen, approval=approval, reason="x", ended_at=frozen.frozen_at,
            ended_by=sian,
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="two officers end a freeze"), transaction.atomic():
            row.save()
    assert Member.objects.get(pk=member.pk).freezes.filter(end=None).get() == frozen
