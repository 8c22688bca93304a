"""Another name or address on the register: asked by one, approved by another, and the past stays as it was."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from common import clock, exports, outbox
from common.models import OutgoingMail
from compliance import approvals
from compliance.models import Approval
from members import books, details
from members import register as registers
from members.details import Details
from members.models import LedgerEntry, Particulars, PreparedChange
from members.register_acts import Paper
from offers import officers
from offers.choices import OfficerRole
from tests import factories

pytestmark = pytest.mark.django_db
LETTER = Paper(name="letter.pdf", content=b"%PDF-1.7 Dear secretary")


@pytest.fixture
def member():
    offer = factories.make_offer()
    person = factories.person("Ann Reed", email="ann@example.org")
    factories.paid(offer, 1_000_00, by_whom=factories.applicant(person))
    factories.close_and_decide(offer)
    with clock.stopped(offer.decided_at + timedelta(days=3)):
        yield LedgerEntry.objects.get(kind="allotment").member


@pytest.fixture
def sian(member):
    return factories.make_officer(member.society)


@pytest.fixture
def tess(member):
    return factories.make_officer(member.society, OfficerRole.TREASURER)


def other(member, **changes) -> Details:
    return dataclasses.replace(Details.of(details.newest(member)), **changes)


def asked(member, by, **changes) -> Approval:
    given = {"on": clock.today(), "reason": "Her letter of May", "paper": LETTER}
    own = {name: changes.pop(name) for name in ("on", "reason", "paper", "is_members_own") if name in changes}
    return details.ask(member, other(member, **changes), by=by, **given | own)


def on_register(member, on) -> tuple[str, str]:
    rows = exports.rows(registers.statutory(member.society, on=on))
    return next((row["name"], row["postal_address"]) for row in rows if row["member_no"] == member.number)


def test_the_register_says_so_from_its_day_on_and_the_old_stays(member, sian, tess):
    before = clock.today() - timedelta(days=1)
    waits = asked(member, sian, name="Ann Ash", address="9 New Road\nMarlpit")
    assert details.newest(member).name == "Ann Reed"
    row = details.approve(member, approval_id=waits.pk, by=tess)
    assert (row.name, row.address, row.email, row.recorded_by) == (
        "Ann Ash",
        "9 New Road\nMarlpit",
        "ann@example.org",
        tess,
    )
    assert [said.name for said in Particulars.objects.filter(member=member)] == ["Ann Reed", "Ann Ash"]
    assert on_register(member, before) == ("Ann Reed", "2 Low Street, Marlpit")
    assert on_register(member, clock.today()) == ("Ann Ash", "9 New Road, Marlpit")
    assert list(books.faults()) == []


def test_a_member_asks_and_one_officer_approves(member, tess):
    ann = factories.make_user("ann@example.org")
    waits = asked(member, ann, email="ann@new.example", is_members_own=True)
    details.approve(member, approval_id=waits.pk, by=tess)
    outbox.send_due()
    told = {mail.to: mail.text for mail in OutgoingMail.objects.filter(kind="details-changed")}
    assert set(told) == {"ann@example.org", "ann@new.example"}
    assert "your e-mail address" in told["ann@example.org"]
    assert "ann@new.example" not in told["ann@example.org"]


def test_an_officer_does_not_approve_what_they_asked_as_a_member(member, sian):
    waits = asked(member, sian, address="9 New Road", is_members_own=True)
    with pytest.raises(approvals.NotApproved, match="You prepared this"):
        details.approve(member, approval_id=waits.pk, by=sian)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Enter a name"),
        ({"address": " "}, "postal address"),
        ({"email_purposes": ""}, "Choose what"),
        ({"joint_names": "Bo Ash"}, "is a transfer"),
        ({"representative": "Bo Ash"}, "is a transfer"),
        ({}, "says all of this already"),
        ({"on": clock.today() + timedelta(days=400), "address": "x"}, "a day that has come"),
        ({"on": clock.today() - timedelta(days=400), "address": "x"}, "changed on"),
        ({"address": "x", "paper": Paper("a.svg", b"<svg>")}, "PDF, JPEG or PNG"),
        ({"address": "x", "paper": Paper("a.pdf", b"%PDF-" + b" " * 2_000_000)}, "PDF, JPEG or PNG"),
    ],
)
def test_what_the_register_cannot_say_is_refused(member, sian, wrong, words):
    with pytest.raises(ValidationError, match=words):
        asked(member, sian, **wrong)
    assert details.waiting(member) is None


# Seven ways to change it alone.


def test_not_by_the_same_person(member, sian):
    waits = asked(member, sian, address="9 New Road")
    with pytest.raises(approvals.NotApproved, match="You prepared this"):
        details.approve(member, approval_id=waits.pk, by=sian)


def test_not_another_than_was_read(member, sian, tess):
    read = asked(member, sian, address="9 New Road")
    newer = asked(member, sian, address="666 Elsewhere")
    with pytest.raises(approvals.NotApproved, match="no longer waits"):
        details.approve(member, approval_id=read.pk, by=tess)
    first = PreparedChange.objects.get(pk=read.facts["change"])
    assert (first.said, first.paper, first.paper_name) == ({}, None, "")  # what was not done is forgotten
    assert details.asked(newer).said["address"] == "666 Elsewhere"


def test_not_what_changed_after_it_was_prepared(member, sian, tess):
    """The register moved on, or the paper vanished: neither is what the first officer put there."""
    waits = asked(member, sian, address="9 New Road")
    PreparedChange.objects.filter(member=member).update(paper=None)
    with pytest.raises(approvals.NotApproved, match="Something has changed"):
        details.approve(member, approval_id=waits.pk, by=tess)
    details.withdraw(member, by=sian)
    waits = asked(member, sian, address="9 New Road")
    said = Particulars.objects.get(member=member)
    fields = {field.attname: getattr(said, field.attname) for field in said._meta.concrete_fields if field.name != "id"}
    Particulars.objects.create(**fields | {"recorded_at": clock.now()})
    with pytest.raises(approvals.NotApproved, match="Something has changed"):
        details.approve(member, approval_id=waits.pk, by=tess)


def test_not_twice_and_not_what_was_withdrawn(member, sian, tess):
    waits = asked(member, sian, address="9 New Road")
    details.approve(member, approval_id=waits.pk, by=tess)
    with pytest.raises(approvals.NotApproved, match="no longer waits"):
        details.approve(member, approval_id=waits.pk, by=tess)
    again = asked(member, sian, address="10 New Road")
    assert details.withdraw(member, by=tess)
    assert not details.withdraw(member, by=tess)
    with pytest.raises(approvals.NotApproved, match="no longer waits"):
        details.approve(member, approval_id=again.pk, by=tess)
    assert details.newest(member).address == "9 New Road"


def test_not_by_an_officer_of_another_society_or_an_auditor(member, sian):
    waits = asked(member, sian, address="9 New Road")
    stranger = factories.make_officer(factories.make_society(), OfficerRole.TREASURER)
    auditor = factories.make_officer(member.society, OfficerRole.AUDITOR)
    for user in (stranger, auditor):
        with pytest.raises(approvals.NotApproved, match="Only an officer"):
            details.approve(member, approval_id=waits.pk, by=user)
        with pytest.raises(ValidationError, match="Only an officer"):
            asked(member, user, address="10 New Road")


def test_not_after_whoever_prepared_it_left_the_office(member, sian, tess):
    waits = asked(member, sian, address="9 New Road")
    officers.end(officers.serving(member.society_id).get(user=sian), by=tess)
    with pytest.raises(approvals.NotApproved, match="no longer an officer"):
        details.approve(member, approval_id=waits.pk, by=tess)


def test_not_past_the_verbs(member, sian, tess):
    """As the site's own role: what was prepared is not written over, and nobody approves their own."""
    waits = asked(member, sian, address="9 New Road")
    with pytest.raises(DatabaseError, match="approved as it is"), transaction.atomic():
        PreparedChange.objects.filter(member=member).update(said={"address": "666 Elsewhere"})
    with pytest.raises(DatabaseError, match="approval_by_another_person"), transaction.atomic():
        Approval.objects.filter(pk=waits.pk).update(approved_at=clock.now(), approved_by=sian)
    with pytest.raises(DatabaseError), transaction.atomic():
        Particulars.objects.filter(member=member)._raw_delete("default")
    details.approve(member, approval_id=waits.pk, by=tess)
    assert details.newest(member).address == "9 New Road"
