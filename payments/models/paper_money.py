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

    A line of the bank's statement that shows it settles it too, without a second officer. One that was wrong is
    withdrawn by whoever recorded it, or refused by another with a reason; it stays in the book, and what is right is a
    row of its own that `replaces` it. So what was confirmed is always what stands there.

    received_on: the day it was handed in or arrived; in_hand_at: the moment as of which it counts, the end of that day
    or when it was first recorded; banked_on: the day it was paid into the bank.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="paper_money")
    method = models.CharField(max_length=16, choices=Method.choices)
    amount_pence = PenceField()
    received_on = models.DateField()
    in_hand_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    banked_on = models.DateField(null=True)
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, related_name="paper_money")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why_withdrawn = models.CharField(max_length=200, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

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
                # confirmed by nobody is confirmed by a line of the bank: see paper_money_makes_its_receipt
                condition=Q(
                    confirmed_at__isnull=True, confirmed_by__isnull=True, banked_on__isnull=True, receipt__isnull=True
                )
                | Q(
                    confirmed_at__isnull=False,
                    banked_on__isnull=False,
                    receipt__isnull=False,
                    withdrawn_at__isnull=True,
                ),
                name="paper_money_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(banked_on__gte=F("received_on")),
                name="paper_money_banked_after_it_came",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="paper_money_withdrawn_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, why_withdrawn="")
                | Q(withdrawn_by__isnull=False, withdrawn_by=F("recorded_by"))
                | Q(withdrawn_by__isnull=False) & ~Q(why_withdrawn=""),
                name="paper_money_refused_with_reason",
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
                    "in_hand_at",
                    "note",
                    "recorded_at",
                    "recorded_by",
                    "replaces",
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
                                     AND method = NEW.method AND reverses_id IS NULL
                                     AND (CASE WHEN NEW.confirmed_by_id IS NULL THEN on_statement
                                          ELSE recorded_by_id = NEW.recorded_by_id
                                               AND confirmed_by_id = NEW.confirmed_by_id END)) THEN
                        RAISE EXCEPTION 'the receipt must be of this very money, by these two people or a bank line'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="paper_money_replaces_what_is_out",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__replaces__isnull=False),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM payments_papermoney
                                   WHERE id = NEW.replaces_id AND society_id = NEW.society_id
                                     AND application_id = NEW.application_id AND withdrawn_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'a cheque or cash takes the place only of one that is out'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="paper_money_is_kept", operation=pgtrigger.Delete),
        ]

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.confirmed_at is None and self.withdrawn_at is None

    @property
    def is_refused(self) -> bool:
        """Whether another officer than its first said that it is not right."""
        return self.withdrawn_by_id not in (None, self.recorded_by_id)

    def __str__(self):
        return f"{self.method} of {self.amount_pence} for {self.application_id}"
