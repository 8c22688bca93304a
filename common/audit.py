"""Writing down who did what, in the transaction in which it was done."""

from __future__ import annotations

from common import clock
from common.models import AuditEvent


def note(act: str, *, society_id, subject_id, by=None, **facts) -> AuditEvent:
    """One audit row. `act` is the verb, such as "offer.publish"; `facts` are ids, sums and days, never names."""
    return AuditEvent.objects.create(
        society_id=society_id, act=act, subject_id=subject_id, actor=by, facts=facts, happened_at=clock.now()
    )
