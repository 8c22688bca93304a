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
from payments.gateway.client import API_VERSION, Refused, Unavailable, is_configured, is_live
from payments.gateway.events import Event, NotFromStripe, verified_event, verified_notification
from payments.gateway.movements import (
    Movement,
    Payment,
    RemoteDispute,
    RemotePayout,
    all_disputes,
    all_movements,
    all_payouts,
    balance_pence,
    look_at_dispute,
    look_at_movement,
    look_at_payment,
    look_at_payout,
    look_at_warning,
    payment_of_charge,
)
from payments.gateway.refunds import SentRefund, all_refunds, find_refund, look_at_refund, send_refund
from payments.gateway.sessions import (
    Session,
    all_sessions,
    attempt_of_session,
    close_session,
    look_at_session,
    open_session,
    session_of_payment,
)

__all__ = [
    "API_VERSION",
    "CAPABILITIES",
    "MANUAL",
    "AccountFacts",
    "Event",
    "Movement",
    "NotFromStripe",
    "Payment",
    "Refused",
    "RemoteDispute",
    "RemotePayout",
    "SentRefund",
    "Session",
    "Unavailable",
    "all_disputes",
    "all_movements",
    "all_payouts",
    "all_refunds",
    "all_sessions",
    "attempt_of_session",
    "balance_of",
    "balance_pence",
    "close_session",
    "find_refund",
    "is_configured",
    "is_gone",
    "is_live",
    "look_at_account",
    "look_at_dispute",
    "look_at_movement",
    "look_at_payment",
    "look_at_payout",
    "look_at_refund",
    "look_at_session",
    "look_at_warning",
    "onboarding_page",
    "open_account",
    "open_session",
    "pay_out_by_hand",
    "payment_of_charge",
    "send_refund",
    "session_of_payment",
    "verified_event",
    "verified_notification",
]
