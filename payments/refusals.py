"""Why a refund did not go: what is tried again by itself, and what waits for a person, in words for the treasurer.

Source of the codes: https://docs.stripe.com/error-codes and https://docs.stripe.com/api/refunds/object (failure_reason)
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

WAIT = timedelta(minutes=30)  # before a refund that failed is tried again under its next key; then twice as long
LONGEST = timedelta(days=1)
MOST_TRIES = 12  # of a refusal that we do not know; a want of money is tried for as long as it lasts
WANTS_MONEY = {"insufficient_funds", "balance_insufficient"}

_DISPUTE = _(
    "The payer has asked their bank for the money (a dispute). The dispute decides: pay nothing back beside it."
)
_CARD_GONE = _("The card no longer exists. Ask the payer for bank details and pay it back from the society’s account.")
FOR_GOOD = {
    "charge_already_refunded": _(
        "Stripe says that this payment was refunded already, perhaps on Stripe’s own pages. Look there before you pay."
    ),
    "charge_disputed": _DISPUTE,
    "refund_disputed_payment": _DISPUTE,
    "charge_for_pending_refund_disputed": _DISPUTE,
    "expired_or_canceled_card": _CARD_GONE,
    "lost_or_stolen_card": _CARD_GONE,
    "declined": _("The payer’s bank refused the money. Ask the payer for bank details."),
    "merchant_request": _("The refund was cancelled on Stripe’s own pages. Ask who did it, and why."),
    "resource_missing": _("Stripe does not know this payment. Check that the society’s Stripe account is the same."),
    "bank-returned": _("The bank returned the money. Check the payer’s bank details with the payer."),
    "came-back": _("What was paid came back. Ask the payer how to pay it."),
}
_MONEY = _("There is not enough money in the society’s Stripe balance. It is tried again by itself: add money there.")


def next_try(code: str, tries: int, now: datetime) -> datetime | None:
    """When a refund that was refused is tried again; None where only a person can help."""
    if code in FOR_GOOD or (tries >= MOST_TRIES and code not in WANTS_MONEY):
        return None
    return now + wait_after(tries)


def wait_after(tries: int) -> timedelta:
    """How long after the n-th try the next one follows: half an hour, an hour, and so on, at most a day."""
    return min(WAIT * 2 ** max(tries - 1, 0), LONGEST) if tries < 10 else LONGEST


def in_words(code: str) -> str:
    """What a treasurer should know and do; empty for a refusal that only Stripe's own words explain."""
    return str(_MONEY if code in WANTS_MONEY else FOR_GOOD.get(code, ""))
