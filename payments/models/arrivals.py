"""That payouts reached the bank: seen on a line of a statement, or by an officer on paper."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common.money import PenceField
from common.rows import SocietyRow
from payments.models.payouts import Payout
from payments.models.statements import LineDecision


class PayoutArrival(SocietyRow):
    """One payout, seen at the bank once: by a decision of a bank line, or without one on a paper statement.

    `is_in`: whether it came; False for money that the bank took back after Stripe had said that the payout failed.
    `amount_pence`: what the bank had, which is not always what Stripe sent. A mistake is released and seen again.
    """

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="arrivals")
    decision = models.ForeignKey(LineDecision, models.PROTECT, null=True, related_name="arrivals")
    is_in = models.BooleanField()
    amount_pence = PenceField()
    seen_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["society", "payout", "is_in"], condition=Q(released_at__isnull=True), name="payout_arrives_once"
            ),
            models.UniqueConstraint(
                fields=["society", "decision"], condition=Q(decision__isnull=False), name="payout_arrival_of_line_once"
            ),
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="payout_arrival_positive"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="payout_arrival_released_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="payout_arrival_stands",
                fields=["society", "payout", "decision", "is_in", "amount_pence", "seen_on", "recorded_at",
                        "recorded_by"],
            ),
            pgtrigger.Protect(
                name="payout_arrival_released_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__released_at__isnull=False),
            ),
            pgtrigger.Protect(name="payout_arrival_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="payout_arrival_fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM payments_payout payout
                            WHERE payout.id = NEW.payout_id AND payout.society_id = NEW.society_id)
                       OR NEW.decision_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments_linedecision decision
                            JOIN payments_bankline line ON line.id = decision.line_id
                            WHERE decision.id = NEW.decision_id AND decision.society_id = NEW.society_id
                              AND decision.kind = 'payout'
                              AND line.amount_pence = CASE WHEN NEW.is_in THEN 1 ELSE -1 END * NEW.amount_pence)
                       OR NOT NEW.is_in AND NOT EXISTS (SELECT 1 FROM payments_payoutarrival came
                            WHERE came.payout_id = NEW.payout_id AND came.is_in AND came.released_at IS NULL) THEN
                        RAISE EXCEPTION 'a payout is seen on a line of its own sum, and goes back after it came'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.payout_id} {self.amount_pence} on {self.seen_on}"
