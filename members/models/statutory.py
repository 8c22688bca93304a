"""The rest of what s.30 of the 2014 Act asks of the register, each fact with its day and the moment we knew it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common import append_only, ids
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow
from members.models.register import Member


class Known(AppendOnly, SocietyRow):
    """A fact that counts from a day on, recorded at a moment by a person; None where a rule did it."""

    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class MembershipChange(Known):
    """A member ceased, on this day the last, or was admitted again from this day on (s.30(2)(f)).

    Who ceases on a day is a member to its end. `Member.ceased_on` says the same for today.
    """

    CEASED, READMITTED = "ceased", "readmitted"
    KINDS = [(CEASED, "ceased to be a member"), (READMITTED, "admitted again")]

    member = models.ForeignKey(Member, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=KINDS)
    reason = models.CharField(max_length=200)

    class Meta:
        triggers = append_only.triggers()
        ordering = ["effective_on", "recorded_at"]
        indexes = [models.Index(fields=["society", "member", "-effective_on"], name="membership_change_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["ceased", "readmitted"]), name="membership_change_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="membership_change_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.kind} on {self.effective_on}"


class OtherProperty(Known):
    """Movement of a member's other property in the society: loans, deposits or otherwise (s.30(2)(d)); + in, − out."""

    LOAN, DEPOSIT, OTHER = "loan", "deposit", "other"
    KINDS = [(LOAN, "loan"), (DEPOSIT, "deposit"), (OTHER, "other property")]

    member = models.ForeignKey(Member, models.PROTECT, related_name="other_property")
    kind = models.CharField(max_length=8, choices=KINDS)
    description = models.CharField(max_length=200)
    amount_pence = PenceField()

    class Meta:
        verbose_name_plural = "other property"
        triggers = append_only.triggers()
        ordering = ["effective_on", "recorded_at"]
        indexes = [models.Index(fields=["society", "member"], name="other_property_of_member")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["loan", "deposit", "other"]), name="other_property_known"),
            models.CheckConstraint(condition=~Q(amount_pence=0), name="other_property_moves"),
            models.CheckConstraint(condition=~Q(description=""), name="other_property_described"),
        ]

    def __str__(self):
        return f"{self.kind} {self.amount_pence:+}"


class OfficeHeld(Known):
    """What the register of officers says of somebody in an office, from a day on (s.30(3)).

    A change is a new row with the same `tenure`; the newest by day and moment is what the register says.
    `took_office_on` and `left_office_on` are the days that the law asks for.
    """

    tenure = models.UUIDField(default=ids.uuid7)
    name = models.CharField(max_length=200)
    address = models.TextField()
    email = models.EmailField(blank=True)
    email_purposes = models.CharField(max_length=60, blank=True)
    office = models.CharField(max_length=100)
    took_office_on = models.DateField()
    left_office_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "offices held"
        triggers = append_only.triggers()
        ordering = ["effective_on", "recorded_at"]
        indexes = [models.Index(fields=["society", "tenure", "-effective_on"], name="office_held_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(address="") & ~Q(office=""), name="office_held_is_told"),
            models.CheckConstraint(
                condition=Q(email="") | ~Q(email_purposes=""), name="office_held_says_what_email_is_for"
            ),
            models.CheckConstraint(
                condition=Q(left_office_on__isnull=True) | Q(left_office_on__gte=F("took_office_on")),
                name="office_is_left_after_it_is_taken",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.office}"
