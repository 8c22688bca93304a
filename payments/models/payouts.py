"""Payouts: money from the balance at Stripe to the society's own bank."""

import pgtrigger
from django.db import models
from django.db.models import Q

from common.money import PenceField
from common.rows import SocietyRow
from payments.choices import PAYOUT_TRANSITIONS, PayoutState, as_words


class Payout(SocietyRow):
    """A payout at Stripe, as it stood when we last looked. `is_automatic`: by Stripe's schedule, not on our word.

    `reference`: what the bank's line should say of it: the bank's own trace where Stripe knows it, else its words.
    """

    stripe_id = models.CharField(max_length=60, unique=True)
    account_id = models.CharField(max_length=40)
    amount_pence = PenceField()
    state = models.CharField(max_length=12, choices=PayoutState.choices)
    is_automatic = models.BooleanField()
    created_at = models.DateTimeField()
    arrives_on = models.DateField()
    failure = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="payout_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
        ]
        triggers = [
            pgtrigger.FSM(name="payout_state_moves_forward", field="state", transitions=as_words(PAYOUT_TRANSITIONS)),
            pgtrigger.ReadOnly(
                name="payout_stands",
                fields=["society", "stripe_id", "account_id", "amount_pence", "is_automatic", "created_at"],
            ),
            pgtrigger.Protect(name="payout_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.stripe_id} {self.state}"
