"""Money that came in: rows that never change."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common import append_only
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow
from offers.choices import ONLINE, Method
from offers.models import Application
from payments.models.attempts import CheckoutAttempt


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
                condition=Q(attempt__isnull=True) | Q(method__in=ONLINE), name="receipt_of_attempt_is_online"
            ),
        ]

    def __str__(self):
        return f"{self.amount_pence} for {self.application_id}"
