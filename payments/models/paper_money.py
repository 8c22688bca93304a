"""Cheques and cash: what one officer has in hand, before another has seen it too."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.money import PenceField
from common.rows import SocietyRow
from offers.choices import BY_HAND, Method
from offers.models import Application
from payments.models.receipts import Receipt


class PaperMoney(SocietyRow):
    """A cheque or cash that one officer recorded. It counts once another has confirmed it, and gives a receipt then.

    received_on: the day it was handed in or arrived; banked_on: the day it was paid into the bank. One that was wrong
    is withdrawn and stays in the book.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="paper_money")
    method = models.CharField(max_length=16, choices=Method.choices)
    amount_pence = PenceField()
    received_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    banked_on = models.DateField(null=True)
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, related_name="paper_money")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]
        indexes = [
            models.Index(
                fields=["society", "application"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="paper_money_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_pence__gt=0), name="paper_money_amount_positive"),
            models.CheckConstraint(condition=Q(method__in=BY_HAND), name="paper_money_is_by_hand"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="paper_money_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    confirmed_at__isnull=True, confirmed_by__isnull=True, banked_on__isnull=True, receipt__isnull=True
                )
                | Q(
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                    banked_on__isnull=False,
                    receipt__isnull=False,
                    withdrawn_at__isnull=True,
                ),
                name="paper_money_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=Q(banked_on__isnull=True) | Q(banked_on__gte=F("received_on")),
                name="paper_money_banked_after_it_came",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="paper_money_withdrawn_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="paper_money_stands",
                fields=[
                    "society",
                    "application",
                    "method",
                    "amount_pence",
                    "received_on",
                    "note",
                    "recorded_at",
                    "recorded_by",
                ],
            ),
            pgtrigger.Trigger(
                name="paper_money_is_decided_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.confirmed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL THEN
                        RAISE EXCEPTION 'a cheque or cash is confirmed or withdrawn once'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="paper_money_makes_its_receipt",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("receipt"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM payments_receipt
                                   WHERE id = NEW.receipt_id AND society_id = NEW.society_id
                                     AND application_id = NEW.application_id AND amount_pence = NEW.amount_pence
                                     AND method = NEW.method AND recorded_by_id = NEW.recorded_by_id
                                     AND confirmed_by_id = NEW.confirmed_by_id) THEN
                        RAISE EXCEPTION 'the receipt must be of this very money and these two people'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="paper_money_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.method} of {self.amount_pence} for {self.application_id}"
