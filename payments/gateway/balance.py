"""What an account has at Stripe."""

from __future__ import annotations

from payments.gateway.client import call, client_of_this_site, options


def balance_of(account: str) -> tuple[int, int]:
    """Pounds that an account can use now and that are on their way to it, in pence; refunds draw on the former.

    Source: https://docs.stripe.com/api/balance
    """
    found = call(client_of_this_site().v1.balance.retrieve, None, options(account))
    available, pending = (
        sum(part.amount for part in parts if part.currency == "gbp") for parts in (found.available, found.pending)
    )
    return available, pending
