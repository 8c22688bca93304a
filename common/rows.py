"""What every table of ours has in common: a key made by the application, and the society it belongs to."""

from django.db import models

from common import ids


class Row(models.Model):
    """A row with a UUIDv7 key."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)

    class Meta:
        abstract = True


class SocietyRow(Row):
    """A row of one society's. Every query that locks names the society, every unique key holds it."""

    society = models.ForeignKey("offers.Society", models.PROTECT, related_name="+")

    class Meta:
        abstract = True
