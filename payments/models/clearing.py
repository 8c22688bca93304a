"""The clearing ledger: what Stripe moved and what we know of it, in double entry, and each night's comparison."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common import append_only
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow
from payments.choices import ClearingAccount, ComparisonStep


class PostingSet(AppendOnly, SocietyRow):
    """Postings that belong together and add up to nothing.

    `key` makes each set unique: Stripe's id of the balance transaction, or what happened here, such as
    "receipt:<id>". `kind`: Stripe's type of the transaction, or ours. `source`: what moved, such as a charge's id.
    """

    account_id = models.CharField(max_length=40, blank=True)  # at Stripe; empty for what only we know
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    source = models.CharField(max_length=120, blank=True)
    happened_at = models.DateTimeField()
    posted_at = models.DateTimeField()

    class Meta:
        ordering = ["happened_at", "id"]
        indexes = [models.Index(fields=["society", "source"], name="posting_set_source")]
        constraints = [
            models.UniqueConstraint(fields=["society", "key"], name="posting_set_once"),
        ]
        triggers = append_only.triggers()

    def __str__(self):
        return f"{self.kind} {self.key}"


class Posting(AppendOnly, SocietyRow):
    """A sum in one account: above 0 is a debit, below 0 a credit."""

    set = models.ForeignKey(PostingSet, models.PROTECT, related_name="postings")
    account = models.CharField(max_length=12, choices=ClearingAccount.choices)
    amount_pence = PenceField()

    class Meta:
        indexes = [models.Index(fields=["society", "account"], name="posting_account", include=["amount_pence"])]
        constraints = [
            models.UniqueConstraint(fields=["society", "set", "account"], name="posting_account_once"),
            models.CheckConstraint(condition=~Q(amount_pence=0), name="posting_moves_something"),
            models.CheckConstraint(condition=Q(account__in=ClearingAccount.values), name="posting_account_known"),
        ]
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="set_adds_up_to_nothing",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF (SELECT sum(amount_pence) FROM payments_posting
                            WHERE set_id = NEW.set_id AND society_id = NEW.society_id) <> 0 THEN
                        RAISE EXCEPTION 'the postings of a set must add up to nothing'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.account} {self.amount_pence}"


class ComparisonRequest(SocietyRow):
    """That an officer asked for a comparison with Stripe now, and how far it is: one open at a time in a society.

    `step`, `seen`: what is being read and how many of it so far; `step_at`: the last sign of life.
    """

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    step = models.CharField(max_length=12, choices=ComparisonStep.choices, blank=True)
    seen = models.PositiveIntegerField(default=0)
    step_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["society"], condition=Q(ended_at__isnull=True), name="comparison_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(step="", step_at__isnull=True) | Q(step__in=ComparisonStep.values, step_at__isnull=False),
                name="comparison_step_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("asked_at")),
                name="comparison_ends_later",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="comparison_stands", fields=["society", "asked_at", "asked_by"]),
            pgtrigger.Protect(
                name="comparison_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.Protect(name="comparison_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"asked {self.asked_at:%Y-%m-%d %H:%M}"


class Reconciliation(AppendOnly, SocietyRow):
    """One comparison of a society's books with Stripe's own lists, and what still differed at its end.

    `watermark_at`: up to when Stripe's movements were seen; the next one begins three days before it.
    `differences`: a sentence each, none where the ledger is Stripe's to the penny. `request`: whose wish it was; none
    in the night.
    """

    account_id = models.CharField(max_length=40)
    request = models.ForeignKey(ComparisonRequest, models.PROTECT, null=True, related_name="reports")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    watermark_at = models.DateTimeField(null=True)
    ledger_pence = PenceField()
    stripe_pence = PenceField()
    counts = models.JSONField(default=dict)
    differences = models.JSONField(default=list)

    class Meta:
        ordering = ["-ended_at", "-id"]
        indexes = [models.Index(fields=["society", "-ended_at"], name="reconciliation_last")]
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=models.F("began_at")), name="reconciliation_ends_later"),
        ]
        triggers = append_only.triggers()

    def __str__(self):
        return f"{self.account_id} {self.ended_at:%Y-%m-%d %H:%M}"
