"""Tables of payments: what came in, what goes back, and what Stripe said. Sums are of rows that never change."""

from payments.models.accounts import AccountCheck, StripeAccount
from payments.models.arrivals import PayoutArrival
from payments.models.attempts import CheckoutAttempt
from payments.models.batches import RefundBatch, RefundBatchLine
from payments.models.clearing import ComparisonRequest, Posting, PostingSet, Reconciliation
from payments.models.disputes import Dispute
from payments.models.events import StripeEvent, StripeEventOutcome, StripeEventTurn
from payments.models.payees import PayeeAccount
from payments.models.payouts import Payout
from payments.models.promises import Promise
from payments.models.receipts import Receipt
from payments.models.refunds import Refund
from payments.models.statements import (
    BankAccount,
    BankLine,
    ColumnMap,
    LineDecision,
    LineReceipt,
    LineRefund,
    StatementImport,
    UploadedStatement,
)
from payments.models.suspense import SuspenseItem

__all__ = [
    "AccountCheck",
    "BankAccount",
    "BankLine",
    "CheckoutAttempt",
    "ColumnMap",
    "ComparisonRequest",
    "Dispute",
    "LineDecision",
    "LineReceipt",
    "LineRefund",
    "PayeeAccount",
    "Payout",
    "PayoutArrival",
    "Posting",
    "PostingSet",
    "Promise",
    "Receipt",
    "Reconciliation",
    "Refund",
    "RefundBatch",
    "RefundBatchLine",
    "StatementImport",
    "StripeAccount",
    "StripeEvent",
    "StripeEventOutcome",
    "StripeEventTurn",
    "SuspenseItem",
    "UploadedStatement",
]
