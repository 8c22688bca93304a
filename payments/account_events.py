"""What is done when Stripe says that something about an account has changed: it is looked at, like every day."""

from __future__ import annotations

from collections.abc import Callable

from payments import accounts
from payments.models import StripeAccount, StripeEvent

V2_PREFIX = "v2.core.account"


def handler_of(event: StripeEvent) -> Callable[[StripeEvent], str] | None:
    """What looks into an event about an account, or None for events about other things."""
    if event.type.startswith(V2_PREFIX):
        return look
    return HANDLERS.get(event.type)


def look(event: StripeEvent) -> str:
    """Ask Stripe how the account of an event stands; what came of it, in words. Raises gateway.Unavailable."""
    account = StripeAccount.objects.filter(account_id=event.account_id, ended_at=None).first()
    if account is None:
        return "no account of ours"
    found = accounts.check(account)
    if found is None:
        return "account ended"
    return "account ready" if found.is_ready else "account not ready"


# The application that is deauthorized cannot see the account any more, and then the look ends it.
HANDLERS = {
    "account.updated": look,
    "account.application.deauthorized": look,
    "balance_settings.updated": look,
}
