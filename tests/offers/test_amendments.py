"""Rules change by registered amendments that two officers record, from their day on; nothing is rewritten."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from common import clock
from common.append_only import AppendOnlyError
from compliance import approvals
from compliance.answers import RuleBroken
from members import allotment, books
from offers import amendments, applications, versions
from offers.models import Application, RuleBook
from payments import checkout
from payments.models import Refund
from tests.factories import applicant, close_and_decide, make_offer, make_society, make_user, paid, person, submit, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def society():
    return make_society()


def values(society, **changes) -> dict:
    return amendments.values_of(amendments.newest(society)) | changes


def amended(society, on=None, **changes) -> RuleBook:
    """An amendment that two officers recorded."""
    said = {"valid_from_on": on or clock.today(), "reference": "CCBS 12", "values": values(society, **changes)}
    amendments.prepare(society, **said, by=make_user())
    return amendments.record(society, by=make_user())


def test_an_amendment_is_another_row_from_its_day_on(society):
    before = versions.rule_book(society, clock.today())
    yesterday = clock.today() - timedelta(days=1)
    book = amended(society, on=yesterday, max_holding_pence=9_000_00, max_holding_rule="7.3")
    assert versions.rule_book(society, yesterday) == book
    assert versions.rule_book(society, yesterday - timedelta(days=1)) == before
    assert (book.max_holding_pence, book.registration_reference, book.admits) == (9_000_00, "CCBS 12", before.admits)
    assert book.recorded_by != book.approved_by
    before.refresh_from_db()
    assert before.max_holding_pence == 100_000_00


def test_a_limit_that_was_lowered_holds_from_its_day_and_quotes_its_rule(society):
    offer = make_offer(society)
    amended(society, max_holding_pence=1_000_00, max_holding_rule="7.3")
    with pytest.raises(RuleBroken) as refusal:
        submit(offer, 1_001_00)
    assert refusal.value.problems[0].message == (
        "The society's rules limit any one holder to £1,000. You can apply for up to £1,000."
    )
    assert refusal.value.problems[0].source == "Rule 7.3 of the society"
    assert submit(offer, 1_000_00).due_pence == 1_000_00


def test_money_for_more_than_the_amended_limit_goes_back(society):
    application = submit(make_offer(society), 2_000_00)
    amended(society, max_holding_pence=1_000_00)
    take(application, 2_000_00)
    application.refresh_from_db()
    assert application.state == "lapsed"
    assert list(Refund.objects.values_list("amount_pence", "rule")) == [(2_000_00, "CAP-2")]
    assert list(books.faults()) == []


def test_nobody_is_sent_to_pay_by_card_for_more_than_the_amended_limit(society, monkeypatch):
    monkeypatch.setattr(checkout.ways, "why_no_cards", lambda offer: None)
    monkeypatch.setattr(checkout.ways, "usable", lambda offer, amount_pence: ["card"])
    monkeypatch.setattr(checkout.gateway, "open_session", lambda **_: pytest.fail("Stripe was asked to charge"))
    application = submit(make_offer(society), 2_000_00, method="card")
    amended(society, max_holding_pence=1_000_00)
    with pytest.raises(RuleBroken, match="CAP-2"):
        checkout.start(application, success_url="http://x/", cancel_url="http://x/")


def test_what_was_paid_and_is_over_the_amended_limit_is_not_allotted_and_goes_back(society):
    """Of two applications of one person the earlier one stands, whoever else is concerned in them."""
    offer, ada = make_offer(society), person()
    small = paid(offer, 600_00, by_whom=applicant(ada))
    joint = paid(offer, 500_00, by_whom=applicant(ada, person(role="joint"), kind="joint"))
    other = paid(offer, 900_00)
    amended(society, max_holding_pence=1_000_00)
    close_and_decide(offer)
    states = {row.pk: row.state for row in Application.objects.all()}
    assert (states[small.pk], states[joint.pk], states[other.pk]) == ("allotted", "refunded", "allotted")
    refund = Refund.objects.get()
    assert (refund.application_id, refund.amount_pence, refund.rule) == (joint.pk, 500_00, "CAP-2")
    assert "The society's rules limit any one holder to £1,000." in refund.reason
    assert list(books.faults()) == []


def test_the_minute_of_such_a_decision_says_why(society):
    offer = make_offer(society)
    paid(offer, 2_000_00)
    amended(society, max_holding_pence=1_000_00)
    with clock.stopped(allotment.earliest(offer) + timedelta(seconds=1)):
        (line,) = allotment.work_out(offer).lines
    assert [(problem.rule, line.allotted_pence) for problem in line.problems] == [("CAP-2", 0)]


def test_one_officer_records_nothing_alone(society):
    ada = make_user()
    amendments.prepare(society, valid_from_on=clock.today(), reference="R1", values=values(society, min_age=18), by=ada)
    with pytest.raises(approvals.NotApproved, match="another officer"):
        amendments.record(society, by=ada)
    assert RuleBook.objects.filter(society=society).count() == 1


def test_nothing_is_recorded_that_nobody_prepared_or_that_was_taken_back(society):
    with pytest.raises(approvals.NotApproved, match="Nothing waits"):
        amendments.record(society, by=make_user())
    amendments.prepare(
        society, valid_from_on=clock.today(), reference="R1", values=values(society, min_age=18), by=make_user()
    )
    amendments.withdraw(society, by=make_user())
    amendments.withdraw(society, by=make_user())  # twice is harmless
    with pytest.raises(approvals.NotApproved, match="Nothing waits"):
        amendments.record(society, by=make_user())


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"valid_from_on": 1}, "valid_from_on", "not valid before it is registered"),
        ({"valid_from_on": -500}, "valid_from_on", "an amendment is registered after that"),
        ({"reference": " "}, "registration_reference", "Enter the reference"),
        ({"max_holding_pence": 100_000_01}, "max_holding_pence", "The law's limit for one person is lower"),
        ({}, None, "Nothing is different"),
    ],
)
def test_what_cannot_be_an_amendment_is_refused_at_its_field(society, changes, field, words):
    said = {"valid_from_on": clock.today(), "reference": "R1"}
    if not changes:
        said["valid_from_on"] = amendments.newest(society).valid_from_on
    if "valid_from_on" in changes:
        said["valid_from_on"] += timedelta(days=changes.pop("valid_from_on"))
    if "reference" in changes:
        said["reference"] = changes.pop("reference")
    with pytest.raises(ValidationError, match=words) as refusal:
        amendments.prepare(society, **said, values=values(society, **changes), by=make_user())
    assert field is None or field in refusal.value.message_dict


def test_what_was_entered_wrongly_is_answered_by_another_row_of_that_day(society):
    amended(society, max_holding_pence=9_000_00)
    book = amended(society, max_holding_pence=8_000_00)
    assert (book.edition, versions.rule_book(society, clock.today()).max_holding_pence) == (2, 8_000_00)
    assert RuleBook.objects.filter(society=society).count() == 3


@pytest.mark.parametrize(
    "statement", ["UPDATE offers_rulebook SET max_holding_pence = 1", "DELETE FROM offers_rulebook"]
)
def test_the_sites_role_cannot_rewrite_rules_by_sql(society, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_nor_does_the_model(society):
    book = amendments.newest(society)
    book.max_holding_pence = 1
    with pytest.raises(AppendOnlyError):
        book.save()
    with pytest.raises(AppendOnlyError):
        RuleBook.objects.filter(society=society).update(max_holding_pence=1)


def test_money_that_lapsed_meanwhile_keeps_the_amended_limit_too(society):
    application = submit(make_offer(society), 2_000_00)
    with clock.stopped(application.pay_by_at + timedelta(seconds=1)):
        applications.lapse(application)
        amended(society, max_holding_pence=1_000_00)
        take(application, 2_000_00)
    assert list(Refund.objects.values_list("amount_pence", "rule")) == [(2_000_00, "CAP-2")]
