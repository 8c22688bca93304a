"""The one package that talks to Stripe. Calls in, plain facts out; nothing of Stripe's objects leaves it.

Direct charges on the society's own account: the society is the merchant, and the platform never holds money.
"""

from payments.gateway.accounts import (
    CAPABILITIES,
    MANUAL,
    AccountFacts,
    is_gone,
    look_at_account,
    onboarding_page,
    open_account,
    pay_out_by_hand,
)
from payments.gateway.balance import balance_of
from payments.gateway.client import API_VERSION, Refused, Unavailable, is_configured
from payments.gateway.events import Event, NotFromStripe, verified_event, verified_notification
from payments.gateway.promises import (
    PromiseSession,
    charge_promise,
    close_promise,
    find_payment,
    forget_method,
    look_at_payment,
    look_at_promise,
    open_promise,
)
from payments.gateway.refunds import SentRefund, find_refund, look_at_refund, send_refund
from payments.gateway.sessions import Session, attempt_of_session, close_session, look_at_session, open_session

__all__ = [
    "API_VERSION",
    "CAPABILITIES",
    "MANUAL",
    "AccountFacts",
    "Event",
    "NotFromStripe",
    "PromiseSession",
    "Refused",
    "SentRefund",
    "Session",
    "Unavailable",
    "attempt_of_session",
    "balance_of",
    "charge_promise",
    "close_promise",
    "close_session",
    "find_payment",
    "find_refund",
    "forget_method",
    "is_configured",
    "is_gone",
    "look_at_account",
    "look_at_payment",
    "look_at_promise",
    "look_at_refund",
    "look_at_session",
    "onboarding_page",
    "open_account",
    "open_promise",
    "open_session",
    "pay_out_by_hand",
    "send_refund",
    "verified_event",
    "verified_notification",
]
