"""Disputes as Stripe has them: kept, named on the list while they run, and what a decided one means for money."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from common import clock
from payments import charges, clearing, gateway, refunds, stripe_copies, suspense
from payments.choices import DisputeState, RefundState, RefundWay, SuspenseKind
from payments.models import Dispute, Refund

S = DisputeState
# Stripe's word for a dispute's state, and ours. Source: https://docs.stripe.com/api/disputes/object#dispute_object-status
STATES = {
    "warning_needs_response": S.INQUIRY,
    "warning_under_review": S.INQUIRY,
    "warning_closed": S.CLOSED,
    "prevented": S.CLOSED,
    "needs_response": S.OPEN,
    "under_review": S.OPEN,
    "appeal_needs_response": S.OPEN,
    "appeal_under_review": S.OPEN,
    "won": S.WON,
    "lost": S.LOST,
}
RUNNING = (S.INQUIRY, S.OPEN)
DISPUTED = "charge_disputed"  # Stripe's word for why it refuses a refund


def look(account: str, dispute: str) -> Dispute:
    """Fetch a dispute and do what follows from it. Raises gateway.Unavailable, gateway.Refused.

    Its payment is looked at first, because the dispute may be told of before the payment is.
    """
    remote = gateway.look_at_dispute(account=account, dispute=dispute)
    if remote.payment_intent and not charges.attempt_of(account, intent=remote.payment_intent, charge=remote.charge):
        charges.look(account, remote.payment_intent)
    return apply(account, remote)


def apply(account: str, remote: gateway.RemoteDispute) -> Dispute:
    """Write down how a dispute stands: safe any number of times. ValueError for a state that we have no word for."""
    state = STATES.get(remote.status)
    if state is None:
        raise ValueError(f"A dispute may not be {remote.status}.")
    attempt = charges.attempt_of(account, intent=remote.payment_intent, charge=remote.charge)
    with transaction.atomic():
        row = _kept(account, remote, attempt, state)
        if state in RUNNING:
            _list(row, SuspenseKind.DISPUTE)
        else:
            words = f"The dispute ended: {row.get_state_display()}."
            suspense.close(SuspenseKind.DISPUTE, row.stripe_id, society_id=row.society_id, words=words)
        if state == S.LOST and not _ends_a_refund(row):
            _list(row, SuspenseKind.DISPUTE_LOST)
        if state in (S.WON, S.CLOSED):
            _owed_again(row)
    clearing.fetch(account, remote.movements)
    return row


def _kept(account: str, remote: gateway.RemoteDispute, attempt, state: str) -> Dispute:
    """Its row under a lock, made if it is new."""
    now = clock.now()
    facts = {
        "amount_pence": remote.amount_pence,
        "reason": remote.reason[:60],
        "state": state,
        "attempt": attempt,
        "answer_by_at": remote.answer_by and datetime.fromtimestamp(remote.answer_by, UTC),
        "looked_at": now,
    }
    first = {
        "society_id": suspense.society_of(account),
        "account_id": account,
        "charge_id": remote.charge,
        "created_at": datetime.fromtimestamp(remote.created, UTC),
    }
    return stripe_copies.kept(Dispute, remote.id, facts=facts, first=first)


def _list(row: Dispute, kind: str) -> None:
    answer_by = row.answer_by_at.isoformat() if row.answer_by_at else ""
    suspense.open_item(
        kind,
        row.stripe_id,
        society_id=row.society_id,
        account_id=row.account_id,
        application=row.attempt and row.attempt.application,
        amount_pence=row.amount_pence,
        reason=row.reason,
        answer_by=answer_by,
        charge=row.charge_id,
    )


def _refunds_in_its_way(row: Dispute):
    """Refunds of the disputed payment that Stripe does not send while the dispute runs."""
    if row.attempt is None:
        return Refund.objects.none()
    rows = Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("application")
    return rows.filter(
        society_id=row.society_id,
        receipt__attempt=row.attempt,
        way=RefundWay.STRIPE,
        state__in=[RefundState.DUE, RefundState.FAILED],
        stripe_id=None,
    )


def _ends_a_refund(row: Dispute) -> bool:
    """Whether a refund of just this sum waited: then the payer has it, through the dispute, and it is done."""
    if Refund.objects.filter(society_id=row.society_id, stripe_id=row.stripe_id).exists():
        return True
    for refund in _refunds_in_its_way(row):
        if refund.amount_pence == row.amount_pence:
            refund.state, refund.done_at = RefundState.DONE, clock.now()
            refund.stripe_id, refund.next_try_at, refund.failure, refund.failure_code = row.stripe_id, None, "", ""
            refund.save()
            clearing.book_refund(refund)
            refunds.tell(refund, "refund-done")
            return True
    return False


def _owed_again(row: Dispute) -> None:
    """The money stays with the society, so refunds that only the dispute held up are sent now."""
    for refund in _refunds_in_its_way(row).filter(failure_code=DISPUTED, next_try_at=None):
        refund.next_try_at = clock.now()
        refund.save(update_fields=["next_try_at"])
