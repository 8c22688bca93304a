"""Four eyes: two people, nothing changed between, once."""

import uuid

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from common import clock
from compliance import approvals
from compliance.models import Approval
from tests.factories import make_society, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def act():
    return {"society_id": make_society().pk, "act": Approval.DECIDE, "subject_id": uuid.uuid4()}


def test_two_people_and_the_same_facts_make_an_approval_that_is_used_once(act):
    approvals.prepare(**act, facts={"sum": 1}, by=make_user())
    approvals.approve(**act, facts={"sum": 1}, by=make_user())
    assert approvals.use(**act, facts={"sum": 1}).used_at is not None
    with pytest.raises(approvals.NotApproved, match="A second officer has not approved"):
        approvals.use(**act, facts={"sum": 1})


def test_the_same_person_may_not_approve(act):
    ada = make_user()
    approvals.prepare(**act, facts={}, by=ada)
    with pytest.raises(approvals.NotApproved, match="another officer"):
        approvals.approve(**act, facts={}, by=ada)


def test_nothing_is_used_before_somebody_approved(act):
    approvals.prepare(**act, facts={}, by=make_user())
    with pytest.raises(approvals.NotApproved):
        approvals.use(**act, facts={})


def test_other_facts_at_the_approval_or_at_the_act_are_refused(act):
    approvals.prepare(**act, facts={"sum": 1}, by=make_user())
    with pytest.raises(approvals.NotApproved, match="changed since this was prepared"):
        approvals.approve(**act, facts={"sum": 2}, by=make_user())
    approvals.approve(**act, facts={"sum": 1}, by=make_user())
    with pytest.raises(approvals.NotApproved, match="changed since this was approved"):
        approvals.use(**act, facts={"sum": 2})


def test_preparing_anew_voids_what_was_approved(act):
    approvals.prepare(**act, facts={"sum": 1}, by=make_user())
    approvals.approve(**act, facts={"sum": 1}, by=make_user())
    approvals.prepare(**act, facts={"sum": 2}, by=make_user())
    with pytest.raises(approvals.NotApproved):
        approvals.use(**act, facts={"sum": 1})
    rows = Approval.objects.order_by("prepared_at", "id")
    assert [row.voided_at is None for row in rows] == [False, True]


def test_preparing_the_same_twice_is_one_approval(act):
    ada = make_user()
    assert approvals.prepare(**act, facts={}, by=ada) == approvals.prepare(**act, facts={}, by=ada)


def test_nobody_approves_what_nobody_prepared(act):
    with pytest.raises(approvals.NotApproved, match="Nothing waits"):
        approvals.approve(**act, facts={}, by=make_user())


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def test_the_table_refuses_what_the_verbs_would_not_do(act):
    """One person, a changed fact, a second approver, an end to the row: each refused by constraint or trigger."""
    ada, ben = make_user(), make_user()
    row = approvals.prepare(**act, facts={"sum": 1}, by=ada)
    rows = Approval.objects.filter(pk=row.pk)
    now = clock.now()
    assert refused(lambda: rows.update(approved_by=ada, approved_at=now))
    assert refused(lambda: rows.update(approved_by=ben))
    assert refused(lambda: rows.update(used_at=now))
    approvals.approve(**act, facts={"sum": 1}, by=ben)
    assert refused(lambda: rows.update(approved_by=make_user()))


@pytest.mark.parametrize("change", [{"facts": {"sum": 9}}, {"facts_sha256": "0" * 64}, {"subject_id": uuid.uuid4()}])
def test_what_was_prepared_cannot_be_rewritten(act, change):
    row = approvals.prepare(**act, facts={"sum": 1}, by=make_user())
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        Approval.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError, match="Cannot delete rows"), transaction.atomic():
        Approval.objects.filter(pk=row.pk).delete()
