"""Societies: the body that issues shares, its registered rules, its classes of share, its officers."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import append_only, clock
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import Row, SocietyRow
from compliance import rulesets
from offers.choices import AssetLock, HolderKind, LegalForm, OfferState, OfficerRole

ACCENTS = ["tide", "plum", "fern", "slate", "brick", "indigo", "bronze", "ink"]


def every_kind() -> list[str]:
    """All kinds of holder: what rules admit unless they say otherwise."""
    return list(HolderKind.values)


class Society(Row):
    """A registered society. Its name stands on every page and paper exactly as it is registered (2014 Act s.10)."""

    registered_name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    register_number = models.CharField(max_length=12, unique=True)
    legal_form = models.CharField(max_length=40, choices=LegalForm.choices)
    jurisdiction = models.CharField(max_length=8)
    registered_office = models.TextField(help_text="One line of the address on each line.")
    year_end_month = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(12)])
    year_end_day = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(31)])
    asset_lock = models.CharField(max_length=12, choices=AssetLock.choices)
    objects_text = models.TextField("objects", blank=True)
    email = models.EmailField()
    telephone = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)
    data_protection_number = models.CharField(max_length=20, blank=True)
    bank_name = models.CharField("account name", max_length=100, blank=True)
    bank_sort_code = models.CharField("sort code", max_length=8, blank=True)
    bank_account = models.CharField("account number", max_length=8, blank=True)
    accent = models.CharField(max_length=8, default="tide", choices=[(name, name) for name in ACCENTS])
    is_demo = models.BooleanField(default=False)
    registered_on = models.DateField()

    class Meta:
        verbose_name_plural = "societies"
        ordering = ["registered_name"]
        constraints = [
            models.CheckConstraint(condition=Q(legal_form__in=LegalForm.values), name="society_legal_form_known"),
            models.CheckConstraint(condition=Q(asset_lock__in=AssetLock.values), name="society_asset_lock_known"),
            models.CheckConstraint(
                condition=Q(year_end_month__range=(1, 12), year_end_day__range=(1, 31)),
                name="society_year_end_is_a_day",
            ),
            models.CheckConstraint(
                condition=Q(bank_sort_code="", bank_account="")
                | Q(
                    bank_sort_code__regex=r"^[0-9]{2}-?[0-9]{2}-?[0-9]{2}$",
                    bank_account__regex=r"^[0-9]{8}$",
                ),
                name="society_bank_account_whole",
                violation_error_message=_("Enter a sort code of 6 digits and an account number of 8, or neither."),
            ),
        ]
        triggers = [
            # Payers send money here: once there is an account, two officers change it (payments/own_account.py).
            pgtrigger.Trigger(
                name="own_account_by_two_people",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("bank_name", "bank_sort_code", "bank_account"),
                func="""
                    IF OLD.bank_account <> '' AND NOT EXISTS (
                        SELECT 1 FROM (
                            SELECT facts FROM compliance_approval
                            WHERE society_id = OLD.id AND act = 'own-account' AND used_at IS NOT NULL
                            ORDER BY used_at DESC, id DESC LIMIT 1
                        ) newest
                        WHERE facts->>'account_name' = NEW.bank_name AND facts->>'sort_code' = NEW.bank_sort_code
                          AND facts->>'account_number' = NEW.bank_account
                    ) THEN
                        RAISE EXCEPTION 'two officers change the account of a society'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.registered_name

    def clean(self):
        """Societies are taken from jurisdictions whose law has been read, and whose money is the pound."""
        if self.jurisdiction not in dict(rulesets.jurisdictions()):
            known = self.jurisdiction in rulesets.codes()
            why = rulesets.rule_set(self.jurisdiction, clock.today()).why_not if known else _("Not known here.")
            raise ValidationError({"jurisdiction": why})

    def law(self, on) -> rulesets.RuleSet:
        """The figures of the law that hold for this society on a day."""
        return rulesets.rule_set(self.jurisdiction, on)


class RuleBook(AppendOnly, SocietyRow):
    """The values in a society's registered rules that the site enforces, from the day they were registered.

    Beside each value stands the number of the rule, so that a refusal can quote it. An amendment is not valid
    until it is registered, so it is a new row with a later day; what was entered wrongly for a day is answered by
    another row with the next `edition` of that day. No row is ever changed: what was decided under it stands.
    """

    valid_from_on = models.DateField("day of registration", help_text="From this day the rules hold.")
    edition = models.PositiveSmallIntegerField(default=1, editable=False)
    registration_reference = models.CharField("the registrar's reference", max_length=40, blank=True)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False,
                                    related_name="+")  # fmt: skip
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False,
                                    related_name="+")  # fmt: skip
    min_age = models.PositiveSmallIntegerField(default=16)
    min_age_rule = models.CharField(max_length=20, blank=True)
    max_holding_pence = PenceField()
    max_holding_rule = models.CharField(max_length=20, blank=True)
    admits = ArrayField(models.CharField(max_length=20, choices=HolderKind.choices), default=every_kind)
    admits_rule = models.CharField(max_length=20, blank=True)
    syndicate_max = models.PositiveSmallIntegerField(default=10)
    syndicate_rule = models.CharField(max_length=20, blank=True)
    withdrawal_notice_days = models.PositiveSmallIntegerField(default=90)
    withdrawal_rule = models.CharField(max_length=20, blank=True)
    interest_limit = models.CharField(max_length=200, blank=True)
    interest_rule = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-valid_from_on", "-edition"]
        triggers = append_only.triggers()
        constraints = [
            models.UniqueConstraint(fields=["society", "valid_from_on", "edition"], name="rule_book_edition_once"),
            models.CheckConstraint(condition=~Q(approved_by=F("recorded_by")), name="rule_book_by_two_people"),
            models.CheckConstraint(condition=Q(max_holding_pence__gt=0), name="rule_book_max_holding_positive"),
            models.CheckConstraint(condition=Q(admits__len__gte=1), name="rule_book_admits_somebody"),
        ]

    def __str__(self):
        return f"Rules of {self.society} from {self.valid_from_on}"


class ShareClass(SocietyRow):
    """A class of share with its nominal value. Only withdrawable, non-transferable shares are offered (TYP-1)."""

    name = models.CharField(max_length=100)
    nominal_pence = PenceField()
    withdrawable = models.BooleanField(default=True)
    transferable = models.BooleanField(default=False)
    rule = models.CharField("rule number", max_length=20, blank=True)

    class Meta:
        verbose_name_plural = "share classes"
        constraints = [
            models.UniqueConstraint(fields=["society", "name"], name="share_class_name_once"),
            models.CheckConstraint(condition=Q(nominal_pence__gt=0), name="share_class_nominal_positive"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="offered_class_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("society", "nominal_pence", "withdrawable", "transferable"),
                func="""
                    IF EXISTS (SELECT 1 FROM offers_shareoffer WHERE share_class_id = OLD.id AND state <> 'draft') THEN
                        RAISE EXCEPTION 'shares that have been offered do not change'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Shares that have been offered keep their value and their nature; the table refuses it too."""
        before = ShareClass.objects.filter(pk=self.pk).first()
        kept = ("nominal_pence", "withdrawable", "transferable")
        changed = before and any(getattr(self, name) != getattr(before, name) for name in kept)
        if changed and before.offers.exclude(state=OfferState.DRAFT).exists():
            raise ValidationError(_("Shares of this class have been offered: enter another class instead."))


class Officer(SocietyRow):
    """Somebody who may act for a society on the site, in one role, from one moment to another."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="offices")
    role = models.CharField(max_length=12, choices=OfficerRole.choices)
    appointed_at = models.DateTimeField()
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["society", "user", "role"],
                condition=Q(ended_at__isnull=True),
                name="officer_role_once",
            ),
            models.CheckConstraint(condition=Q(role__in=OfficerRole.values), name="officer_role_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("appointed_at")),
                name="officer_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="officer_end_has_time_and_person",
            ),
        ]

    def __str__(self):
        return f"{self.user} as {self.get_role_display()}"
