"""Money that goes back: a row that is due before it is money."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common.money import PenceField
from common.rows import SocietyRow
from offers.models import Application
from payments.choices import REFUND_TRANSITIONS, PaidHow, RefundState, RefundWay, as_words
from payments.models.receipts import Receipt


class Refund(SocietyRow):
    """Money that goes back, by the way it came. The verb that owes it writes the row; it is sent after commit.

    `next_try`: when the worker sends it to Stripe (again); without it a refund waits for a person. `taken`: the officer
    who looks after it. `failure_code` is Stripe's or the bank's short name of what went wrong, `failure` their words.
    """

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="refunds")
    application = models.ForeignKey(Application, models.PROTECT, related_name="refunds")
    amount_pence = PenceField()
    rule = models.CharField(max_length=8)  # why: the rule's id, or CNL-1 for a cancellation
    reason = models.TextField()
    way = models.CharField(max_length=8, choices=RefundWay.choices)
    state = models.CharField(max_length=6, choices=RefundState.choices, default=RefundState.DUE)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_how = models.CharField(max_length=12, choices=PaidHow.choices, blank=True)
    done_note = models.CharField(max_length=100, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    stripe_id = models.CharField(max_length=60, unique=True, null=True)
    next_try_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["society", "state"], name="refund_state")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(condition=~Q(state="done") | Q(done_at__isnull=False), name="refund_done_has_time"),
            models.CheckConstraint(condition=Q(way__in=RefundWay.values), name="refund_way_known"),
            models.CheckConstraint(
                condition=Q(way="stripe") | Q(stripe_id__isnull=True, next_try_at__isnull=True),
                name="refund_by_society_not_at_stripe",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="refund_taken_has_time_and_person",
            ),
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
                name="refund_by_society_takes_two",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__way="society", new__state__in=["sent", "done"])
                & pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM compliance_approval approval
                        WHERE approval.society_id = NEW.society_id AND approval.used_at IS NOT NULL
                          AND (approval.act = 'refund-by-hand' AND approval.subject_id = NEW.id
                               OR approval.act = 'refund-batch' AND approval.subject_id IN (
                                   SELECT line.batch_id FROM payments_refundbatchline line
                                   WHERE line.refund_id = NEW.id AND line.society_id = NEW.society_id))
                    ) THEN
                        RAISE EXCEPTION 'what a society pays back takes two people'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
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
                            AND application_id = NEW.application_id AND society_id = NEW.society_id
                            AND NOT EXISTS (SELECT 1 FROM payments_receipt contra
                                            WHERE contra.reverses_id = NEW.receipt_id)) IS NOT FALSE THEN
                        RAISE EXCEPTION 'a refund may not be more than what came in'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def is_planned(self) -> bool:
        """Whether it is only thought of: a dry run's row, which is not written."""
        return self._state.adding

    def __str__(self):
        return f"{self.amount_pence} back for {self.application_id}"
