"""The share ledger: signed entries that are never changed, each holding the hash of the one before."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common import append_only
from common.append_only import AppendOnly
from common.money import PenceField
from common.rows import SocietyRow
from compliance.models import Certificate
from members.models.register import Member
from offers.models import Application, Party, ShareClass, ShareOffer

FOLLOWS = """
    -- one line of entries for each society: no gap, no fork, no earlier time after a later one
    IF NOT EXISTS (SELECT 1 FROM members_ledgerentry WHERE society_id = NEW.society_id AND seq = NEW.seq - 1
            AND hash = NEW.previous_hash AND recorded_at <= NEW.recorded_at)
       AND NOT (NEW.seq = 1 AND NEW.previous_hash = decode(repeat('00', 32), 'hex')) THEN
        RAISE EXCEPTION 'entry % does not follow the one before it', NEW.seq
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""
FROZEN = """
    -- no share leaves a holding while a freeze stands
    IF EXISTS (SELECT 1 FROM members_freeze frozen WHERE frozen.society_id = NEW.society_id
               AND frozen.member_id = NEW.member_id
               AND NOT EXISTS (SELECT 1 FROM members_freezeend ended WHERE ended.freeze_id = frozen.id)) THEN
        RAISE EXCEPTION 'no share leaves a holding that is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class Numbering(SocietyRow):
    """The last numbers a society has used; its row is the lock under which new ones are taken."""

    last_member = models.PositiveIntegerField(default=0)
    last_certificate = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)
    last_hash = models.BinaryField(max_length=32, default=bytes(32))
    last_recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["society"], name="numbering_one")]

    def __str__(self):
        return f"{self.last_member} members, {self.last_seq} entries"


class LedgerEntry(AppendOnly, SocietyRow):
    """One movement of shares: + in, − out. Never changed, never deleted; a mistake is answered by a reversal.

    `seq` has no gaps within a society. `effective_on` is the day it counts from, `recorded_at` when we learnt of it.
    `hash` is SHA-256 over the encoding of `members/chain.py`, which holds `previous_hash`.
    """

    FOUNDING, ALLOTMENT, MATCH, REVERSAL = "founding", "allotment", "match", "reversal"
    KINDS = [
        (FOUNDING, "founding share"),
        (ALLOTMENT, "allotment"),
        (MATCH, "match funding"),
        (REVERSAL, "reversal"),
    ]

    seq = models.PositiveIntegerField()
    member = models.ForeignKey(Member, models.PROTECT, related_name="entries")
    share_class = models.ForeignKey(ShareClass, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=KINDS)
    shares = models.BigIntegerField()
    amount_pence = PenceField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    offer = models.ForeignKey(ShareOffer, models.PROTECT, null=True, related_name="entries")
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="entry")
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="entries")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    authority = models.CharField(max_length=200)
    particulars_commitment = models.BinaryField(max_length=32)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["seq"]
        indexes = [models.Index(fields=["society", "member", "effective_on"], name="entry_member_day")]
        constraints = [
            models.UniqueConstraint(fields=["society", "seq"], name="entry_seq_once"),
            models.UniqueConstraint(fields=["society", "hash"], name="entry_hash_once"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="entry_seq_positive"),
            models.CheckConstraint(
                condition=Q(shares__gt=0, amount_pence__gt=0) | Q(shares__lt=0, amount_pence__lt=0),
                name="entry_shares_and_sum_same_sign",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | ~Q(kind="reversal") & Q(reverses__isnull=True),
                name="entry_reversal_names_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["founding", "allotment", "match"]) | Q(shares__gt=0),
                name="entry_allotment_adds",
            ),
            models.CheckConstraint(condition=~Q(pk=F("reverses")), name="entry_never_reverses_itself"),
        ]
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="follows_the_one_before", when=pgtrigger.Before, operation=pgtrigger.Insert, func=FOLLOWS
            ),
            pgtrigger.Trigger(
                name="frozen_shares_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__shares__lt=0),
                func=FROZEN,
            ),
            pgtrigger.Trigger(
                name="reversal_mirrors",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__reverses__isnull=False),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM members_ledgerentry AS mirrored WHERE mirrored.id = NEW.reverses_id
                            AND mirrored.society_id = NEW.society_id AND mirrored.member_id = NEW.member_id
                            AND mirrored.share_class_id = NEW.share_class_id AND mirrored.shares = -NEW.shares
                            AND mirrored.amount_pence = -NEW.amount_pence AND mirrored.kind <> 'reversal') THEN
                        RAISE EXCEPTION 'a reversal mirrors the entry it reverses'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"Entry {self.seq}: {self.shares:+}"


class EntryInterest(AppendOnly, SocietyRow):
    """A party with an interest in an entry: its exposure counts the whole sum."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="interests")
    party = models.ForeignKey(Party, models.PROTECT, related_name="entry_interests")

    class Meta:
        triggers = append_only.triggers()
        constraints = [models.UniqueConstraint(fields=["society", "entry", "party"], name="entry_interest_once")]

    def __str__(self):
        return f"{self.party_id} in {self.entry_id}"
