"""Files of refunds for the bank: two people and one hash, nothing twice, nothing after a change."""

import csv
import hashlib
import io
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from common import clock, money
from compliance import approvals
from payments import bank_files, batches, by_hand, own_account, payees, refunds
from payments.bank_files import for_banks
from payments.models import Refund, RefundBatch, RefundBatchLine
from tests.factories import applicant, make_offer, make_society, make_user, paid, person

pytestmark = pytest.mark.django_db
OWN = {"bank_name": "Marlpit Shop", "bank_sort_code": "20-00-00", "bank_account": "12345678"}


def working_day() -> date:
    day = clock.today()
    return next(day + timedelta(days=n) for n in range(3) if (day + timedelta(days=n)).weekday() < 5)


@pytest.fixture
def society():
    return make_society(**OWN)


def owed(society, amount_pence=500_00, name="Ada Person", **bank) -> Refund:
    application = paid(make_offer(society), amount_pence, by_whom=applicant(person(name)))
    row = refunds.owe_all(application, rule="OFF-2", reason="Failed.")[0]
    details = {"account_name": name, "sort_code": "309430", "account_number": "00733445"}
    payees.give(application, **details | bank)
    return row


def prepare(society, rows, by=None, **more):
    fields = {"bank_format": "bacs-csv", "pay_on": working_day(), "by": by or make_user()}
    return batches.prepare(society, refund_ids=[row.pk for row in rows], **fields | more)


def states(rows) -> list[str]:
    return [Refund.objects.get(pk=row.pk).state for row in rows]


def test_a_file_is_prepared_approved_sent_and_done(society):
    rows, tess, sam = [owed(society), owed(society, 250_00)], make_user(), make_user()
    batch = prepare(society, rows, tess)
    content = batches.file_of(batch)
    assert (batch.number, batch.total_pence, batch.file_sha256) == (1, 750_00, hashlib.sha256(content).hexdigest())
    with pytest.raises(approvals.NotApproved, match="second officer"):
        batches.mark_sent(batch, by=sam)
    with pytest.raises(approvals.NotApproved, match="another officer"):
        batches.approve(batch, by=tess)
    assert states(rows) == ["due", "due"]
    batches.approve(batch, by=sam)
    assert batches.mark_sent(batch, by=tess).state == "sent"
    assert batches.mark_sent(batch, by=tess).state == "sent"
    assert states(rows) == ["sent", "sent"]
    with pytest.raises(ValidationError, match="cannot be given up"):
        batches.give_up(batch, by=tess)
    assert batches.finish(batch, by=tess).state == "done"
    assert batches.finish(batch, by=sam).ended_by == tess
    assert states(rows) == ["done", "done"]
    assert list(batches.payable(society)) == []


def test_bank_details_that_change_make_the_approval_void(society):
    row = owed(society)
    batch = prepare(society, [row])
    batches.approve(batch, by=make_user())
    assert batches.is_unchanged(batch)
    payees.give(row.application, account_name="Eve", sort_code="111111", account_number="22222222")
    assert not batches.is_unchanged(batch)
    with pytest.raises(approvals.NotApproved, match="changed since this was approved"):
        batches.mark_sent(batch, by=make_user())
    assert states([row]) == ["due"]
    batches.give_up(batch, by=make_user())
    again = prepare(society, [row])
    with pytest.raises(approvals.NotApproved):
        batches.mark_sent(again, by=make_user())


def test_a_change_of_the_societys_own_account_makes_it_void_too(society):
    batch = prepare(society, [owed(society)])
    said = {"account_name": "Marlpit Shop", "sort_code": "20-00-00", "account_number": "87654321"}
    waits = own_account.prepare(society, **said, by=make_user())
    own_account.change(society, approval_id=waits.pk, by=make_user())
    with pytest.raises(approvals.NotApproved, match="changed since this was prepared"):
        batches.approve(batch, by=make_user())


def test_a_refund_stands_in_one_file_at_a_time(society):
    row = owed(society)
    batch = prepare(society, [row])
    with pytest.raises(ValidationError, match="Choose at least one"):
        prepare(society, [row])
    with pytest.raises(ValidationError, match="can no longer go"):
        prepare(society, [row, owed(society)])
    with pytest.raises(ValidationError, match="stands in a file"):
        by_hand.prepare(row, how="cheque", note="1", by=make_user())
    line = RefundBatchLine.objects.get()
    other = prepare(society, [owed(society)])
    copy = {"society": society, "batch": other, "position": 2, "refund": row, "amount_pence": 500_00}
    with pytest.raises(DatabaseError, match="batch_line_refund_once"), transaction.atomic():
        RefundBatchLine.objects.create(payee_version=1, **copy)
    batches.give_up(batch, by=make_user())
    line.refresh_from_db()
    assert line.state == "given-up"
    assert prepare(society, [row]).number == 3


def test_what_is_prepared_by_hand_goes_into_no_file(society):
    row = owed(society)
    by_hand.prepare(row, how="cheque", note="1", by=make_user())
    assert list(batches.payable(society)) == []
    with pytest.raises(ValidationError):
        prepare(society, [row])


def test_what_the_bank_sends_back_fails_and_may_go_into_another_file(society):
    rows = [owed(society), owed(society, 250_00)]
    batch = prepare(society, rows)
    batches.approve(batch, by=make_user())
    first, second = batches.lines_of(batch)
    with pytest.raises(ValidationError, match="has not been sent"):
        batches.sent_back(first, by=make_user())
    batches.mark_sent(batch, by=make_user())
    batches.sent_back(first, by=make_user())
    batches.finish(batch, by=make_user())
    assert states(rows) == ["failed", "done"]
    batches.sent_back(second, by=make_user())  # days later
    batches.sent_back(second, by=make_user())
    assert states(rows) == ["failed", "failed"]
    assert set(batches.payable(society)) == set(rows)
    again = prepare(society, rows)
    batches.approve(again, by=make_user())
    batches.mark_sent(again, by=make_user())
    assert states(rows) == ["sent", "sent"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"pay_on": date(2020, 1, 1)}, "working day"),
        ({"pay_on": date(2199, 12, 28)}, "working day"),  # a Saturday
    ],
)
def test_a_file_that_cannot_be_says_why(society, more, words):
    with pytest.raises(ValidationError, match=words):
        prepare(society, [owed(society)], **more)
    assert not RefundBatch.objects.exists()


def test_without_the_societys_own_account_there_is_no_file():
    society = make_society()
    with pytest.raises(ValidationError, match="own bank account is missing"):
        prepare(society, [owed(society)])


def test_refunds_of_another_society_are_not_payable(society):
    other = make_society(**OWN)
    with pytest.raises(ValidationError, match="Choose at least one"):
        prepare(society, [owed(other)])


def test_lloyds_takes_25_at_most(society, monkeypatch):
    monkeypatch.setattr(bank_files.lloyds_csv, "MOST", 1)
    with pytest.raises(ValidationError, match="at most 1 payments"):
        prepare(society, [owed(society), owed(society)], bank_format="lloyds-csv")


def test_the_bacs_file_has_the_columns_that_banks_ask_for(society):
    row = owed(society, 1_234_50 // 100 * 100, name="Zoë O’Brien-Smith of Ashwell, Esq", roll_number="R/12-3")
    text = batches.file_of(prepare(society, [row], pay_on=date(2199, 12, 27))).decode("ascii")
    assert text.endswith("\r\n")
    assert next(csv.reader(io.StringIO(text))) == [
        "309430", "00733445", "ZOE OBRIEN-SMITH O", "1234.00", "99", "200000", "12345678", "MARLPIT SHOP", "R/12-3",
        "27/12/2199",
    ]  # fmt: skip


def test_the_lloyds_file_has_a_head_a_debit_and_credits(society):
    rows = [owed(society), owed(society, 250_00)]
    lines = batches.file_of(prepare(society, rows, bank_format="lloyds-csv", pay_on=date(2199, 12, 27))).decode()
    head, debit, *credits = list(csv.reader(io.StringIO(lines)))
    assert head == ["H", "21991227", "REFUNDS 1", "2", "750.00"]
    assert debit == ["D", "REFUNDS 1", "20000012345678"]
    reference = f"{rows[0].application.reference[:3]}-{rows[0].application.reference[3:]}"
    assert credits[0] == ["C", "ADA PERSON", "00733445", "309430", reference, "500.00", "N", "21991227"]


def test_the_xml_file_adds_up_and_names_every_account(society):
    rows = [owed(society), owed(society, 250_00)]
    batch = prepare(society, rows, bank_format="pain.001")
    root = ET.fromstring(batches.file_of(batch))
    names = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}

    def every(path: str) -> list[str]:
        return [found.text for found in root.findall(f".//p:{path}", names)]

    assert every("GrpHdr/p:NbOfTxs") == every("PmtInf/p:NbOfTxs") == ["2"]
    assert every("GrpHdr/p:CtrlSum") == every("PmtInf/p:CtrlSum") == ["750.00"]
    assert sum(money.pence(amount) for amount in every("InstdAmt")) == batch.total_pence
    assert every("CdtrAgt//p:MmbId") == ["309430", "309430"]
    assert every("CdtrAcct//p:Othr/p:Id") == ["00733445", "00733445"]
    assert every("DbtrAcct//p:Othr/p:Id") == ["12345678"]
    assert every("EndToEndId") == [row.pk.hex for row in rows]


@pytest.mark.parametrize("bank_format", bank_files.FORMATS)
def test_a_file_is_the_same_bytes_each_time(society, bank_format):
    batch = prepare(society, [owed(society), owed(society)], bank_format=bank_format)
    assert batches.file_of(batch) == batches.file_of(RefundBatch.objects.get(pk=batch.pk))


@pytest.mark.parametrize(
    ("text", "width", "said"),
    [
        ("Łukasz Ó Súilleabháin", 40, "LUKASZ O SUILLEABHAIN"),
        ("=cmd|' /c calc'!A1", 18, "CMD /C CALC A1"),
        ('Jones, Smith & Co. "The Shop"\r\n', 40, "JONES SMITH & CO. THE SHOP"),
        ("Straße/1-2", 18, "STRASSE/1-2"),
        ("李小龍", 18, ""),
    ],
)
def test_names_are_written_in_the_letters_that_banks_know(text, width, said):
    assert for_banks(text, width) == said
