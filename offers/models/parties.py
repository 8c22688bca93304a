"""Who is concerned: parties, the holders they make up, and how much of the caps each has used.

A user signs in; a party is a person or body that a society knows, with or without a user; a holder is one or
more parties and becomes a member at allotment.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common import append_only
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow
from offers.choices import HolderKind, PartyKind, PartyRole


class Party(SocietyRow):
    """A person or body as one society knows it. `identity` is what makes two applications the same party's."""

    kind = models.CharField(max_length=20, choices=PartyKind.choices)
    name = models.CharField(max_length=200)
    identity = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    born_on = models.DateField(null=True, blank=True)
    registered_as = models.CharField(max_length=40, blank=True)  # a body's number in its own register
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="parties")

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["society", "identity"], name="party_identity_once"),
            models.CheckConstraint(condition=Q(kind__in=PartyKind.values), name="party_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="party_has_a_name"),
        ]

    def __str__(self):
        return self.name


class Holder(SocietyRow):
    """Those who hold shares together and are one member: one row of the register, one vote."""

    kind = models.CharField(max_length=20, choices=HolderKind.choices)
    identity = models.CharField(max_length=64)
    people = models.PositiveSmallIntegerField(default=1)  # more than one only for a syndicate
    parties = models.ManyToManyField(Party, through="HolderParty", related_name="holders")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["society", "identity"], name="holder_identity_once"),
            models.CheckConstraint(condition=Q(kind__in=HolderKind.values), name="holder_kind_known"),
            models.CheckConstraint(condition=Q(people__gte=1), name="holder_has_people"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}"


class HolderParty(SocietyRow):
    """One party's part in a holder; `position` 1 stands first on the register."""

    holder = models.ForeignKey(Holder, models.PROTECT, related_name="parts")
    party = models.ForeignKey(Party, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=16, choices=PartyRole.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["society", "holder", "party"], name="holder_party_once"),
            models.UniqueConstraint(fields=["society", "holder", "position"], name="holder_position_once"),
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="holder_party_role_known"),
        ]

    def __str__(self):
        return f"{self.party} as {self.get_role_display()}"


class KnownApart(AppendOnly, SocietyRow):
    """Two parties that look like one and are two, as an officer found out. `first` has the lower key."""

    first = models.ForeignKey(Party, models.PROTECT, related_name="+")
    second = models.ForeignKey(Party, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "known apart"
        triggers = append_only.triggers()
        constraints = [
            models.UniqueConstraint(fields=["society", "first", "second"], name="known_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="known_apart_in_order"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="known_apart_with_a_reason"),
        ]

    def __str__(self):
        return f"{self.first} is not {self.second}"


class Exposure(SocietyRow):
    """How much of the law's limit a party has used in a society: the row that purchases lock.

    held_pence: on the ledger, joint and children's holdings whole; live_pence: applied for and not decided.
    `limit_pence` is the law's limit when the row was last written, None for a registered society.
    """

    party = models.OneToOneField(Party, models.PROTECT, related_name="exposure")
    held_pence = PenceField(default=0)
    live_pence = PenceField(default=0)
    limit_pence = PenceField(null=True)

    is_new = False  # true where this transaction made it: nothing else can be known of its party yet

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(held_pence__gte=0), name="exposure_held_not_negative"),
            models.CheckConstraint(condition=Q(live_pence__gte=0), name="exposure_live_not_negative"),
            models.CheckConstraint(
                condition=Q(limit_pence__isnull=True) | Q(limit_pence__gte=F("held_pence") + F("live_pence")),
                name="exposure_within_the_law",
            ),
        ]

    def __str__(self):
        return f"{self.held_pence} held, {self.live_pence} live"
