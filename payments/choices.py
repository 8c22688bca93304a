"""The states of payments, refunds, disputes and payouts, and what may follow what; the clearing ledger's accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    CREATED = "created", _("being made")
    OPEN = "open", _("open at Stripe")
    PROCESSING = "processing", _("on its way")
    SUCCEEDED = "succeeded", _("paid")
    EXPIRED = "expired", _("expired")
    FAILED = "failed", _("failed")
    CANCELED = "canceled", _("cancelled at Stripe")
    PARTLY_REFUNDED = "part-refunded", _("partly refunded")
    REFUNDED = "refunded", _("refunded")


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


class DisputeState(models.TextChoices):
    INQUIRY = "inquiry", _("the payer’s bank asks")
    OPEN = "open", _("open")
    WON = "won", _("won")
    LOST = "lost", _("lost")
    CLOSED = "closed", _("closed without a dispute")


class PayoutState(models.TextChoices):
    PENDING = "pending", _("ordered")
    IN_TRANSIT = "in-transit", _("on its way to the bank")
    PAID = "paid", _("paid, says Stripe")
    FAILED = "failed", _("failed")
    CANCELED = "canceled", _("cancelled")


class SuspenseKind(models.TextChoices):
    """Why money, or word of it, waits for a person."""

    WRONG_MODE = "wrong-mode", _("Stripe told us of test money, or a test site of real money")
    UNKNOWN_ACCOUNT = "unknown-account", _("Stripe told us of an account that no society here has")
    EVENT_STUCK = "event-stuck", _("Something that Stripe told us cannot be worked through")
    NO_APPLICATION = "no-application", _("Money at Stripe that belongs to no application")
    WRONG_AMOUNT = "wrong-amount", _("A payment of another sum than we asked for")
    WRONG_CURRENCY = "wrong-currency", _("Money in another currency than pounds")
    UNKNOWN_MOVEMENT = "unknown-movement", _("A movement at Stripe of a kind that we do not know")
    OUTSIDE_REFUND = "outside-refund", _("A refund that was made in Stripe’s dashboard")
    DISPUTE = "dispute", _("A payment that the payer’s bank disputes")
    DISPUTE_LOST = "dispute-lost", _("A lost dispute: the payer has the money back")
    FRAUD_WARNING = "fraud-warning", _("A payment that the card’s bank calls fraud")
    PAYOUT_FAILED = "payout-failed", _("A payout that did not reach the bank")
    AUTOMATIC_PAYOUT = "automatic-payout", _("Stripe paid out by itself, though money must be held")
    CARD_TESTING = "card-testing", _("Somebody tries out cards on the payment page")
    PAYOUT_AMOUNT = "payout-amount", _("A payout that reached the bank as another sum")
    PAYOUT_NOT_SEEN = "payout-not-seen", _("A payout that is not on the bank’s statement")
    PAGE_FORGOTTEN = "page-forgotten", _("A payment page that Stripe no longer knows")
    ACCOUNT_GONE = "account-gone", _("A Stripe account that left with money in it")


class ClearingAccount(models.TextChoices):
    """The accounts of a society's clearing ledger."""

    APPLICANTS = "applicants", _("Owed to applicants, or shares since")
    IN_TRANSIT = "in-transit", _("Paid and not in Stripe’s balance yet")
    STRIPE = "stripe", _("Balance at Stripe")
    FEES = "fees", _("Stripe’s fees")
    REFUNDS = "refunds", _("Refunds on their way")
    DISPUTES = "disputes", _("Disputes not decided")
    PAYOUTS = "payouts", _("Paid out, on its way to the bank")
    BANK = "bank", _("Paid out and seen at the bank")
    RESERVE = "reserve", _("Held back by Stripe")
    SUSPENSE = "suspense", _("Not known what it is")
    SETTLED = "settled", _("Settled by an officer’s decision")


class ComparisonStep(models.TextChoices):
    """What a comparison with Stripe reads, in this order."""

    ATTEMPTS = "attempts", _("payments that we wait for")
    SESSIONS = "sessions", _("payment pages")
    MOVEMENTS = "movements", _("movements of the balance")
    CHARGES = "charges", _("payments that have no place")
    REFUNDS = "refunds", _("refunds")
    BY_HAND = "by-hand", _("refunds that the society paid itself")
    DISPUTES = "disputes", _("disputes")
    PAYOUTS = "payouts", _("payouts")
    WARNINGS = "warnings", _("warnings of fraud")
    BALANCE = "balance", _("the balance")


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
    PAYOUT = "payout", _("a payout from Stripe")
    OTHER = "other", _("not to do with shares")


A, R, B, L, P = AttemptState, RefundState, BatchState, LineState, PromiseState
D, Y, C = DisputeState, PayoutState, ClearingAccount
# What only passes through: each of these comes back to nothing, or somebody must say why not.
MUST_RETURN_TO_ZERO = (C.IN_TRANSIT, C.REFUNDS, C.DISPUTES, C.PAYOUTS, C.RESERVE, C.SUSPENSE)
LIVE_ATTEMPTS = (A.CREATED, A.OPEN, A.PROCESSING)
LIVE_PROMISES = (P.CREATED, P.OPEN, P.HELD, P.CHARGING)
PAID_ATTEMPTS = (A.SUCCEEDED, A.PARTLY_REFUNDED, A.REFUNDED)  # the money came, whatever became of it
# Stripe has the last word: what we took for ended may turn out to have been paid. A refund that fails after it had
# succeeded leads back.
ATTEMPT_TRANSITIONS = [
    *((A.CREATED, after) for after in (A.OPEN, A.PROCESSING, A.SUCCEEDED, A.EXPIRED, A.FAILED, A.CANCELED)),
    *((A.OPEN, after) for after in (A.PROCESSING, A.SUCCEEDED, A.EXPIRED, A.FAILED, A.CANCELED)),
    *((A.PROCESSING, after) for after in (A.SUCCEEDED, A.FAILED, A.CANCELED)),
    *((before, A.SUCCEEDED) for before in (A.EXPIRED, A.FAILED, A.CANCELED)),
    *((A.SUCCEEDED, after) for after in (A.PARTLY_REFUNDED, A.REFUNDED)),
    *((A.PARTLY_REFUNDED, after) for after in (A.SUCCEEDED, A.REFUNDED)),
    *((A.REFUNDED, after) for after in (A.SUCCEEDED, A.PARTLY_REFUNDED)),
]
REFUND_TRANSITIONS = [
    *((R.DUE, after) for after in (R.SENT, R.DONE, R.FAILED)),
    *((R.SENT, after) for after in (R.DONE, R.FAILED)),
    *((R.FAILED, after) for after in (R.DUE, R.DONE)),
    (R.DONE, R.FAILED),  # a bank sends back what had seemed to arrive
]
# A lost dispute may be appealed; a Direct Debit's is lost from its first moment.
DISPUTE_TRANSITIONS = [
    *((D.INQUIRY, after) for after in (D.OPEN, D.WON, D.LOST, D.CLOSED)),
    *((D.OPEN, after) for after in (D.WON, D.LOST, D.CLOSED)),
    *((D.LOST, after) for after in (D.OPEN, D.WON)),
]
PAYOUT_TRANSITIONS = [
    *((Y.PENDING, after) for after in (Y.IN_TRANSIT, Y.PAID, Y.FAILED, Y.CANCELED)),
    *((Y.IN_TRANSIT, after) for after in (Y.PAID, Y.FAILED, Y.CANCELED)),
    (Y.PAID, Y.FAILED),  # a bank may send it back for some days
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
