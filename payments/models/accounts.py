"""The accounts at Stripe that take societies' card payments, and how each stood whenever we asked."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from common import append_only
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow


class StripeAccount(SocietyRow):
    """The society's own Stripe account, which takes its payments (direct charges). The row comes before Stripe's word.

    account_id, connected_at: once Stripe has made it; ended_at: when it left us. answered_on: the day on which Stripe
    said in writing that it takes payments for the society's shares. *_limit_pence: what Stripe has agreed to take in
    one payment where that is more than usual.
    """

    account_id = models.CharField(max_length=40, unique=True, null=True)
    idempotency_key = models.CharField(max_length=80, unique=True, null=True)
    connected_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    answered_on = models.DateField(null=True)
    pay_by_bank_limit_pence = PenceField(null=True)
    debit_limit_pence = PenceField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["society"], condition=Q(ended_at__isnull=True), name="stripe_account_one_serving"
            ),
            models.CheckConstraint(
                condition=Q(account_id__isnull=True, connected_at__isnull=True)
                | Q(account_id__isnull=False, connected_at__isnull=False, account_id__startswith="acct_"),
                name="stripe_account_id_shape",
            ),
            models.CheckConstraint(
                condition=(Q(pay_by_bank_limit_pence__isnull=True) | Q(pay_by_bank_limit_pence__gt=0))
                & (Q(debit_limit_pence__isnull=True) | Q(debit_limit_pence__gt=0)),
                name="stripe_account_limits_positive",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stripe_account_stays_what_it_is",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("account_id"),
                func="""
                    IF OLD.account_id IS NOT NULL THEN
                        RAISE EXCEPTION 'money has gone to this account: connect another in a row of its own'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.account_id or str(self.pk)


class AccountCheck(AppendOnly, SocietyRow):
    """What Stripe said of an account at a moment. Ready: cards are active, and Stripe pays out nothing by itself."""

    account = models.ForeignKey(StripeAccount, models.PROTECT, related_name="checks")
    checked_at = models.DateTimeField()
    active = ArrayField(models.CharField(max_length=40), default=list)  # capabilities
    cards = models.CharField(max_length=12)  # the status of card_payments; empty where Stripe names none
    payouts = models.CharField(max_length=12)
    is_ready = models.BooleanField()

    class Meta:
        ordering = ["-checked_at", "-id"]
        triggers = append_only.triggers()
        indexes = [models.Index(fields=["society", "-checked_at"], name="account_check_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_ready=False) | Q(cards="active", payouts="manual"), name="account_ready_means_both"
            ),
        ]

    def __str__(self):
        return f"{self.account_id}: {self.cards}, {self.payouts}"
