"""The states of payments and refunds, and what may follow what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    CREATED = "created", _("being made")
    OPEN = "open", _("open at Stripe")
    PROCESSING = "processing", _("on its way")
    SUCCEEDED = "succeeded", _("paid")
    EXPIRED = "expired", _("expired")
    FAILED = "failed", _("failed")


class RefundState(models.TextChoices):
    DUE = "due", _("due")
    SENT = "sent", _("sent")
    DONE = "done", _("paid back")
    FAILED = "failed", _("failed")


class PromiseState(models.TextChoices):
    CREATED = "created", _("being made")
    OPEN = "open", _("open at Stripe")
    HELD = "held", _("promised")
    CHARGING = "charging", _("being collected")
    COLLECTED = "collected", _("collected")
    REFUSED = "refused", _("refused by the bank")
    RELEASED = "released", _("released")
    EXPIRED = "expired", _("expired")


A, R, P = AttemptState, RefundState, PromiseState
LIVE_PROMISES = (P.CREATED, P.OPEN, P.HELD, P.CHARGING)
# A page that we took for expired may have been filled in; a promise that came too late is held and then released.
PROMISE_TRANSITIONS = [
    *((P.CREATED, after) for after in (P.OPEN, P.HELD, P.EXPIRED)),
    *((P.OPEN, after) for after in (P.HELD, P.EXPIRED)),
    (P.EXPIRED, P.RELEASED),
    *((P.HELD, after) for after in (P.CHARGING, P.RELEASED)),
    *((P.CHARGING, after) for after in (P.COLLECTED, P.REFUSED)),
]
LIVE_ATTEMPTS = (A.CREATED, A.OPEN, A.PROCESSING)
# Stripe has the last word: what we took for expired or failed may turn out to have been paid.
ATTEMPT_TRANSITIONS = [
    *((A.CREATED, after) for after in (A.OPEN, A.PROCESSING, A.SUCCEEDED, A.EXPIRED, A.FAILED)),
    *((A.OPEN, after) for after in (A.PROCESSING, A.SUCCEEDED, A.EXPIRED, A.FAILED)),
    *((A.PROCESSING, after) for after in (A.SUCCEEDED, A.FAILED)),
    *((before, A.SUCCEEDED) for before in (A.EXPIRED, A.FAILED)),
]
REFUND_TRANSITIONS = [
    *((R.DUE, after) for after in (R.SENT, R.DONE, R.FAILED)),
    *((R.SENT, after) for after in (R.DONE, R.FAILED)),
    *((R.FAILED, after) for after in (R.DUE, R.DONE)),
]


def as_words(transitions) -> list[tuple[str, str]]:
    """Transitions as plain text, for a trigger."""
    return [(str(before), str(after)) for before, after in transitions]
