"""What left the register: downloads with their seals, and who inspected it; and what members were asked to add."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from common import append_only, ids
from common.append_only import AppendOnly
from common.rows import SocietyRow
from members.models.register import Member, Particulars


class SealedDownload(AppendOnly, SocietyRow):
    """A download as a fact: who took what and when, what it held, and the hash of its bytes.

    `parameters` ask the same question again, the day and the moment of knowledge included, so the same release
    gives the same bytes. `head_seq` and `head_hash` are the last entry of the ledger at that moment.
    """

    what = models.CharField(max_length=30)
    kind = models.CharField(max_length=8)
    parameters = models.JSONField()
    rows = models.PositiveIntegerField()
    totals = models.JSONField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")])
    head_seq = models.PositiveIntegerField()
    head_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only.triggers()
        ordering = ["-sealed_at"]
        indexes = [models.Index(fields=["society", "-sealed_at"], name="sealed_download_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="sealed_download_has_a_hash"),
        ]

    def __str__(self):
        return f"{self.what}.{self.kind} of {self.sealed_at}"


class Inspection(AppendOnly, SocietyRow):
    """Somebody was shown the copy of the register that s.103 opens: who asked, as what, why, and what they saw."""

    MEMBER, INTERESTED, AUTHORITY = "member", "interested", "authority"
    CAPACITIES = [
        (MEMBER, "a member"),
        (INTERESTED, "somebody with an interest in the society’s funds"),
        (AUTHORITY, "the registering authority, or somebody it sent"),
    ]

    asked_by_name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=12, choices=CAPACITIES)
    reason = models.CharField(max_length=300)
    register_on = models.DateField()
    rows = models.PositiveIntegerField()
    shown_at = models.DateTimeField()
    shown_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only.triggers()
        ordering = ["-shown_at"]
        indexes = [models.Index(fields=["society", "-shown_at"], name="inspection_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__in=["member", "interested", "authority"]), name="inspection_capacity_known"
            ),
            models.CheckConstraint(condition=~Q(asked_by_name="") & ~Q(reason=""), name="inspection_says_who_and_why"),
        ]

    def __str__(self):
        return f"Inspection at {self.shown_at}"


class ParticularsRequest(SocietyRow):
    """A member was asked by mail for what the register lacks. The answer waits until an officer takes it or not."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="requests")
    token = models.CharField(max_length=40, unique=True, default=ids.token)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, blank=True)
    email = models.EmailField(blank=True)
    email_purposes = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_as = models.OneToOneField(Particulars, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["society", "member"], condition=Q(decided_at__isnull=True), name="particulars_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="particulars_request_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_as__isnull=True) | Q(answered_at__isnull=False, decided_at__isnull=False),
                name="particulars_request_accepted_after_answer",
            ),
        ]

    def __str__(self):
        return f"Asked at {self.asked_at}"
