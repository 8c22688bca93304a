"""Share offers: their terms, areas, matching money and published versions."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import append_only, clock
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow
from offers.choices import Collection, HolderKind, MatchTrigger, OfferKind, OfferState, Oversubscription
from offers.models.societies import ShareClass

STATES = OfferState
# What may follow what; `published` may follow itself when the last day is moved.
TRANSITIONS = [
    (STATES.DRAFT, STATES.PUBLISHED),
    (STATES.PUBLISHED, STATES.CLOSED),
    (STATES.PUBLISHED, STATES.ALLOTTED),
    (STATES.PUBLISHED, STATES.FAILED),
    (STATES.CLOSED, STATES.ALLOTTED),
    (STATES.CLOSED, STATES.FAILED),
]
TERMS = [
    "society", "share_class", "kind", "opens_on", "minimum_pence", "optimum_pence", "maximum_pence",
    "min_application_pence", "max_application_pence", "multiple_of_pence", "max_percent", "oversubscription",
    "tier_then", "transfer_days", "cooling_off_days", "ratio_tier", "ratio_percent", "collection",
]  # fmt: skip


STANDS = """
    IF EXISTS (SELECT 1 FROM offers_shareoffer
               WHERE id = coalesce(NEW.offer_id, OLD.offer_id) AND state <> 'draft') THEN
        RAISE EXCEPTION 'the terms of a published offer do not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
"""


def stands_once_published() -> list[pgtrigger.Trigger]:
    """For the tables that say more of an offer's terms: nothing is added, changed or taken out once it is published."""
    return [
        pgtrigger.Trigger(
            name="published_terms_stand",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=STANDS,
        )
    ]


class ShareOffer(SocietyRow):
    """An invitation to apply for shares. Sums in pence; days are London days, the closing day included.

    `taken_pence` is what live applications are due; under first come, first served it may not pass the maximum.
    """

    share_class = models.ForeignKey(ShareClass, models.PROTECT, related_name="offers")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    summary = models.TextField(help_text="One or two sentences: what the money is for.")
    story = models.TextField(blank=True, help_text="The offer in the society's own words (Markdown).")
    kind = models.CharField(max_length=12, choices=OfferKind.choices, default=OfferKind.TIME_BOUND)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True, blank=True)
    minimum_pence = PenceField(null=True, blank=True)
    optimum_pence = PenceField(null=True, blank=True)
    maximum_pence = PenceField(null=True, blank=True)
    min_application_pence = PenceField()
    max_application_pence = PenceField(null=True, blank=True)
    multiple_of_pence = PenceField(default=100)
    max_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    oversubscription = models.CharField(
        max_length=16, choices=Oversubscription.choices, default=Oversubscription.FIRST_COME
    )
    tier_then = models.CharField(
        max_length=16,
        choices=[choice for choice in Oversubscription.choices if choice[0] != Oversubscription.PRIORITY_TIERS],
        default=Oversubscription.PRO_RATA,
    )
    transfer_days = models.PositiveSmallIntegerField(default=10)
    cooling_off_days = models.PositiveSmallIntegerField(default=14)
    ratio_tier = models.CharField(max_length=12, blank=True)
    ratio_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    cards_accepted = models.BooleanField(default=True)
    collection = models.CharField(max_length=16, choices=Collection.choices, default=Collection.ON_APPLICATION)
    cash_accepted = models.BooleanField(default=False)
    # Of the maximum: what may wait unpaid from one address under first come, first served. None for no limit.
    unpaid_percent = models.PositiveSmallIntegerField(null=True, default=10)

    state = models.CharField(max_length=12, choices=OfferState.choices, default=OfferState.DRAFT)
    taken_pence = PenceField(default=0)
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)

    class Meta:
        ordering = ["-opens_on"]
        constraints = [
            models.UniqueConstraint(fields=["society", "slug"], name="offer_slug_once"),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="offer_closes_after_opening",
                violation_error_message="An offer cannot close before it opens.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["membership", "open"])
                | Q(
                    closes_on__isnull=False,
                    minimum_pence__isnull=False,
                    optimum_pence__isnull=False,
                    maximum_pence__isnull=False,
                ),
                name="offer_time_bound_has_targets",
                violation_error_message="A time-bound or pioneer offer needs a closing day and its three targets.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(minimum_pence__isnull=True)
                    | Q(optimum_pence__isnull=True)
                    | Q(minimum_pence__lte=F("optimum_pence"))
                )
                & (
                    Q(optimum_pence__isnull=True)
                    | Q(maximum_pence__isnull=True)
                    | Q(optimum_pence__lte=F("maximum_pence"))
                )
                & (
                    Q(minimum_pence__isnull=True)
                    | Q(maximum_pence__isnull=True)
                    | Q(minimum_pence__lte=F("maximum_pence"))
                ),
                name="offer_targets_in_order",
                violation_error_message="The minimum may not be above the optimum, nor the optimum above the maximum.",
            ),
            models.CheckConstraint(
                condition=Q(min_application_pence__gt=0, multiple_of_pence__gt=0)
                & (Q(minimum_pence__isnull=True) | Q(minimum_pence__gte=0))
                & (Q(maximum_pence__isnull=True) | Q(maximum_pence__gt=0)),
                name="offer_sums_positive",
            ),
            models.CheckConstraint(
                condition=Q(max_application_pence__isnull=True)
                | Q(max_application_pence__gte=F("min_application_pence")),
                name="offer_largest_not_below_smallest",
                violation_error_message="The largest application may not be below the smallest.",
            ),
            models.CheckConstraint(
                condition=Q(taken_pence__gte=0)
                & (
                    ~Q(oversubscription="first-come")
                    | Q(maximum_pence__isnull=True)
                    | Q(taken_pence__lte=F("maximum_pence"))
                ),
                name="offer_never_oversold",
            ),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_state_known"),
            models.CheckConstraint(
                condition=Q(collection=Collection.ON_APPLICATION)
                | Q(collection=Collection.AT_CLOSE, closes_on__isnull=False, minimum_pence__isnull=False),
                name="offer_collects_at_a_close",
                violation_error_message="To take the money at the close, an offer needs a last day and a minimum.",
            ),
            models.CheckConstraint(
                condition=Q(ratio_percent__isnull=True, ratio_tier="")
                | Q(ratio_percent__isnull=False, ratio_percent__range=(1, 100)) & ~Q(ratio_tier=""),
                name="offer_ratio_whole",
            ),
            models.CheckConstraint(
                condition=Q(unpaid_percent__isnull=True) | Q(unpaid_percent__range=(1, 100)),
                name="offer_unpaid_percent_of_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(max_percent__isnull=True) | Q(max_percent__range=(1, 100), maximum_pence__isnull=False),
                name="offer_percent_of_a_maximum",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="offer_state_moves_forward",
                field="state",
                transitions=[tuple(map(str, pair)) for pair in TRANSITIONS],
            ),
            pgtrigger.Trigger(
                name="published_terms_stand",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*TERMS),
                func="""
                    IF OLD.state <> 'draft' THEN
                        RAISE EXCEPTION 'the terms of a published offer do not change'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """What two tables say together: sums are whole numbers of shares, the ratio names an area of the offer."""
        if self.share_class_id and self.multiple_of_pence % self.share_class.nominal_pence:
            raise ValidationError({"multiple_of_pence": _("The step must be a whole number of shares.")})
        if self.ratio_tier and self.ratio_percent is None:  # which a CHECK lets through, since NULL is not false
            raise ValidationError({"ratio_percent": _("Say what percentage of members must be in this area.")})
        if self.ratio_tier and not self.tiers.filter(code=self.ratio_tier).exists():
            raise ValidationError({"ratio_tier": _("There is no area with this code.")})

    def closes_at(self):
        """The first moment at which the offer is past its last day; None for an offer without one."""
        return clock.day_begins_at(self.closes_on + timedelta(days=1)) if self.closes_on else None

    def is_open(self, moment=None) -> bool:
        """Whether an application may be taken at a moment (now, if none is given)."""
        moment = moment or clock.now()
        if self.state != OfferState.PUBLISHED or moment < clock.day_begins_at(self.opens_on):
            return False
        end = self.closes_at()
        return end is None or moment < end

    def is_decided(self) -> bool:
        return self.state in (OfferState.ALLOTTED, OfferState.FAILED)


class Tier(SocietyRow):
    """An area with its own terms: the first one whose postcodes match is the applicant's (`position` order)."""

    offer = models.ForeignKey(ShareOffer, models.PROTECT, related_name="tiers")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=80, blank=True)
    postcodes = ArrayField(models.CharField(max_length=10))
    min_application_pence = PenceField(null=True, blank=True)
    max_application_pence = PenceField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["society", "offer", "code"], name="tier_code_once"),
            models.UniqueConstraint(fields=["society", "offer", "position"], name="tier_position_once"),
            models.CheckConstraint(condition=Q(postcodes__len__gte=1), name="tier_has_postcodes"),
        ]
        triggers = stands_once_published()

    def __str__(self):
        return self.name or self.code

    def covers(self, postcode: str) -> bool:
        """Whether a postcode begins with one of ours; spaces and case do not count."""
        plain = "".join(postcode.split()).upper()
        return any(plain.startswith("".join(beginning.split()).upper()) for beginning in self.postcodes)


class MatchCommitment(SocietyRow):
    """An institution's promise to put in money beside people's: `ratio_pence` for each pound, up to the cap."""

    offer = models.ForeignKey(ShareOffer, models.PROTECT, related_name="matches")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=HolderKind.choices)
    address = models.TextField(blank=True)
    ratio_pence = PenceField()
    cap_pence = PenceField()
    trigger = models.CharField(max_length=8, choices=MatchTrigger.choices, default=MatchTrigger.MINIMUM)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["society", "offer", "position"], name="match_position_once"),
            models.CheckConstraint(condition=Q(ratio_pence__gt=0, cap_pence__gt=0), name="match_sums_positive"),
            models.CheckConstraint(condition=Q(trigger__in=MatchTrigger.values), name="match_trigger_known"),
        ]
        triggers = stands_once_published()

    def __str__(self):
        return self.name


class OfferVersion(AppendOnly, SocietyRow):
    """The text that applicants saw, frozen and hashed. Each application names the version it was made under."""

    offer = models.ForeignKey(ShareOffer, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        triggers = append_only.triggers()
        constraints = [models.UniqueConstraint(fields=["society", "offer", "number"], name="version_number_once")]

    def __str__(self):
        return f"Version {self.number} of {self.offer}"
