"""Imports every topic, so that its routes and timers are registered."""

from payments.fakestripe import endpoints, events
from payments.fakestripe.resources import (
    accounts,
    accounts_v2,
    balance,
    balance_settings,
    catalogue,
    charges,
    charging,
    checkout_ends,
    checkout_sessions,
    customers,
    disputes,
    payment_intents,
    payment_methods,
    payouts,
    refunds,
    setup_intents,
)

TOPICS = (
    accounts,
    accounts_v2,
    balance,
    balance_settings,
    catalogue,
    charges,
    charging,
    checkout_ends,
    checkout_sessions,
    customers,
    disputes,
    endpoints,
    events,
    payment_intents,
    payment_methods,
    payouts,
    refunds,
    setup_intents,
)
