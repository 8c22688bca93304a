"""Files of refunds for the society's bank: what stands in each, and what became of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common.money import PenceField
from common.rows import SocietyRow
from payments.choices import BATCH_TRANSITIONS, LINE_TRANSITIONS, BankFormat, BatchState, LineState, as_words
from payments.models.refunds import Refund


class RefundBatch(SocietyRow):
    """A file of refunds for the bank. One officer prepares it, another approves the file by its hash, then it is sent.

    The file itself is not kept: it is written anew from its lines, the same bytes until a payee's details change.
    """

    number = models.PositiveIntegerField()
    bank_format = models.CharField(max_length=12, choices=BankFormat.choices)
    pay_on = models.DateField()
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.PREPARED)
    total_pence = PenceField()
    file_sha256 = models.CharField(max_length=64)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["society", "number"], name="batch_number_once"),
            models.CheckConstraint(condition=Q(total_pence__gt=0), name="batch_total_positive"),
            models.CheckConstraint(condition=Q(bank_format__in=BankFormat.values), name="batch_format_known"),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "done"], sent_at__isnull=False, sent_by__isnull=False)
                | Q(state__in=["prepared", "given-up"], sent_at__isnull=True, sent_by__isnull=True),
                name="batch_sent_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "given-up"], ended_at__isnull=False, ended_by__isnull=False)
                | Q(state__in=["prepared", "sent"], ended_at__isnull=True, ended_by__isnull=True),
                name="batch_end_has_time_and_person",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="batch_state_moves_forward", field="state", transitions=as_words(BATCH_TRANSITIONS)),
            pgtrigger.ReadOnly(
                name="batch_stands",
                fields=[
                    "society", "number", "bank_format", "pay_on", "total_pence", "file_sha256", "prepared_at",
                    "prepared_by",
                ],
            ),
            pgtrigger.Protect(name="batch_is_kept", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self):
        return f"Refunds file {self.number}"


class RefundBatchLine(SocietyRow):
    """One refund in a file for the bank. A refund stands in one file at a time."""

    batch = models.ForeignKey(RefundBatch, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="lines")
    amount_pence = PenceField()
    payee_version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=LineState.choices, default=LineState.LIVE)

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["society", "batch", "position"], name="batch_line_position_once"),
            models.UniqueConstraint(
                fields=["society", "refund"], condition=Q(state__in=["live", "done"]), name="batch_line_refund_once"
            ),
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="batch_line_amount_positive"),
        ]
        triggers = [
            pgtrigger.FSM(name="batch_line_moves_forward", field="state", transitions=as_words(LINE_TRANSITIONS)),
            pgtrigger.ReadOnly(
                name="batch_line_stands",
                fields=["society", "batch", "position", "refund", "amount_pence", "payee_version"],
            ),
            pgtrigger.Protect(name="batch_line_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="batch_line_of_a_refund_due",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM payments_refund refund WHERE refund.id = NEW.refund_id
                            AND refund.society_id = NEW.society_id AND refund.amount_pence = NEW.amount_pence
                            AND refund.way = 'society' AND refund.state IN ('due', 'failed')
                    ) THEN
                        RAISE EXCEPTION 'a line pays a refund that is due from the society, all of it'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.amount_pence} in file {self.batch_id}"
