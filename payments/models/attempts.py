"""Tries to pay an application on Stripe's page."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common.money import PenceField
from common.rows import SocietyRow
from offers.choices import ONLINE, Method
from offers.models import Application
from payments.choices import ATTEMPT_TRANSITIONS, AttemptState, as_words


class CheckoutAttempt(SocietyRow):
    """One try to pay an application on Stripe's page, by one method. The row and its key come first, the call after.

    `funding`: what Stripe says of the card once it is paid (debit, credit, prepaid, unknown); empty for other methods.
    A credit card is an open exception until an officer has looked at it (`credit_seen_…`).
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    account_id = models.CharField(max_length=40)
    amount_pence = PenceField()
    method = models.CharField(max_length=16, choices=Method.choices, default=Method.CARD)
    state = models.CharField(max_length=16, choices=AttemptState.choices, default=AttemptState.CREATED)
    idempotency_key = models.CharField(max_length=80, unique=True)
    session_id = models.CharField(max_length=120, unique=True, null=True)
    session_url = models.TextField(blank=True)
    payment_intent_id = models.CharField(max_length=60, blank=True)
    charge_id = models.CharField(max_length=60, blank=True)
    funding = models.CharField(max_length=10, blank=True)
    credit_seen_at = models.DateTimeField(null=True)
    credit_seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["payment_intent_id"], name="attempt_intent", condition=~Q(payment_intent_id="")),
            models.Index(fields=["charge_id"], name="attempt_charge", condition=~Q(charge_id="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["society", "application", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["society", "application"],
                condition=Q(state__in=["created", "open", "processing"]),
                name="attempt_one_live",
            ),
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="attempt_amount_positive"),
            models.CheckConstraint(condition=Q(method__in=ONLINE), name="attempt_method_is_online"),
            models.CheckConstraint(
                condition=Q(credit_seen_at__isnull=True, credit_seen_by__isnull=True)
                | Q(credit_seen_at__isnull=False, credit_seen_by__isnull=False, funding="credit"),
                name="attempt_credit_seen_whole",
            ),
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
