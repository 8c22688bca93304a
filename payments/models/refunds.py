"""Money that goes back: a row that is due before it is money."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common.money import PenceField
from common.rows import SocietyRow
from offers.models import Application
from payments.choices import REFUND_TRANSITIONS, RefundState, as_words
from payments.models.receipts import Receipt


class Refund(SocietyRow):
    """Money that goes back, by the way it came. The verb that owes it writes the row; it is sent after commit."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="refunds")
    application = models.ForeignKey(Application, models.PROTECT, related_name="refunds")
    amount_pence = PenceField()
    rule = models.CharField(max_length=8)  # why: the rule's id, or CNL-1 for a cancellation
    reason = models.TextField()
    state = models.CharField(max_length=6, choices=RefundState.choices, default=RefundState.DUE)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    stripe_id = models.CharField(max_length=60, unique=True, null=True)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["society", "state"], name="refund_state")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(condition=~Q(state="done") | Q(done_at__isnull=False), name="refund_done_has_time"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="refund_state_moves_forward",
                field="state",
                transitions=as_words(REFUND_TRANSITIONS),
            ),
            pgtrigger.ReadOnly(
                name="refund_sum_stands",
                fields=["society", "receipt", "application", "amount_pence", "rule", "due_at"],
            ),
            pgtrigger.Protect(name="refund_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="refund_within_receipt",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    -- the application's row is every refund's lock: two at once wait for each other here
                    PERFORM 1 FROM offers_application
                        WHERE id = NEW.application_id AND society_id = NEW.society_id FOR NO KEY UPDATE;
                    IF (SELECT coalesce(sum(amount_pence), 0) FROM payments_refund
                            WHERE receipt_id = NEW.receipt_id) + NEW.amount_pence
                       > (SELECT amount_pence FROM payments_receipt WHERE id = NEW.receipt_id
                            AND application_id = NEW.application_id AND society_id = NEW.society_id) IS NOT FALSE THEN
                        RAISE EXCEPTION 'a refund may not be more than what came in'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.amount_pence} back for {self.application_id}"
