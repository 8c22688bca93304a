"""Tables of payments: what came in, what goes back, and what Stripe said. Sums are of rows that never change."""

from payments.models.accounts import AccountCheck, StripeAccount
from payments.models.attempts import CheckoutAttempt
from payments.models.batches import RefundBatch, RefundBatchLine
from payments.models.events import StripeEvent, StripeEventOutcome
from payments.models.payees import PayeeAccount
from payments.models.promises import Promise
from payments.models.receipts import Receipt
from payments.models.refunds import Refund

__all__ = [
    "AccountCheck",
    "CheckoutAttempt",
    "PayeeAccount",
    "Promise",
    "Receipt",
    "Refund",
    "RefundBatch",
    "RefundBatchLine",
    "StripeAccount",
    "StripeEvent",
    "StripeEventOutcome",
]
