"""Disputes: the payer's bank takes the money back, with a fee on top. Source: docs.stripe.com/disputes."""

from __future__ import annotations

import stripe

from payments.fakestripe import errors, events, schema
from payments.fakestripe.clock import DAY, on_time
from payments.fakestripe.metadata import merged
from payments.fakestripe.objects import new
from payments.fakestripe.paging import page
from payments.fakestripe.resources import balance, fraud_warnings
from payments.fakestripe.routing import PAGE, answers
from payments.fakestripe.store import public
from payments.fakestripe.world import World

FEE = 20_00  # pence
_TIME_TO_ANSWER = 7 * DAY
_INQUIRY_ENDS = 120 * DAY
_OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")


def open_dispute(world: World, account: str, charge: dict, amount: int | None = None) -> dict:
    """The payer disputes a charge, or `amount` pence of it. For Bacs the payer's bank always wins at once.

    Raises ApiError for a charge that has no money to take back, or is disputed already.
    """
    is_final = charge["payment_method_details"]["type"] == "bacs_debit"
    dispute = _new(world, account, charge, amount, status="lost" if is_final else "needs_response")
    _withdraw(world, account, dispute)
    if is_final:
        events.emit(world, "charge.dispute.closed", dispute)
    return dispute


def inquire(world: World, account: str, charge: dict) -> dict:
    """The payer's bank asks before it disputes: no money moves, and the payment can still be refunded."""
    dispute = _new(world, account, charge, None, status="warning_needs_response", is_charge_refundable=True)
    world.at(world.now() + _INQUIRY_ENDS, "inquiry_ends", account, dispute=dispute["id"])
    return dispute


def escalate(world: World, account: str, dispute: dict) -> dict:
    """An inquiry becomes a dispute. Raises ApiError for what is none any more."""
    if dispute["status"] not in ("warning_needs_response", "warning_under_review"):
        raise errors.ApiError(400, None, "Only an open inquiry can become a dispute.")
    world.store.change(dispute, status="needs_response", is_charge_refundable=False, evidence_details=_details(world))
    _withdraw(world, account, dispute)
    events.emit(world, "charge.dispute.updated", dispute)
    return dispute


def _new(world: World, account: str, charge: dict, amount: int | None, **fields) -> dict:
    if charge["disputed"] or charge["status"] != "succeeded":
        raise errors.ApiError(400, None, f"Charge {charge['id']} cannot be disputed.")
    dispute = new(
        world,
        "dispute",
        amount=amount or charge["amount"],
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason="general",
        balance_transactions=[],
        metadata={},
        enhanced_eligibility_types=[],
        evidence=schema.nulls_of(stripe.Dispute.Evidence) | {"enhanced_evidence": {}},
        evidence_details=_details(world),
        **({"is_charge_refundable": False} | fields),
    )
    world.store.add(account, dispute)
    world.store.change(charge, disputed=True)
    events.emit(world, "charge.dispute.created", dispute)
    fraud_warnings.settle(world, account, charge)
    return dispute


def _withdraw(world: World, account: str, dispute: dict) -> None:
    """Takes the money and the fee; from then on the merchant has some days to answer."""
    transaction = _book(world, account, dispute, -dispute["amount"], balance.fee(FEE, "Dispute fee"))
    world.store.change(dispute, balance_transactions=[public(transaction)])
    events.emit(world, "charge.dispute.funds_withdrawn", dispute)
    if dispute["status"] == "needs_response":
        world.at(dispute["evidence_details"]["due_by"], "dispute_due", account, dispute=dispute["id"])


@on_time("dispute_due")
def _nobody_answered(world: World, account: str, dispute: str) -> None:
    found = world.store.get(account, "dispute", dispute)
    if found["status"] == "needs_response":
        decide(world, account, found, is_won=False)


@on_time("inquiry_ends")
def _inquiry_ends(world: World, account: str, dispute: str) -> None:
    found = world.store.get(account, "dispute", dispute)
    if found["status"] in ("warning_needs_response", "warning_under_review"):
        close_inquiry(world, found)


def close_inquiry(world: World, dispute: dict) -> dict:
    """The bank asks no more, because it was answered, refunded, or the time is up."""
    world.store.change(dispute, status="warning_closed", is_charge_refundable=False)
    events.emit(world, "charge.dispute.closed", dispute)
    return dispute


def refunded(world: World, account: str, charge: dict) -> None:
    """A charge was refunded whole: what a bank only inquired about is settled by it."""
    for dispute in world.store.each(account, "dispute", charge=charge["id"]):
        if dispute["is_charge_refundable"]:
            close_inquiry(world, dispute)
    fraud_warnings.settle(world, account, charge)


def bars_refund(world: World, account: str, charge: dict) -> bool:
    """Whether a dispute stands in the way of a refund; an inquiry does not."""
    found = world.store.each(account, "dispute", charge=charge["id"])
    return any(not one["is_charge_refundable"] and one["status"] != "warning_closed" for one in found)


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
    if dispute["status"] not in ("needs_response", "under_review"):
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
    if evidence and dispute["status"] not in _OPEN:
        raise errors.ApiError(400, None, "This dispute is already closed.")
    world.store.change(dispute, metadata=merged(dispute["metadata"], params))
    if evidence:
        details = dispute["evidence_details"] | {"has_evidence": True}
        world.store.change(dispute, evidence=dispute["evidence"] | evidence, evidence_details=details)
        if params.get("submit", True):
            return _submitted(world, account, dispute, evidence.get("uncategorized_text"))
    events.emit(world, "charge.dispute.updated", dispute)
    return dispute


def _submitted(world: World, account: str, dispute: dict, words: str | None) -> dict:
    """The bank has the evidence now, and looks at it; at Stripe's test words it answers at once."""
    details = dispute["evidence_details"]
    details = details | {"submission_count": details["submission_count"] + 1}
    is_inquiry = dispute["status"].startswith("warning")
    status = "warning_under_review" if is_inquiry else "under_review"
    events.changed(world, "charge.dispute.updated", dispute, status=status, evidence_details=details)
    if words not in ("winning_evidence", "losing_evidence"):
        return dispute
    if is_inquiry:
        return close_inquiry(world, dispute) if words == "winning_evidence" else escalate(world, account, dispute)
    return decide(world, account, dispute, is_won=words == "winning_evidence")


@answers("POST", "/v1/disputes/{dispute}/close")
def close_dispute(world: World, account: str, params: dict, ident: str) -> dict:
    """The merchant gives in; an inquiry that is only asked about ends with it."""
    dispute = world.store.get(account, "dispute", ident)
    if dispute["status"].startswith("warning_") and dispute["status"] in _OPEN:
        return close_inquiry(world, dispute)
    return decide(world, account, dispute, is_won=False)
