"""What officers answered to the checklist of an offer, and who looked at each answer. Rows are only ever added."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from common import append_only
from common.append_only import AppendOnly
from common.rows import SocietyRow
from offers.models.offers import ShareOffer

FILE_WHOLE = Q(file__isnull=True, file_name="", file_sha256="") | Q(
    file__isnull=False, file_name__regex=r"\S", file_sha256__regex=r"^[0-9a-f]{64}$"
)


class ChecklistAnswer(AppendOnly, SocietyRow):
    """What an offer says to one item: words of its own, a heading of the story, a page, a paper, or several of them.

    Another answer is another row with the next edition; nothing at all takes the one before back. Once the offer is
    published its answers stand.
    """

    offer = models.ForeignKey(ShareOffer, models.PROTECT, related_name="answers")
    item = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    heading = models.CharField(max_length=200, blank=True)  # of the story, where it is said under one
    url = models.URLField(max_length=300, blank=True)
    file = models.BinaryField(null=True)
    file_name = models.CharField(max_length=120, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["society", "offer", "item", "edition"], name="checklist_edition_once"),
            models.CheckConstraint(condition=Q(item__gte=1, edition__gte=1), name="checklist_counts_from_one"),
            models.CheckConstraint(condition=FILE_WHOLE, name="checklist_file_whole"),
        ]
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="answers_a_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM offers_shareoffer WHERE id = NEW.offer_id
                                   AND society_id = NEW.society_id AND state = 'draft') THEN
                        RAISE EXCEPTION 'what a published offer says does not change'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"Item {self.item} of {self.offer}"

    @property
    def says_something(self) -> bool:
        return bool(self.words or self.heading or self.url or self.file_sha256)


class ChecklistReview(AppendOnly, SocietyRow):
    """A second officer's look at an answer: it will do, or why it will not.

    `said_sha256` is of what was looked at, the story's section included; when that changes, the review no longer fits.
    """

    answer = models.ForeignKey(ChecklistAnswer, models.PROTECT, related_name="reviews")
    said_sha256 = models.CharField(max_length=64)
    passed = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-reviewed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=True) | Q(note__regex=r"\S"), name="checklist_sent_back_with_a_reason"
            ),
            models.CheckConstraint(condition=Q(said_sha256__regex=r"^[0-9a-f]{64}$"), name="checklist_review_has_hash"),
        ]
        triggers = [
            *append_only.triggers(),
            pgtrigger.Trigger(
                name="reviewed_by_another_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM offers_checklistanswer said
                        JOIN offers_shareoffer offer ON offer.id = said.offer_id AND offer.state = 'draft'
                        WHERE said.id = NEW.answer_id AND said.society_id = NEW.society_id
                          AND said.answered_by_id <> NEW.reviewed_by_id
                          AND NOT EXISTS (SELECT 1 FROM offers_checklistanswer later
                                          WHERE later.offer_id = said.offer_id AND later.item = said.item
                                            AND later.edition > said.edition)
                    ) THEN
                        RAISE EXCEPTION 'another person looks at what a draft says now'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.answer}: {'reviewed' if self.passed else 'sent back'}"
