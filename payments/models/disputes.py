"""Disputes: the payer's bank takes a payment back, or asks about it first."""

import pgtrigger
from django.db import models
from django.db.models import Q

from common.money import PenceField
from common.rows import SocietyRow
from payments.choices import DISPUTE_TRANSITIONS, DisputeState, as_words
from payments.models.attempts import CheckoutAttempt


class Dispute(SocietyRow):
    """A dispute at Stripe, as it stood when we last looked. A payment with one is disputed, whatever its own state.

    `attempt` is null where the charge belongs to no application of ours.
    """

    stripe_id = models.CharField(max_length=60, unique=True)
    account_id = models.CharField(max_length=40)
    attempt = models.ForeignKey(CheckoutAttempt, models.PROTECT, null=True, related_name="disputes")
    charge_id = models.CharField(max_length=60)
    amount_pence = PenceField()
    reason = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=DisputeState.choices)
    created_at = models.DateTimeField()
    answer_by_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="dispute_state_known"),
        ]
        triggers = [
            pgtrigger.FSM(name="dispute_state_moves_forward", field="state", transitions=as_words(DISPUTE_TRANSITIONS)),
            pgtrigger.ReadOnly(
                name="dispute_stands", fields=["society", "stripe_id", "account_id", "charge_id", "created_at"]
            ),
            pgtrigger.Protect(name="dispute_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.stripe_id} {self.state}"
