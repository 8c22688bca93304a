"""What Stripe told us, and what came of it."""

from django.db import models

from common import append_only
from common.append_only import AppendOnly
from common.rows import Row


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
