"""Tables whose rows are written once. A mistake is answered by another row, never by a change.

Three fences, each tried by a test: the queryset and `save()` refuse, a trigger refuses every program, and
the site's database role has no right to UPDATE, DELETE or TRUNCATE (`common/roles.py`).
"""

from __future__ import annotations

import pgtrigger
from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row of an append-only table."""


class AppendOnlyQuerySet(models.QuerySet):
    """Reads and inserts; refuses the rest."""

    def _refuse(self, *args, **kwargs):
        raise AppendOnlyError(f"{self.model._meta.verbose_name} is append-only: add a row that corrects it.")

    update = delete = bulk_update = update_or_create = _refuse


def triggers() -> list[pgtrigger.Trigger]:
    """The triggers that every append-only table carries: `class Meta: triggers = append_only.triggers()`."""
    refuse = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';"
    return [
        pgtrigger.Trigger(
            name="append_only",
            level=pgtrigger.Row,
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=refuse,
        ),
        pgtrigger.Trigger(
            name="never_truncated",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=refuse,
        ),
    ]


class AppendOnly(models.Model):
    """Base of append-only models. Their Meta must carry `triggers()`; a test looks."""

    append_only = True
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.verbose_name} is append-only: add a row that corrects it.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{self._meta.verbose_name} is append-only: it is never deleted.")
