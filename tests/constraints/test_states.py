"""States move forward only: every pair of states of everything that has one, tried one by one."""

import pytest

from common import clock
from members.models import User
from offers.choices import ApplicationState, OfferState
from offers.models import Application, ShareOffer
from offers.models.applications import TRANSITIONS as APPLICATION
from offers.models.offers import TRANSITIONS as OFFER
from payments.choices import (
    ATTEMPT_TRANSITIONS,
    BATCH_TRANSITIONS,
    DISPUTE_TRANSITIONS,
    LINE_TRANSITIONS,
    PAYOUT_TRANSITIONS,
    PROMISE_TRANSITIONS,
    REFUND_TRANSITIONS,
    AttemptState,
    BatchState,
    DisputeState,
    LineState,
    PayoutState,
    PromiseState,
    RefundState,
)
from payments.models import CheckoutAttempt, Dispute, Payout, Promise, Refund, RefundBatch, RefundBatchLine
from tests.constraints.seeing import GROUP, refused_by

pytestmark = GROUP
MACHINES = [
    (ShareOffer, OfferState, OFFER, "offer_state_moves_forward"),
    (Application, ApplicationState, APPLICATION, "application_state_moves_forward"),
    (CheckoutAttempt, AttemptState, ATTEMPT_TRANSITIONS, "attempt_state_moves_forward"),
    (Refund, RefundState, REFUND_TRANSITIONS, "refund_state_moves_forward"),
    (Dispute, DisputeState, DISPUTE_TRANSITIONS, "dispute_state_moves_forward"),
    (Payout, PayoutState, PAYOUT_TRANSITIONS, "payout_state_moves_forward"),
    (Promise, PromiseState, PROMISE_TRANSITIONS, "promise_state_moves_forward"),
    (RefundBatch, BatchState, BATCH_TRANSITIONS, "batch_state_moves_forward"),
    (RefundBatchLine, LineState, LINE_TRANSITIONS, "batch_line_moves_forward"),
]
PAIRS = [
    (model, before, after, (before, after) in {(str(a), str(b)) for a, b in transitions}, trigger)
    for model, states, transitions, trigger in MACHINES
    for before in states.values
    for after in states.values
    if before != after
]


def beside(model, state: str) -> dict:
    """What the constraints ask beside a state."""
    if model is Application:
        return {"allotted_pence": 1_00 if state == "allotted" else 0, "paid_at": clock.now()}
    if model is RefundBatch:
        sent, ended = state in ("sent", "done"), state in ("done", "given-up")
        return {
            "sent_at": clock.now() if sent else None,
            "sent_by": User.objects.first() if sent else None,
            "ended_at": clock.now() if ended else None,
            "ended_by": User.objects.first() if ended else None,
        }
    return {"done_at": clock.now()} if model is Refund else {}


@pytest.mark.parametrize(("model", "before", "after", "allowed", "trigger"), PAIRS)
def test_only_the_written_transitions_pass(world, model, before, after, allowed, trigger):
    rows = model._base_manager.filter(pk=world.row(model).pk)

    def move():
        world.rest(model, trigger)
        rows.update(state=before, **beside(model, before))
        world.rest(model)
        rows.update(state=after, **beside(model, after))

    assert refused_by(move) == ("nothing" if allowed else f"{model._meta.db_table}:{trigger}")
