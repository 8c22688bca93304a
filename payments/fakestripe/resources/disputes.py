"""Disputes: the payer's bank takes the money back, with a fee on top. Source: docs.stripe.com/disputes."""

from __future__ import annotations

import stripe

from payments.fakestripe import errors, events, schema
from payments.fakestripe.clock import DAY
from payments.fakestripe.metadata import merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import balance
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.store import public
from payments.fakestripe.world import World

FEE = 20_00  # pence
_TIME_TO_ANSWER = 7 * DAY


def open_dispute(world: World, account: str, charge: dict, amount: int | None = None) -> dict:
    """The payer disputes a charge, or `amount` pence of it. For Bacs the payer's bank always wins at once."""
    is_final = charge["payment_method_details"]["type"] == "bacs_debit"
    dispute = new(
        world,
        "dispute",
        amount=amount or charge["amount"],
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason="general",
        status="lost" if is_final else "needs_response",
        balance_transactions=[],
        metadata={},
        is_charge_refundable=False,
        enhanced_eligibility_types=[],
        evidence=schema.nulls_of(stripe.Dispute.Evidence) | {"enhanced_evidence": {}},
        evidence_details=_details(world),
    )
    transaction = _book(world, account, dispute, -dispute["amount"], balance.fee(FEE, "Dispute fee"))
    dispute["balance_transactions"] = [public(transaction)]
    world.store.add(account, dispute)
    world.store.change(charge, disputed=True)
    events.emit(world, "charge.dispute.created", dispute)
    events.emit(world, "charge.dispute.funds_withdrawn", dispute)
    if is_final:
        events.emit(world, "charge.dispute.closed", dispute)
    return dispute


def _details(world: World) -> dict:
    return {
        "due_by": world.now() + _TIME_TO_ANSWER,
        "has_evidence": False,
        "past_due": False,
        "submission_count": 0,
        "enhanced_eligibility": {},
        "submission_method": "manual",
    }


def _book(world: World, account: str, dispute: dict, amount: int, fee: dict | None = None) -> dict:
    return balance.book(
        world,
        account,
        kind="adjustment",
        category="dispute" if amount < 0 else "dispute_reversal",
        amount=amount,
        fee_details=[fee] if fee else [],
        source=dispute["id"],
        currency=dispute["currency"],
    )


def decide(world: World, account: str, dispute: dict, *, is_won: bool) -> dict:
    """The bank's word. A won dispute brings the money back, the fee stays. Raises ApiError once decided."""
    if dispute["status"] in ("won", "lost"):
        raise errors.ApiError(400, None, "This dispute is already closed.")
    world.store.change(dispute, status="won" if is_won else "lost")
    if is_won:
        back = _book(world, account, dispute, dispute["amount"])
        both = [*dispute["balance_transactions"], public(back)]
        world.store.change(dispute, balance_transactions=both)
        events.emit(world, "charge.dispute.funds_reinstated", dispute)
    events.emit(world, "charge.dispute.closed", dispute)
    return dispute


@answers("GET", "/v1/disputes", f"{PAGE} charge payment_intent")
def list_disputes(world: World, account: str, params: dict) -> dict:
    return page(world, account, "dispute", params, "/v1/disputes", filters="charge payment_intent")


@answers("GET", "/v1/disputes/{dispute}")
def retrieve_dispute(world: World, account: str, params: dict, ident: str) -> dict:
    return world.store.get(account, "dispute", ident)


@answers("POST", "/v1/disputes/{dispute}", "evidence submit metadata")
def update_dispute(world: World, account: str, params: dict, ident: str) -> dict:
    """Stripe's test evidence decides: uncategorized_text "winning_evidence" or "losing_evidence"."""
    dispute = world.store.get(account, "dispute", ident)
    evidence = dict(params.get("evidence") or {})
    details = dispute["evidence_details"] | {"has_evidence": bool(evidence)}
    fields = {"evidence": dispute["evidence"] | evidence, "evidence_details": details}
    world.store.change(dispute, **fields, metadata=merged(dispute["metadata"], params))
    words = evidence.get("uncategorized_text")
    if params.get("submit", True) and words in ("winning_evidence", "losing_evidence"):
        return decide(world, account, dispute, is_won=words == "winning_evidence")
    events.emit(world, "charge.dispute.updated", dispute)
    return dispute


@answers("POST", "/v1/disputes/{dispute}/close")
def close_dispute(world: World, account: str, params: dict, ident: str) -> dict:
    """The merchant gives in."""
    return decide(world, account, world.store.get(account, "dispute", ident), is_won=False)
