"""Tables of payments: what came in, what goes back, and what Stripe said. Sums are of rows that never change."""

from payments.models.accounts import AccountCheck, StripeAccount
from payments.models.attempts import CheckoutAttempt
from payments.models.batches import RefundBatch, RefundBatchLine
from payments.models.events import StripeEvent, StripeEventOutcome
from payments.models.payees import PayeeAccount
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

__all__ = [
    "AccountCheck",
    "BankAccount",
    "BankLine",
    "CheckoutAttempt",
    "ColumnMap",
    "LineDecision",
    "LineReceipt",
    "LineRefund",
    "PayeeAccount",
    "Promise",
    "Receipt",
    "Refund",
    "RefundBatch",
    "RefundBatchLine",
    "StatementImport",
    "StripeAccount",
    "StripeEvent",
    "StripeEventOutcome",
    "UploadedStatement",
]
