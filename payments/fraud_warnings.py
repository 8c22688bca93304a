"""Early fraud warnings: a card's bank calls a payment fraud, before it may become a dispute. A person decides."""

from __future__ import annotations

from payments import charges, gateway, suspense
from payments.choices import SuspenseKind


def look(account: str, warning: str) -> str:
    """Fetch a warning and put it on the list, with the application it is about; what came of it, in words.

    Its payment is looked at first, because the warning may be told of before the payment is. Raises what that raises.
    """
    return apply(account, gateway.look_at_warning(account=account, warning=warning))


def apply(account: str, warning: gateway.Warning, *, is_last_word: bool = False) -> str:
    """Put a warning on the list, once. `is_last_word`: as for `charges.look`."""
    attempt = charges.attempt_of(account, intent=warning.payment_intent, charge=warning.charge)
    if attempt is None and warning.payment_intent:
        attempt = charges.look(account, warning.payment_intent, is_last_word=is_last_word)
    suspense.open_item(
        SuspenseKind.FRAUD_WARNING,
        warning.id,
        society_id=suspense.society_of(account),
        account_id=account,
        application=attempt and attempt.application,
        amount_pence=attempt.amount_pence if attempt else 0,
        charge=warning.charge,
        reason=warning.kind,
    )
    return "a warning for a person"
