"""Tables of payments: what came in, what goes back, and what Stripe said. Sums are of rows that never change."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common import append_only
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import Row, SocietyRow
from offers.choices import Method
from offers.models import Application
from payments.choices import ATTEMPT_TRANSITIONS, REFUND_TRANSITIONS, AttemptState, RefundState, as_words


class StripeAccount(SocietyRow):
    """The society's own Stripe account, which takes its card payments (direct charges)."""

    account_id = models.CharField(max_length=40, unique=True)
    connected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["society"], name="stripe_account_one"),
            models.CheckConstraint(condition=Q(account_id__startswith="acct_"), name="stripe_account_id_shape"),
        ]

    def __str__(self):
        return self.account_id


class CheckoutAttempt(SocietyRow):
    """One try to pay an application by card on Stripe's page. The row and its key come first, the call after."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    account_id = models.CharField(max_length=40)
    amount_pence = PenceField()
    state = models.CharField(max_length=12, choices=AttemptState.choices, default=AttemptState.CREATED)
    idempotency_key = models.CharField(max_length=80, unique=True)
    session_id = models.CharField(max_length=120, unique=True, null=True)
    session_url = models.TextField(blank=True)
    payment_intent_id = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["society", "application", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["society", "application"],
                condition=Q(state__in=["created", "open", "processing"]),
                name="attempt_one_live",
            ),
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="attempt_amount_positive"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="attempt_state_moves_forward",
                field="state",
                transitions=as_words(ATTEMPT_TRANSITIONS),
            ),
        ]

    def __str__(self):
        return f"Attempt {self.number} for {self.application_id}"


class Receipt(AppendOnly, SocietyRow):
    """Money that came in for an application, in pence, by one method. Whether it was right is the sum's business."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="receipts")
    attempt = models.OneToOneField(CheckoutAttempt, models.PROTECT, null=True, related_name="receipt")
    method = models.CharField(max_length=16, choices=Method.choices)
    amount_pence = PenceField()
    received_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        triggers = append_only.triggers()
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="receipt_amount_positive"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="receipt_method_known"),
            models.CheckConstraint(
                condition=Q(attempt__isnull=True) | Q(method="card"), name="receipt_of_attempt_is_card"
            ),
        ]

    def __str__(self):
        return f"{self.amount_pence} for {self.application_id}"


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


class StripeEvent(AppendOnly, Row):
    """What Stripe told us, once each: a hint to look, never a fact to act on. Kept whole rows, no payload."""

    event_id = models.CharField(max_length=80, unique=True)
    type = models.CharField(max_length=80)
    account_id = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        triggers = append_only.triggers()

    def __str__(self):
        return f"{self.type} {self.event_id}"


class StripeEventOutcome(AppendOnly, Row):
    """That an event was worked through, and what came of it."""

    event = models.OneToOneField(StripeEvent, models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=80)
    done_at = models.DateTimeField()

    class Meta:
        triggers = append_only.triggers()

    def __str__(self):
        return self.outcome
