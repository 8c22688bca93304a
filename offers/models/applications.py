"""Applications: what somebody asked for, under which text, and what became of it. Shares come only at allotment."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from common import ids
from common.money import PenceField
from common.rows import SocietyRow
from offers.choices import LIVE, ApplicationState, Method, PartyRole
from offers.models.offers import OfferVersion, ShareOffer, Tier
from offers.models.parties import Holder, Party

S = ApplicationState
TRANSITIONS = [
    (S.AWAITING_PAYMENT, S.PAID),
    (S.AWAITING_PAYMENT, S.LAPSED),
    (S.AWAITING_PAYMENT, S.CANCELLED),
    (S.AWAITING_PAYMENT, S.COMMITTED),
    (S.COMMITTED, S.AWAITING_PAYMENT),
    (S.COMMITTED, S.PAID),
    (S.COMMITTED, S.LAPSED),
    (S.COMMITTED, S.CANCELLED),
    (S.PAID, S.AWAITING_PAYMENT),  # what was recorded for it was another's money
    (S.PAID, S.CANCELLED),
    (S.PAID, S.ALLOTTED),
    (S.PAID, S.REFUNDED),
    (S.LAPSED, S.PAID),
]
# What was asked for, by whom, under which text: never changed once it is submitted.
STANDS = [
    "society", "offer", "version", "holder", "reference", "token", "submission", "applied_pence", "due_pence",
    "smallest_pence", "submitted_at", "unpaid_keys",
]  # fmt: skip


class Application(SocietyRow):
    """One application. applied: what was asked; due: what is to be paid, less where the room ran out; pence.

    Who applied is copied here as it was given on the day, so that a later change of address changes nothing.
    `pay_by` and `cancel_by` are the last moments, included. `unpaid_keys`: digests of its addresses and account
    (`offers/unpaid_keys.py`); `released_…`: an officer took its place away before it was paid, and said why.
    """

    offer = models.ForeignKey(ShareOffer, models.PROTECT, related_name="applications")
    version = models.ForeignKey(OfferVersion, models.PROTECT, related_name="applications")
    holder = models.ForeignKey(Holder, models.PROTECT, related_name="applications")
    parties = models.ManyToManyField(Party, through="ApplicationParty", related_name="applications")
    reference = models.CharField(max_length=7)
    token = models.CharField(max_length=40, unique=True, default=ids.token)  # the applicant's own link
    submission = models.UUIDField()  # the form's own key: sending it twice makes one application

    name = models.CharField(max_length=300)
    address = models.TextField()
    postcode = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, default="GB")
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    email_purposes = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=5, default="en-gb")
    declarations = models.JSONField(default=dict)

    tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="applications")
    applied_pence = PenceField()
    due_pence = PenceField()
    smallest_pence = PenceField()
    accept_less = models.BooleanField(default=False)
    method = models.CharField(max_length=16, choices=Method.choices)
    state = models.CharField(max_length=20, choices=S.choices, default=S.AWAITING_PAYMENT)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    pay_by_at = models.DateTimeField()
    cancel_by_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    allotted_pence = PenceField(default=0)
    unpaid_keys = ArrayField(models.CharField(max_length=60), default=list)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["submitted_at", "id"]
        indexes = [
            models.Index(fields=["society", "offer", "state"], name="application_offer_state"),
            models.Index(fields=["pay_by_at"], name="application_pay_by", condition=Q(state="awaiting-payment")),
            GinIndex(fields=["unpaid_keys"], name="application_unpaid_keys", condition=Q(state="awaiting-payment")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["society", "reference"], name="application_reference_once"),
            models.UniqueConstraint(fields=["society", "offer", "submission"], name="application_submission_once"),
            models.CheckConstraint(
                condition=Q(due_pence__gt=0) & Q(due_pence__lte=F("applied_pence")),
                name="application_due_within_applied",
            ),
            models.CheckConstraint(
                condition=Q(allotted_pence__gte=0) & Q(allotted_pence__lte=F("due_pence")),
                name="application_allotted_within_due",
            ),
            models.CheckConstraint(condition=Q(state__in=S.values), name="application_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[S.PAID, S.ALLOTTED, S.REFUNDED]) | Q(paid_at__isnull=False),
                name="application_paid_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=S.ALLOTTED, allotted_pence__gt=0) | ~Q(state=S.ALLOTTED) & Q(allotted_pence=0),
                name="application_allotted_has_shares",
            ),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="application_method_known"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, released_reason="")
                | Q(released_at__isnull=False, released_by__isnull=False, released_reason__regex=r"\S"),
                name="application_released_with_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="application_state_moves_forward",
                field="state",
                transitions=[(str(before), str(after)) for before, after in TRANSITIONS],
            ),
            pgtrigger.ReadOnly(
                name="application_stands",
                fields=STANDS,
            ),
            pgtrigger.Protect(name="application_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.reference} {self.name}"

    @property
    def is_live(self) -> bool:
        """Whether it takes room in the offer and counts for the caps."""
        return self.state in LIVE


class ApplicationParty(SocietyRow):
    """A party with an interest in an application: its caps count the whole sum."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="interests")
    party = models.ForeignKey(Party, models.PROTECT, related_name="interests")
    role = models.CharField(max_length=16, choices=PartyRole.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["society", "application", "party"], name="application_party_once"),
        ]

    def __str__(self):
        return f"{self.party} in {self.application}"


class UnpaidKey(SocietyRow):
    """Something that unpaid applications to an offer have in common: the row that is locked to ask what they hold."""

    offer = models.ForeignKey(ShareOffer, models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["society", "offer", "key"], name="unpaid_key_once")]

    def __str__(self):
        return self.key[:16]
