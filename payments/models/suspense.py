"""Money, or word of money, that waits for a person: each with an owner, an age, and what was done in the end."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common.money import PenceField
from common.rows import SocietyRow
from offers.models import Application, Society
from payments.choices import SuspenseKind


class SuspenseItem(SocietyRow):
    """A named exception, one for each kind and subject for ever. Until somebody takes it the treasurer owns it.

    `subject`: Stripe's id of what it is about, or ours. `amount_pence`: in the currency's smallest unit, 0 where no
    sum is known. `facts`: ids, sums and days, never names. Without a society it is for the site's staff.
    """

    society = models.ForeignKey(Society, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=SuspenseKind.choices)
    subject = models.CharField(max_length=120)
    account_id = models.CharField(max_length=40, blank=True)
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="suspense")
    amount_pence = PenceField(default=0)
    currency = models.CharField(max_length=3, default="gbp")
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resolution = models.TextField(blank=True)

    class Meta:
        ordering = ["opened_at", "id"]
        indexes = [
            models.Index(fields=["society", "opened_at"], name="suspense_open", condition=Q(resolved_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["society", "kind", "subject"], name="suspense_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(kind__in=SuspenseKind.values), name="suspense_kind_known"),
            models.CheckConstraint(condition=Q(amount_pence__gte=0), name="suspense_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="suspense_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, resolution="")
                | Q(resolved_at__isnull=False) & ~Q(resolution=""),
                name="suspense_resolved_in_words",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="suspense_stands",
                fields=["society", "kind", "subject", "account_id", "application", "amount_pence", "currency", "facts",
                        "opened_at"],
            ),
            pgtrigger.Protect(
                name="suspense_resolved_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__resolved_at__isnull=False),
            ),
            pgtrigger.Protect(name="suspense_is_kept", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.kind} {self.subject}"
