"""What Stripe told us, and what came of it."""

import pgtrigger
from django.db import models
from django.db.models import Q

from common import append_only
from common.append_only import AppendOnly
from common.rows import Row


class StripeEvent(AppendOnly, Row):
    """What Stripe told us, once each: a hint to look, never a fact to act on. Kept whole rows, no payload."""

    event_id = models.CharField(max_length=80, unique=True)
    type = models.CharField(max_length=80)
    account_id = models.CharField(max_length=40, blank=True)
    is_live = models.BooleanField(default=False)  # of real money; a test site takes none, a real site no other
    object_id = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        triggers = append_only.triggers()

    def __str__(self):
        return f"{self.type} {self.event_id}"


class StripeEventTurn(Row):
    """When an event is looked into next: who takes the row moves its next turn away first, so that nobody else does.

    `next_try_at` is null once there is an outcome.
    """

    event = models.OneToOneField(StripeEvent, models.PROTECT, related_name="turn")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="event_turn_due", condition=Q(next_try_at__isnull=False)),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="turn_of_its_event", fields=["event"]),
            pgtrigger.Protect(
                name="turn_ends_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__next_try_at__isnull=True)
            ),
            pgtrigger.Protect(name="turn_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.tries} tries for {self.event_id}"


class StripeEventOutcome(AppendOnly, Row):
    """That an event was worked through, and what came of it."""

    event = models.OneToOneField(StripeEvent, models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=80)
    done_at = models.DateTimeField()

    class Meta:
        triggers = append_only.triggers()

    def __str__(self):
        return self.outcome
