"""Payments that were promised: a card or an account that may be charged once the offer has reached its minimum."""

import pgtrigger
from django.db import models
from django.db.models import Q

from common.money import PenceField
from common.rows import SocietyRow
from offers.models import Application
from payments.choices import PROMISE_TRANSITIONS, PromiseState, as_words
from payments.models.attempts import CheckoutAttempt


class Promise(SocietyRow):
    """One promise to pay an application. What was promised stands here; what was collected is the attempt's receipt.

    The row and its key come before the call. `method_id` is Stripe's name for the card or account, forgotten there
    once the promise has ended.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="promises")
    number = models.PositiveSmallIntegerField()
    account_id = models.CharField(max_length=40)
    amount_pence = PenceField()
    state = models.CharField(max_length=10, choices=PromiseState.choices, default=PromiseState.CREATED)
    idempotency_key = models.CharField(max_length=80, unique=True)
    session_id = models.CharField(max_length=120, unique=True, null=True)
    session_url = models.TextField(blank=True)
    customer_id = models.CharField(max_length=60, blank=True)
    method_id = models.CharField(max_length=60, blank=True)
    attempt = models.OneToOneField(CheckoutAttempt, models.PROTECT, null=True, related_name="promise")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    promised_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["society", "state"], name="promise_state")]
        constraints = [
            models.UniqueConstraint(fields=["society", "application", "number"], name="promise_number_once"),
            models.UniqueConstraint(
                fields=["society", "application"],
                condition=Q(state__in=["created", "open", "held", "charging"]),
                name="promise_one_live",
            ),
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="promise_amount_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "charging", "collected", "refused"])
                | Q(promised_at__isnull=False) & ~Q(method_id="") & ~Q(customer_id=""),
                name="promise_held_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["charging", "collected", "refused"]) | Q(attempt__isnull=False),
                name="promise_charged_has_attempt",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="promise_state_moves_forward", field="state", transitions=as_words(PROMISE_TRANSITIONS)),
            pgtrigger.ReadOnly(
                name="promise_stands",
                fields=["society", "application", "number", "account_id", "amount_pence", "idempotency_key"],
            ),
            pgtrigger.Protect(name="promise_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"Promise {self.number} for {self.application_id}"
