"""Files of refunds for the bank: prepared by one officer, approved by another by the file's hash, sent, and done.

Lock order: the society's row, then refunds by id, then lines. A refund stands in one file at a time.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from common import audit, clock, references
from compliance import approvals
from compliance.models import Approval
from offers.models import Society
from payments import bank_details, bank_files, looking_after, refunds
from payments.bank_files import Payer, Payment
from payments.choices import BatchState, LineState, RefundState, RefundWay
from payments.models import PayeeAccount, Refund, RefundBatch, RefundBatchLine

IN_A_FILE = (LineState.LIVE, LineState.DONE)
SATURDAY = 5


def payable(society: Society) -> QuerySet[Refund]:
    """Refunds that a file could pay now: due from the society, in no file, not prepared by hand, an account given."""
    lines = RefundBatchLine.objects.filter(society=society, refund=OuterRef("pk"), state__in=IN_A_FILE)
    by_hand = Approval.objects.filter(
        society=society, act=Approval.REFUND_BY_HAND, subject_id=OuterRef("pk"), used_at=None, voided_at=None
    )
    accounts = PayeeAccount.objects.filter(society=society, application=OuterRef("application"))
    return Refund.objects.filter(
        ~Exists(lines),
        ~Exists(by_hand),
        Exists(accounts),
        society=society,
        way=RefundWay.SOCIETY,
        state__in=[RefundState.DUE, RefundState.FAILED],
    ).order_by("due_at", "id")


def own_account(society: Society) -> tuple[str, str]:
    """The society's own sort code and account number; ValidationError where they are missing or wrong."""
    try:
        return bank_details.sort_code(society.bank_sort_code), bank_details.account_number(society.bank_account)
    except ValidationError as wrong:
        raise ValidationError(
            _("The society’s own bank account is missing. A treasurer or secretary can enter it under “Money”.")
        ) from wrong


@transaction.atomic
def prepare(society: Society, *, refund_ids: Collection[uuid.UUID], bank_format: str, pay_on: date, by) -> RefundBatch:
    """Put refunds into a new file and put it before another officer. ValidationError says why not.

    Every refund must still be payable; if one is not, nothing is written.
    """
    society = Society.objects.select_for_update(no_key=True).get(pk=society.pk)
    own_account(society)
    if pay_on < clock.today() or pay_on.weekday() >= SATURDAY:
        raise ValidationError(_("The day of payment must be a working day, today or later."))
    wanted = set(refund_ids)
    locked = Refund.objects.select_for_update(no_key=True, of=("self",)).filter(society=society, pk__in=wanted)
    list(locked.order_by("pk"))
    rows = list(payable(society).filter(pk__in=wanted).select_related("application__payee"))
    if not rows:
        raise ValidationError(_("Choose at least one refund."))
    if len(rows) < len(wanted):
        raise ValidationError(_("One of these refunds can no longer go into a file. Look at the list again."))
    if len(rows) > bank_files.most(bank_format):
        words = _("A file of this kind holds at most %(most)s payments. Choose fewer, or another kind.")
        raise ValidationError(words % {"most": bank_files.most(bank_format)})
    last = RefundBatch.objects.filter(society=society).aggregate(last=Max("number"))["last"] or 0
    batch = RefundBatch(
        society=society,
        number=last + 1,
        bank_format=bank_format,
        pay_on=pay_on,
        total_pence=sum(row.amount_pence for row in rows),
        prepared_at=clock.now(),
        prepared_by=by,
    )
    batch.file_sha256 = _sha256(_content(batch, society, rows))
    batch.save()
    _write_lines(batch, rows)
    audit.note("refund-batch.prepare", society_id=society.pk, subject_id=batch.pk, by=by, **_facts(batch))
    approvals.prepare(society_id=society.pk, act=Approval.REFUND_BATCH, subject_id=batch.pk, facts=_facts(batch), by=by)
    return batch


def _write_lines(batch: RefundBatch, rows: list[Refund]) -> None:
    RefundBatchLine.objects.bulk_create(
        RefundBatchLine(
            society_id=batch.society_id,
            batch=batch,
            position=position,
            refund=row,
            amount_pence=row.amount_pence,
            payee_version=row.application.payee.version,
        )
        for position, row in enumerate(rows, start=1)
    )


def lines_of(batch: RefundBatch) -> QuerySet[RefundBatchLine]:
    """The lines in order, each with its refund and its payee."""
    rows = RefundBatchLine.objects.filter(society_id=batch.society_id, batch=batch)
    return rows.select_related("refund__application__payee", "refund__receipt").order_by("position")


def file_of(batch: RefundBatch) -> bytes:
    """The file as it would be written now. It is the one that was approved only if its hash is (`is_unchanged`)."""
    society = Society.objects.get(pk=batch.society_id)
    return _content(batch, society, [line.refund for line in lines_of(batch)])


def is_unchanged(batch: RefundBatch, content: bytes | None = None) -> bool:
    """Whether the file is still, byte for byte, the one that was prepared."""
    return _sha256(file_of(batch) if content is None else content) == batch.file_sha256


def _content(batch: RefundBatch, society: Society, rows: list[Refund]) -> bytes:
    sort_code, account_number = own_account(society)
    payer = Payer(
        name=society.bank_name or society.registered_name,
        sort_code=sort_code,
        account_number=account_number,
        file_number=batch.number,
        pay_on=batch.pay_on,
        made_at=batch.prepared_at,
    )
    return bank_files.write(batch.bank_format, payer, [_payment(row) for row in rows])


def _payment(row: Refund) -> Payment:
    """A building society finds the account by the roll number, so that stands in place of our reference."""
    payee = row.application.payee
    return Payment(
        name=payee.account_name,
        sort_code=payee.sort_code,
        account_number=payee.account_number,
        amount_pence=row.amount_pence,
        reference=payee.roll_number or references.shown(row.application.reference),
        mark=row.pk.hex,
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _facts(batch: RefundBatch, sha256: str = "") -> dict:
    return {
        "number": batch.number,
        "format": batch.bank_format,
        "pay_on": batch.pay_on.isoformat(),
        "total_pence": batch.total_pence,
        "file_sha256": sha256 or batch.file_sha256,
    }


def approval(batch: RefundBatch) -> Approval | None:
    """What waits for a second officer, was approved, or stands behind what was sent; for showing."""
    rows = Approval.objects.filter(society_id=batch.society_id, act=Approval.REFUND_BATCH, subject_id=batch.pk)
    return rows.filter(voided_at=None).select_related("prepared_by", "approved_by").first()


def _lock(batch: RefundBatch) -> RefundBatch:
    Society.objects.select_for_update(no_key=True).get(pk=batch.society_id)
    row = RefundBatch.objects.select_for_update(no_key=True).get(pk=batch.pk, society_id=batch.society_id)
    refund_ids = RefundBatchLine.objects.filter(society_id=row.society_id, batch=row).values("refund_id")
    locked = Refund.objects.select_for_update(no_key=True).filter(society_id=row.society_id, pk__in=refund_ids)
    list(locked.order_by("pk").values_list("pk"))
    return row


@transaction.atomic
def approve(batch: RefundBatch, *, by) -> Approval:
    """Another officer approves the file that they have before them; approvals.NotApproved says why not."""
    row = _lock(batch)
    if row.state != BatchState.PREPARED:
        raise approvals.NotApproved(_("This file no longer waits for approval."))
    given = approvals.approve(
        society_id=row.society_id, act=Approval.REFUND_BATCH, subject_id=row.pk,
        facts=_facts(row, _sha256(file_of(row))), by=by,
    )  # fmt: skip
    audit.note("refund-batch.approve", society_id=row.society_id, subject_id=row.pk, by=by, **_facts(row))
    return given


@transaction.atomic
def mark_sent(batch: RefundBatch, *, by) -> RefundBatch:
    """The approved file has been given to the bank: its refunds are on their way. Twice is harmless.

    approvals.NotApproved unless a second officer approved this very file.
    """
    row = _lock(batch)
    if row.state in (BatchState.SENT, BatchState.DONE):
        return row
    approvals.use(
        society_id=row.society_id, act=Approval.REFUND_BATCH, subject_id=row.pk,
        facts=_facts(row, _sha256(file_of(row))),
    )  # fmt: skip
    now = clock.now()
    row.state, row.sent_at, row.sent_by = BatchState.SENT, now, by
    row.save(update_fields=["state", "sent_at", "sent_by"])
    for line in lines_of(row):
        refund = line.refund
        if refund.state == RefundState.FAILED:
            refund.state = RefundState.DUE
            refund.save(update_fields=["state"])
        refund.state, refund.sent_at, refund.failure, refund.failure_code = RefundState.SENT, now, "", ""
        refund.save(update_fields=["state", "sent_at", "failure", "failure_code"])
        refunds.tell(refund, "refund-sent")
    audit.note("refund-batch.sent", society_id=row.society_id, subject_id=row.pk, by=by, **_facts(row))
    return row


@transaction.atomic
def finish(batch: RefundBatch, *, by) -> RefundBatch:
    """The bank has paid every line that was not returned: those refunds are done. Twice is harmless."""
    row = _lock(batch)
    if row.state == BatchState.DONE:
        return row
    if row.state != BatchState.SENT:
        raise ValidationError(_("This file has not been sent to the bank."))
    now = clock.now()
    for line in lines_of(row).filter(state=LineState.LIVE):
        line.state = LineState.DONE
        line.save(update_fields=["state"])
        refund = line.refund
        refund.state, refund.done_at, refund.done_by = RefundState.DONE, now, by
        refund.done_how, refund.done_note = "transfer", _("File %(number)s") % {"number": row.number}
        refund.save(update_fields=["state", "done_at", "done_by", "done_how", "done_note"])
        refunds.tell(refund, "refund-done")
    row.state, row.ended_at, row.ended_by = BatchState.DONE, now, by
    row.save(update_fields=["state", "ended_at", "ended_by"])
    audit.note("refund-batch.done", society_id=row.society_id, subject_id=row.pk, by=by)
    return row


@transaction.atomic
def sent_back(line: RefundBatchLine, *, by) -> Refund:
    """The bank could not pay one line, or returned it: the refund has failed and may go into another file."""
    batch = _lock(line.batch)
    line = lines_of(batch).get(pk=line.pk)
    if batch.state not in (BatchState.SENT, BatchState.DONE):
        raise ValidationError(_("This file has not been sent to the bank."))
    if line.state == LineState.RETURNED:
        return line.refund
    line.state = LineState.RETURNED
    line.save(update_fields=["state"])
    looking_after.fail(line.refund, code="bank-returned", by=by)
    return line.refund


@transaction.atomic
def give_up(batch: RefundBatch, *, by) -> RefundBatch:
    """Nothing is sent: the file is void and its refunds are free for another. ValidationError once it was sent."""
    row = _lock(batch)
    if row.state == BatchState.GIVEN_UP:
        return row
    if row.state != BatchState.PREPARED:
        raise ValidationError(_("This file was sent to the bank, so it cannot be given up."))
    RefundBatchLine.objects.filter(society_id=row.society_id, batch=row).update(state=LineState.GIVEN_UP)
    approvals.withdraw(society_id=row.society_id, act=Approval.REFUND_BATCH, subject_id=row.pk)
    row.state, row.ended_at, row.ended_by = BatchState.GIVEN_UP, clock.now(), by
    row.save(update_fields=["state", "ended_at", "ended_by"])
    audit.note("refund-batch.give-up", society_id=row.society_id, subject_id=row.pk, by=by)
    return row
