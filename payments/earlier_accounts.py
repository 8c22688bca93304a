"""Stripe accounts that a society had before: compared like the one that serves it, while anything of theirs is open.

An account that Stripe does not let us see any more, with money in it by our books, is a named exception: a person
finds out where the money went, and what we had there is then settled in words.
"""

from __future__ import annotations

import uuid

from django.db import connection

from common.money import as_pounds
from payments import clearing, suspense
from payments.choices import (
    LIVE_ATTEMPTS,
    MUST_RETURN_TO_ZERO,
    PAID_ATTEMPTS,
    DisputeState,
    RefundState,
    RefundWay,
    SuspenseKind,
)
from payments.models import CheckoutAttempt, Dispute, Reconciliation, Refund, StripeAccount

# Sums in accounts that must return to nothing and do not, of what moved in an account at Stripe or was paid into it.
OPEN_PIECES = """
    SELECT posting.account, posted.source, sum(posting.amount_pence)::bigint
    FROM payments_posting posting JOIN payments_postingset posted ON posted.id = posting.set_id
    WHERE posting.society_id = %(society)s AND posting.account = ANY(%(accounts)s) AND posted.source IN (
        SELECT source FROM payments_postingset WHERE society_id = %(society)s AND account_id = %(account)s
        UNION SELECT charge_id FROM payments_checkoutattempt
        WHERE society_id = %(society)s AND account_id = %(account)s)
    GROUP BY posting.account, posted.source HAVING sum(posting.amount_pence) <> 0
    ORDER BY 1, 2
"""


def to_compare(society_id: uuid.UUID) -> list[StripeAccount]:
    """The account that serves the society, then each earlier one that is not at nothing, the newest first."""
    rows = StripeAccount.objects.filter(society_id=society_id, account_id__isnull=False).order_by("-connected_at")
    serving = [account for account in rows if account.ended_at is None]
    return serving + [account for account in rows if account.ended_at and not is_at_nothing(account)]


def open_pieces(account: StripeAccount) -> list[tuple[str, str, int]]:
    """What passes through and has one side only, of this account: (clearing account, source, pence)."""
    params = {"society": account.society_id, "account": account.account_id, "accounts": list(MUST_RETURN_TO_ZERO)}
    with connection.cursor() as cursor:
        cursor.execute(OPEN_PIECES, params)
        return cursor.fetchall()


def is_at_nothing(account: StripeAccount) -> bool:
    """Whether nothing of an ended account is open here, and Stripe said so too or says nothing any more."""
    of = {"society_id": account.society_id, "account_id": account.account_id}
    attempts, disputes = CheckoutAttempt.objects.filter(**of), Dispute.objects.filter(**of)
    refunds = Refund.objects.filter(
        society_id=account.society_id, receipt__attempt__account_id=account.account_id, way=RefundWay.STRIPE
    )
    if (
        clearing.balance_pence(**of)
        or attempts.filter(state__in=LIVE_ATTEMPTS).exists()
        or attempts.filter(state__in=PAID_ATTEMPTS, receipt=None).exists()
        or disputes.filter(state__in=[DisputeState.INQUIRY, DisputeState.OPEN]).exists()
        or refunds.exclude(state=RefundState.DONE).exists()
        or open_pieces(account)
    ):
        return False
    last = Reconciliation.objects.filter(**of, ended_at__gte=account.ended_at).order_by("-ended_at", "-id").first()
    return last is not None and not last.differences and last.stripe_pence == 0


def left_with(account: StripeAccount) -> list[str]:
    """What an account that Stripe does not let us see has of ours, as differences, and an exception for a person."""
    pence, pieces = clearing.balance_pence(account.society_id, account.account_id), open_pieces(account)
    if not pence and not pieces:
        return []
    suspense.open_item(
        SuspenseKind.ACCOUNT_GONE,
        account.account_id,
        society_id=account.society_id,
        account_id=account.account_id,
        amount_pence=abs(pence),
    )
    words = f"{account.account_id} has left this site with {as_pounds(pence)} in our ledger, and Stripe does not let us"
    return [f"{words} look."]


def settle(account: StripeAccount, key: str) -> None:
    """A person has said what became of an account that is gone: what our ledger has of it goes to "settled".

    The caller holds the exception's row and resolves it in the same transaction. `key`: of the exception.
    """
    clearing.settle_account(account.society_id, account.account_id, open_pieces(account), key=key)
