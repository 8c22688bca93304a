"""The register: members, and what the register says of them through time."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common import append_only
from common.append_only import AppendOnly
from common.rows import SocietyRow
from offers.models import Holder


class Member(SocietyRow):
    """A holder entered on the register: one row, one vote. `entered_on` is the day of the first allotment."""

    holder = models.OneToOneField(Holder, models.PROTECT, related_name="member")
    number = models.PositiveIntegerField()
    entered_on = models.DateField()
    ceased_on = models.DateField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["society", "number"], name="member_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="member_number_positive"),
            models.CheckConstraint(
                condition=Q(ceased_on__isnull=True) | Q(ceased_on__gte=F("entered_on")),
                name="member_ceases_after_entering",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="entry_on_register_stands", fields=["society", "holder", "number", "entered_on"]),
            pgtrigger.Protect(name="member_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"Member {self.number}"


class Particulars(AppendOnly, SocietyRow):
    """What the register says of a member from a day on: name, postal and electronic address (2014 Act s.30(2)(a), (b)).

    A change is a new row, so a past register shows the address of that day. `salt` makes the commitment in the
    ledger unreadable without this row.
    """

    member = models.ForeignKey("members.Member", models.PROTECT, related_name="particulars")
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=300)
    joint_names = models.CharField(max_length=600, blank=True)  # the others, in order, "; " between
    representative = models.CharField(max_length=200, blank=True)
    address = models.TextField()
    postcode = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, default="GB")
    email = models.EmailField(blank=True)
    email_purposes = models.CharField(max_length=60, blank=True)
    salt = models.BinaryField(max_length=16)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "particulars"
        ordering = ["effective_on", "recorded_at"]
        triggers = append_only.triggers()
        indexes = [
            models.Index(fields=["society", "member", "-effective_on", "-recorded_at"], name="particulars_newest")
        ]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="particulars_have_a_name")]

    def __str__(self):
        return f"{self.name} from {self.effective_on}"
