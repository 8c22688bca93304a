"""What is done to a holding that no money moves: freezing it, and changes that wait for a second person."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common import append_only
from common.append_only import AppendOnly
from common.rows import SocietyRow
from compliance.models import Approval
from members.models.register import Member


class PreparedChange(SocietyRow):
    """What somebody asks of one member's row, with the paper that shows it, until a second person approves it.

    The approval holds the hash of `said` and of the paper, and no name: these may be emptied here and the approval
    still says what was approved. `is_members_own`: the member asked, not an officer.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="prepared_changes")
    act = models.CharField(max_length=20, choices=Approval.ACTS)
    said = models.JSONField()
    paper = models.BinaryField(null=True)
    paper_name = models.CharField(max_length=200, blank=True)
    paper_sha256 = models.CharField(max_length=64, blank=True)
    is_members_own = models.BooleanField(default=False)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["prepared_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paper__isnull=True) | Q(paper_sha256__regex=r"^[0-9a-f]{64}$"),
                name="prepared_change_paper_has_a_hash",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="prepared_change_is_emptied_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF ROW(NEW.id, NEW.society_id, NEW.member_id, NEW.act, NEW.paper_sha256, NEW.is_members_own,
                           NEW.prepared_at, NEW.prepared_by_id)
                            IS DISTINCT FROM ROW(OLD.id, OLD.society_id, OLD.member_id, OLD.act, OLD.paper_sha256,
                                                 OLD.is_members_own, OLD.prepared_at, OLD.prepared_by_id)
                       OR NEW.said <> OLD.said AND NEW.said <> '{}'::jsonb
                       OR NEW.paper IS DISTINCT FROM OLD.paper AND NEW.paper IS NOT NULL
                       OR NEW.paper_name <> OLD.paper_name AND NEW.paper_name <> '' THEN
                        RAISE EXCEPTION 'what was prepared is approved as it is, or emptied'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="prepared_change_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.get_act_display()}, prepared {self.prepared_at:%Y-%m-%d}"


class Freeze(AppendOnly, SocietyRow):
    """No share leaves this holding until the freeze has ended. One officer is enough, so that it can be at once."""

    DEATH, INSOLVENCY, DISPUTE, ORDER = "death", "insolvency", "dispute", "order"
    GROUNDS = [
        (DEATH, "the member has died"),
        (INSOLVENCY, "the member is bankrupt or insolvent"),
        (DISPUTE, "it is disputed whose shares they are"),
        (ORDER, "a court or an authority has ordered it"),
    ]

    member = models.ForeignKey(Member, models.PROTECT, related_name="freezes")
    ground = models.CharField(max_length=10, choices=GROUNDS)
    reason = models.CharField(max_length=300)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["frozen_at"]
        triggers = append_only.triggers()
        indexes = [models.Index(fields=["society", "member"], name="freeze_of_member")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=["death", "insolvency", "dispute", "order"]), name="freeze_ground_known"
            ),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="freeze_has_a_reason"),
        ]

    def __str__(self):
        return f"Frozen: {self.get_ground_display()}"


ENDED_BY_TWO = """
    IF NOT EXISTS (
        SELECT 1 FROM compliance_approval approval JOIN members_freeze frozen ON frozen.id = NEW.freeze_id
        WHERE approval.id = NEW.approval_id AND approval.society_id = NEW.society_id AND approval.used_at IS NOT NULL
          AND approval.act = 'unfreeze' AND approval.subject_id = frozen.id
    ) THEN
        RAISE EXCEPTION 'two officers end a freeze' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class FreezeEnd(AppendOnly, SocietyRow):
    """The freeze is over, because two officers said so."""

    freeze = models.OneToOneField(Freeze, models.PROTECT, related_name="end")
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="freeze_ends_by_two", when=pgtrigger.Before, operation=pgtrigger.Insert, func=ENDED_BY_TWO
            ),
        ]
        constraints = [models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="freeze_end_has_a_reason")]

    def __str__(self):
        return f"{self.freeze} until {self.ended_at:%Y-%m-%d}"
