"""Seals of the ledger: one hash over all entries so far, kept here and sent where this site cannot change it."""

import pgtrigger
from django.db import models
from django.db.models import Q

from common import append_only
from common.append_only import AppendOnly
from common.rows import SocietyRow
from offers.models import Officer

FOLLOWS = """
    -- one line of seals for each society: no gap, no fork, never over fewer entries than before
    IF NOT EXISTS (SELECT 1 FROM members_ledgerseal WHERE society_id = NEW.society_id AND number = NEW.number - 1
            AND hash = NEW.previous_hash AND entries < NEW.entries AND sealed_at <= NEW.sealed_at)
       AND NOT (NEW.number = 1 AND NEW.previous_hash = decode(repeat('00', 32), 'hex')) THEN
        RAISE EXCEPTION 'seal % does not follow the one before it', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM members_ledgerentry
            WHERE society_id = NEW.society_id AND seq = NEW.entries AND hash = NEW.head_hash) THEN
        RAISE EXCEPTION 'seal % is not over the entries that stand there', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class LedgerSeal(AppendOnly, SocietyRow):
    """The Merkle root over the hashes of the first `entries` entries, each day on which there are new ones.

    `hash` is over the seal's own fields and the seal before it (docs/ledger.md), so seals are a chain too.
    """

    number = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    head_hash = models.BinaryField(max_length=32)
    root = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["number"]
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="seal_follows_the_one_before", when=pgtrigger.Before, operation=pgtrigger.Insert, func=FOLLOWS
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["society", "number"], name="seal_number_once"),
            models.UniqueConstraint(fields=["society", "entries"], name="seal_entries_once"),
            models.CheckConstraint(condition=Q(number__gte=1, entries__gte=1), name="seal_counts_from_one"),
        ]

    def __str__(self):
        return f"Seal {self.number} over {self.entries} entries"


class SealNotice(AppendOnly, SocietyRow):
    """To which officer a seal was sent: a copy that this site's keeper cannot change."""

    seal = models.ForeignKey(LedgerSeal, models.PROTECT, related_name="notices")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only.triggers()
        constraints = [models.UniqueConstraint(fields=["society", "seal", "officer"], name="seal_notice_once")]

    def __str__(self):
        return f"{self.seal} to {self.officer_id}"
