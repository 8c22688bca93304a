"""Tables that know nothing of shares: mail that is due, who did what, what all processes know for a while."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common import append_only
from common.append_only import AppendOnly
from common.rows import Row, SocietyRow


class OutgoingMail(Row):
    """A message that is due, written in the transaction of what it tells of and sent after commit.

    At most one for each kind and subject: whoever asks twice gets the row that is there. What was sent is kept
    with it, so that an officer can read it.
    """

    society = models.ForeignKey("offers.Society", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    to = models.EmailField()
    language = models.CharField(max_length=5, default="en-gb")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    heading = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="mail_due", condition=Q(sent_at__isnull=True))]
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="mail_once")]

    def __str__(self):
        return f"{self.kind} for {self.subject_id}"


class AuditEvent(AppendOnly, SocietyRow):
    """Who did what to what, and when. Opaque ids and sums only: nothing here says who a member is."""

    act = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    facts = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        triggers = append_only.triggers()
        indexes = [models.Index(fields=["society", "-happened_at"], name="audit_newest")]

    def __str__(self):
        return self.act


class SharedValue(Row):
    """What all processes of a site know until a moment (`common/shared_cache.py`). `key`: a keyed hash."""

    key = models.CharField(max_length=64, unique=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.key[:8]
