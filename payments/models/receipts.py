"""Money that came in: rows that never change."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common import append_only
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow
from offers.choices import BY_HAND, ONLINE, Method
from offers.models import Application
from payments.models.attempts import CheckoutAttempt


class Receipt(AppendOnly, SocietyRow):
    """Money that came in for an application, in pence, by one method. Whether it was right is the sum's business.

    A receipt that was wrong is answered by another below nothing that `reverses` it, so every sum of receipts is right.
    A cheque or cash has two people behind it, or a line of the bank's own statement (`on_statement`).
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="receipts")
    attempt = models.OneToOneField(CheckoutAttempt, models.PROTECT, null=True, related_name="receipt")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    method = models.CharField(max_length=16, choices=Method.choices)
    amount_pence = PenceField()
    received_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_statement = models.BooleanField(default=False)

    class Meta:
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="receipt_reversal_mirrors",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__reverses__isnull=False),
                func="""
                    -- the application's row is the lock of its receipts and refunds
                    PERFORM 1 FROM offers_application
                        WHERE id = NEW.application_id AND society_id = NEW.society_id FOR NO KEY UPDATE;
                    IF NOT EXISTS (
                        SELECT 1 FROM payments_receipt receipt WHERE receipt.id = NEW.reverses_id
                            AND receipt.society_id = NEW.society_id AND receipt.application_id = NEW.application_id
                            AND receipt.amount_pence = -NEW.amount_pence AND receipt.method = NEW.method
                            AND receipt.attempt_id IS NULL AND receipt.reverses_id IS NULL
                            AND NOT EXISTS (SELECT 1 FROM payments_refund refund WHERE refund.receipt_id = receipt.id)
                    ) THEN
                        RAISE EXCEPTION 'only a receipt by hand, of which nothing goes back, can be taken back whole'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="receipt_on_statement_has_line",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__on_statement=True),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM payments_linereceipt part
                                   WHERE part.receipt_id = NEW.id AND part.society_id = NEW.society_id) THEN
                        RAISE EXCEPTION 'what a statement shows is a part of a line of it'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_pence__gt=0, reverses__isnull=True)
                | Q(amount_pence__lt=0, reverses__isnull=False, attempt__isnull=True),
                name="receipt_amount_positive",
            ),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="receipt_method_known"),
            models.CheckConstraint(
                condition=Q(attempt__isnull=True) | Q(method__in=ONLINE), name="receipt_of_attempt_is_online"
            ),
            models.CheckConstraint(
                condition=~Q(method__in=BY_HAND)
                | Q(on_statement=True)
                | Q(recorded_by__isnull=False, confirmed_by__isnull=False),
                name="receipt_by_hand_has_two",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="receipt_confirmed_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.amount_pence} for {self.application_id}"
