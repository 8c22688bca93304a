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


class RefundWay(models.TextChoices):
    STRIPE = "stripe", _("through Stripe")
    SOCIETY = "society", _("by the society")


class PaidHow(models.TextChoices):
    TRANSFER = "transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")
    CASH = "cash", _("Cash")
    STRIPE_PAGES = "stripe-pages", _("It was refunded already on Stripe’s own pages")
    DISPUTE = "dispute", _("The payer got it back through a dispute")


class BankFormat(models.TextChoices):
    BACS_CSV = "bacs-csv", _("Bacs credits (CSV without a heading)")
    LLOYDS_CSV = "lloyds-csv", _("Lloyds Bank batch (CSV, at most 25 payments)")
    PAIN_001 = "pain.001", _("ISO 20022 credit transfers (pain.001.001.09, XML)")


class BatchState(models.TextChoices):
    PREPARED = "prepared", _("prepared")
    SENT = "sent", _("sent to the bank")
    DONE = "done", _("done")
    GIVEN_UP = "given-up", _("given up")


class LineState(models.TextChoices):
    LIVE = "live", _("in the file")
    DONE = "done", _("paid")
    RETURNED = "returned", _("sent back by the bank")
    GIVEN_UP = "given-up", _("given up")


class StatementFormat(models.TextChoices):
    CAMT = "camt.053", "CAMT.053"
    OFX = "ofx", "OFX"
    CSV = "csv", "CSV"


class Balances(models.TextChoices):
    FILE = "file", _("in the file")
    TYPED = "typed", _("typed from the paper statement")
    NONE = "none", _("none: the bank gave none")


class LineKind(models.TextChoices):
    """What a bank line is. Until a person has said, it waits."""

    RECEIPT = "receipt", _("money for applications")
    KEPT = "kept", _("for nobody that we know")
    SENT_BACK = "sent-back", _("sent back to the sender")
    REFUND = "refund", _("refunds paid")
    OTHER = "other", _("not to do with shares")


A, R, B, L, P = AttemptState, RefundState, BatchState, LineState, PromiseState
LIVE_ATTEMPTS = (A.CREATED, A.OPEN, A.PROCESSING)
LIVE_PROMISES = (P.CREATED, P.OPEN, P.HELD, P.CHARGING)
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
    (R.DONE, R.FAILED),  # a bank sends back what had seemed to arrive
]
BATCH_TRANSITIONS = [(B.PREPARED, B.SENT), (B.PREPARED, B.GIVEN_UP), (B.SENT, B.DONE)]
LINE_TRANSITIONS = [(L.LIVE, L.DONE), (L.LIVE, L.RETURNED), (L.LIVE, L.GIVEN_UP), (L.DONE, L.RETURNED)]
# A page that we took for expired may have been filled in; a promise that came too late is held and then released.
PROMISE_TRANSITIONS = [
    *((P.CREATED, after) for after in (P.OPEN, P.HELD, P.EXPIRED)),
    *((P.OPEN, after) for after in (P.HELD, P.EXPIRED)),
    (P.EXPIRED, P.RELEASED),
    *((P.HELD, after) for after in (P.CHARGING, P.RELEASED)),
    *((P.CHARGING, after) for after in (P.COLLECTED, P.REFUSED)),
]


def as_words(transitions) -> list[tuple[str, str]]:
    """Transitions as plain text, for a trigger."""
    return [(str(before), str(after)) for before, after in transitions]
