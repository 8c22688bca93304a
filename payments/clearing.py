"""The clearing ledger: each movement at Stripe posted once, beside what we know of it ourselves.

What we take for so (a receipt, a refund that is done) and what Stripe books meet in accounts that only pass money
through. Where one of those does not come back to nothing, one side knows of something that the other does not.
Sums in pence, above 0 for a debit. Fees come from Stripe's movements and from nowhere else.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import Sum

from common import clock, hot
from payments import gateway, suspense
from payments.choices import MUST_RETURN_TO_ZERO, ClearingAccount, PaidHow, RefundState, SuspenseKind
from payments.models import PayoutArrival, Posting, PostingSet, Receipt, Refund, SuspenseItem

C = ClearingAccount
# Where the other side of a movement belongs, by its type. What is not here goes to suspense, and so does an
# adjustment that is of no dispute. Source: https://docs.stripe.com/reports/balance-transaction-types
OTHER_SIDE: dict[str, str] = {
    **dict.fromkeys(("charge", "payment"), C.IN_TRANSIT),
    **dict.fromkeys(("refund", "payment_refund", "refund_failure"), C.REFUNDS),
    **dict.fromkeys(("payout", "payout_cancel", "payout_failure"), C.PAYOUTS),
    **dict.fromkeys(("topup", "topup_reversal"), C.BANK),
    **dict.fromkeys(("stripe_fee", "stripe_fx_fee", "tax_fee"), C.FEES),
    **dict.fromkeys(
        ("reserve_transaction", "reserved_funds", "reserve_hold", "reserve_release", "payout_minimum_balance_hold",
         "payout_minimum_balance_release", "payment_network_reserve_hold", "payment_network_reserve_release"),
        C.RESERVE,
    ),
}  # fmt: skip
CHARGES = ("charge", "payment")
PIECES = """
    SELECT account, sum(pence)::bigint, count(*) FILTER (WHERE pence <> 0),
           min(oldest_at) FILTER (WHERE pence <> 0)
    FROM (
        SELECT posting.account, sum(posting.amount_pence) AS pence, min(posted.posted_at) AS oldest_at
        FROM payments_posting posting JOIN payments_postingset posted ON posted.id = posting.set_id
        WHERE posting.society_id = %s GROUP BY posting.account, posted.source
    ) piece
    GROUP BY account
"""


def other_side(movement: gateway.Movement) -> str:
    """The account on the other side of a movement at Stripe."""
    if movement.type == "adjustment" and movement.source.startswith(("du_", "dp_")):
        return C.DISPUTES
    return OTHER_SIDE.get(movement.type, C.SUSPENSE)


def lines_of(movement: gateway.Movement) -> dict[str, int]:
    """What a movement posts: the balance its net, the fees its fee, the other side the whole. Adds up to nothing."""
    lines = {C.STRIPE: movement.net_pence, C.FEES: movement.fee_pence}
    side = other_side(movement)
    lines[side] = lines.get(side, 0) - movement.amount_pence
    return {account: pence for account, pence in lines.items() if pence}


def post(society_id: uuid.UUID, account_id: str, movement: gateway.Movement) -> bool:
    """Post a movement at Stripe, once however often it is seen; whether it was new. Not known: suspense, and a person.

    What is not in pounds, or not in the balance, has no pence to post: it is named on the list alone.
    """
    side = other_side(movement)
    is_ours = movement.currency == "gbp" and movement.is_in_balance
    if not is_ours or side == C.SUSPENSE:
        suspense.open_item(
            SuspenseKind.UNKNOWN_MOVEMENT if movement.currency == "gbp" else SuspenseKind.WRONG_CURRENCY,
            movement.id,
            society_id=society_id,
            account_id=account_id,
            amount_pence=abs(movement.amount_pence),
            currency=movement.currency,
            type=movement.type,
            category=movement.category,
            source=movement.source,
        )
    if not is_ours:
        return False
    happened_at = datetime.fromtimestamp(movement.created, UTC)
    lines, source = lines_of(movement), movement.source
    return write(
        society_id, movement.id, movement.type, lines, source=source, happened_at=happened_at, account_id=account_id
    )


def fetch(account_id: str, movements: Iterable[str]) -> None:
    """Post these movements of an account, by their ids; those that are posted already are not asked for."""
    society_id = suspense.society_of(account_id)
    keys = [key for key in movements if key]
    posted = set(PostingSet.objects.filter(society_id=society_id, key__in=keys).values_list("key", flat=True))
    for key in keys:
        if key not in posted:
            post(society_id, account_id, gateway.look_at_movement(account=account_id, movement=key))


@transaction.atomic
def write(
    society_id: uuid.UUID,
    key: str,
    kind: str,
    lines: dict[str, int],
    *,
    source: str,
    happened_at: datetime,
    account_id: str = "",
) -> bool:
    """Write a set of postings under its key; False, with nothing written, where it is there already.

    `account_id`: the account at Stripe that Stripe moved it in; empty for what only we know.
    """
    row = PostingSet(
        society_id=society_id,
        account_id=account_id,
        key=key,
        kind=kind,
        source=source,
        happened_at=happened_at,
        posted_at=clock.now(),
    )
    if not hot.insert([row], or_leave=True):
        return False
    postings = [Posting(society_id=society_id, set=row, account=a, amount_pence=p) for a, p in lines.items() if p]
    hot.insert(postings)
    return True


def _pass(society_id, key: str, kind: str, source: str, at: datetime, *, debit: str, credit: str, pence: int) -> bool:
    return write(society_id, key, kind, {debit: pence, credit: -pence}, source=source, happened_at=at)


def book_receipt(receipt: Receipt) -> None:
    """Money for an application came through Stripe: it is owed, and on its way into the balance."""
    if receipt.attempt_id:
        _pass(receipt.society_id, f"receipt:{receipt.pk}", "receipt", receipt.attempt.charge_id, receipt.received_at,
              debit=C.IN_TRANSIT, credit=C.APPLICANTS, pence=receipt.amount_pence)  # fmt: skip


def book_refund(refund: Refund) -> None:
    """A refund is done, by Stripe or by a lost dispute: it is owed no more."""
    if refund.stripe_id:
        gone = C.DISPUTES if refund.stripe_id.startswith(("du_", "dp_")) else C.REFUNDS
        _pass(refund.society_id, f"refund:{refund.stripe_id}", "refund done", refund.stripe_id, clock.now(),
              debit=C.APPLICANTS, credit=gone, pence=refund.amount_pence)  # fmt: skip


def book_refund_back(refund: Refund, stripe_id: str) -> None:
    """A refund that was done came back from the payer's bank: it is owed again."""
    _pass(refund.society_id, f"refund-back:{stripe_id}", "refund failed", stripe_id, clock.now(),
          debit=C.REFUNDS, credit=C.APPLICANTS, pence=refund.amount_pence)  # fmt: skip


def book_by_hand(refund: Refund) -> bool:
    """What the society itself paid back of money that came through Stripe is owed no more, and again if it came back.

    From its bank, or by a way that an exception counts already: Stripe's own pages, or a dispute.
    """
    source = str(refund.pk)
    mine = Posting.objects.filter(society_id=refund.society_id, set__source=source, account=C.APPLICANTS)
    stands = int(mine.aggregate(pence=Sum("amount_pence", default=0))["pence"])
    missing = refund.amount_pence * (refund.state == RefundState.DONE) - stands
    paid_from = C.SETTLED if refund.done_how in (PaidHow.STRIPE_PAGES, PaidHow.DISPUTE) else C.BANK
    return bool(missing) and _pass(
        refund.society_id, f"by-hand:{refund.pk}:{mine.count()}", "refund by hand", source, clock.now(),
        debit=C.APPLICANTS, credit=paid_from, pence=missing,
    )  # fmt: skip


def book_arrival(arrival: PayoutArrival) -> None:
    """A payout was seen at the bank, or was seen to leave it again, or that was a mistake and is released."""
    kind, key = ("payout seen", "arrival") if arrival.released_at is None else ("payout not seen", "arrival-released")
    sign = 1 if arrival.is_in == (arrival.released_at is None) else -1
    _pass(arrival.society_id, f"{key}:{arrival.pk}", kind, arrival.payout.stripe_id, clock.now(),
          debit=C.BANK, credit=C.PAYOUTS, pence=sign * arrival.amount_pence)  # fmt: skip


SETTLES = {
    SuspenseKind.NO_APPLICATION: C.IN_TRANSIT,
    SuspenseKind.OUTSIDE_REFUND: C.REFUNDS,
    SuspenseKind.DISPUTE_LOST: C.DISPUTES,
    SuspenseKind.UNKNOWN_MOVEMENT: C.SUSPENSE,
    SuspenseKind.PAYOUT_AMOUNT: C.PAYOUTS,
}


def settle(item: SuspenseItem) -> int:
    """What an item left in the account that must return to nothing goes to "settled"; its pence.

    The caller holds the item's row and resolves it in the same transaction.
    """
    account = SETTLES.get(item.kind)
    if account is None:
        return 0
    source = item.facts.get("source", item.subject)
    left = Posting.objects.filter(society_id=item.society_id, account=account, set__source=source)
    pence = int(left.aggregate(pence=Sum("amount_pence", default=0))["pence"])
    if pence:
        _pass(item.society_id, f"suspense:{item.pk}", "settled", source, clock.now(),
              debit=C.SETTLED, credit=account, pence=pence)  # fmt: skip
    return pence


def settle_account(society_id: uuid.UUID, account_id: str, pieces: Iterable[tuple[str, str, int]], *, key: str) -> None:
    """What is left of an account at Stripe that nobody can see goes to "settled": its balance, and each open piece."""
    pence, now = balance_pence(society_id, account_id), clock.now()
    if pence:
        lines = {C.STRIPE: -pence, C.SETTLED: pence}
        write(society_id, key, "settled", lines, source=account_id, happened_at=now, account_id=account_id)
    for account, source, piece in pieces:
        _pass(society_id, f"{key}:{account}:{source}", "settled", source, now,
              debit=C.SETTLED, credit=account, pence=piece)  # fmt: skip


@dataclass(frozen=True)
class Total:
    """What an account stands at, in pence. `pieces`: how many sums in it have no other side; since when the oldest."""

    account: ClearingAccount
    pence: int
    pieces: int
    oldest_at: datetime | None

    @property
    def must_return(self) -> bool:
        """Whether the account only passes money through."""
        return self.account in MUST_RETURN_TO_ZERO

    @property
    def is_open(self) -> bool:
        """Whether it only passes money through and something stays in it."""
        return self.must_return and self.pieces > 0


def totals(society_id: uuid.UUID) -> list[Total]:
    """Every account with its figure, in the order of the accounts; accounts that were never used stand at 0."""
    with connection.cursor() as cursor:
        cursor.execute(PIECES, [society_id])
        found = {account: rest for account, *rest in cursor.fetchall()}
    return [Total(account, *found.get(account, (0, 0, None))) for account in ClearingAccount]


def balance_pence(society_id: uuid.UUID, account_id: str) -> int:
    """What the ledger says is in an account at Stripe; a society may have had another one before."""
    rows = Posting.objects.filter(society_id=society_id, account=C.STRIPE, set__account_id=account_id)
    return int(rows.aggregate(pence=Sum("amount_pence", default=0))["pence"])
