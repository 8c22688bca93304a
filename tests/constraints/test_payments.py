"""Stripe accounts, attempts, receipts, refunds, what Stripe said and has, the clearing ledger and its exceptions."""

from datetime import UTC, datetime

from common import clock, ids
from members.models import User
from offers.models import Society
from payments.models import (
    AccountCheck,
    CheckoutAttempt,
    ComparisonRequest,
    Dispute,
    LineDecision,
    PayeeAccount,
    Payout,
    PayoutArrival,
    Posting,
    PostingSet,
    Promise,
    Receipt,
    Reconciliation,
    Refund,
    RefundBatch,
    RefundBatchLine,
    StripeAccount,
    StripeEvent,
    StripeEventOutcome,
    StripeEventTurn,
    SuspenseItem,
)
from tests.constraints.seeing import GROUP, Delete, both, insert, refused_by, tried, twice, update

pytestmark = GROUP
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
NEW = {"session_id": None, "idempotency_key": "another"}
GONE = {"ended_at": MOMENT}
SECOND = {"account_id": "acct_2", "idempotency_key": "another"}
TWO = {"stripe_id": "re_2"}
# A second row that takes a receipt by hand back, of which nothing goes back.
CONTRA = {
    "attempt_id": None,
    "method": "bank-transfer",
    "reverses_id": lambda row: recorded_by_hand().pk,
    "application_id": lambda row: recorded_by_hand().application_id,
    "amount_pence": lambda row: -recorded_by_hand().amount_pence,
}
PAYEE = {"application_id": lambda row: other_application(row)}


class Paid:
    """The world's refund from the society's account, called sent or paid though nobody approved it."""

    def __init__(self, state):
        self.state = state

    def __call__(self, world):
        rows = Refund.objects.filter(pk=world.row(RefundBatchLine).refund_id)
        rows.update(state=self.state, done_at=world.row(Refund).due_at)


def recorded_by_hand():
    return Receipt.objects.filter(attempt=None, refunds=None, application__state="allotted").first()


def going_back():
    return Receipt.objects.filter(attempt=None, refunds__isnull=False, application__state="cancelled").first()


def one_user():
    return User.objects.first()


def another_user(row):
    return User.objects.exclude(pk=row.prepared_by_id).first()


PROMISE = {"number": 2, "state": "expired", "idempotency_key": "another", "session_id": None, "attempt_id": None}
PROMISES = {
    "promise_number_once": insert(Promise, **PROMISE | {"number": 1}),
    "promise_one_live": [insert(Promise, **PROMISE | {"state": state}) for state in ("created", "open", "held")],
    "promise_amount_positive": insert(Promise, **PROMISE, amount_pence=0),
    "promise_held_is_whole": [
        update(Promise, method_id=""),
        update(Promise, customer_id=""),
        update(Promise, promised_at=None),
    ],
    "promise_charged_has_attempt": update(Promise, state="charging", attempt=None),
    "payments_promise.idempotency_key": insert(Promise, **PROMISE | {"idempotency_key": "promise"}),
    "payments_promise.session_id": insert(Promise, **PROMISE | {"session_id": "cs_2"}),
    "payments_promise.attempt_id": insert(Promise, **PROMISE | {"attempt_id": lambda row: row.attempt_id}),
    "payments_promise:promise_state_moves_forward": [
        update(Promise, state=state) for state in ("created", "open", "collected", "refused", "expired")
    ],
    "payments_promise:promise_stands": [
        update(Promise, amount_pence=1),
        update(Promise, number=9),
        update(Promise, account_id="acct_9"),
    ],
    "payments_promise:promise_is_kept": Delete(Promise),
}
CASES = PROMISES | {
    "stripe_account_one_serving": insert(StripeAccount, **SECOND),
    "stripe_account_id_shape": [
        insert(StripeAccount, **GONE, account_id="1"),
        insert(StripeAccount, **GONE, account_id=None),
        insert(StripeAccount, **GONE, account_id="acct_2", connected_at=None),
    ],
    "stripe_account_limits_positive": [
        insert(StripeAccount, **GONE, **SECOND, debit_limit_pence=0),
        insert(StripeAccount, **GONE, **SECOND, pay_by_bank_limit_pence=-1),
    ],
    "payments_stripeaccount:stripe_account_stays_what_it_is": [
        update(StripeAccount, account_id="acct_2"),
        update(StripeAccount, account_id=None, connected_at=None),
    ],
    "payments_stripeaccount.idempotency_key": insert(StripeAccount, **GONE, account_id="acct_2"),
    "account_ready_means_both": [
        insert(AccountCheck, cards="restricted"),
        insert(AccountCheck, payouts="daily"),
    ],
    "payments_stripeaccount.account_id": insert(
        StripeAccount,
        idempotency_key=None,
        society_id=lambda row: Society.objects.exclude(pk=row.society_id).first().pk,
    ),
    "attempt_number_once": insert(CheckoutAttempt, **NEW, state="expired"),
    "attempt_one_live": [
        insert(CheckoutAttempt, **NEW, number=2, state=state) for state in ("created", "open", "processing")
    ],
    "attempt_amount_positive": insert(CheckoutAttempt, amount_pence=0),
    "payments_checkoutattempt.idempotency_key": insert(CheckoutAttempt, number=2, state="expired", session_id=None),
    "payments_checkoutattempt.session_id": insert(
        CheckoutAttempt, number=2, state="expired", idempotency_key="another"
    ),
    "payments_checkoutattempt:attempt_state_moves_forward": update(CheckoutAttempt, state="created"),
    "receipt_amount_positive": [
        insert(Receipt, amount_pence=0),
        insert(Receipt, amount_pence=-1),
        insert(Receipt, "receipt_reversal_mirrors", **CONTRA | {"amount_pence": 1}),
        insert(Receipt, "receipt_reversal_mirrors", **CONTRA | {"attempt_id": lambda row: row.attempt_id}),
    ],
    "payments_receipt.reverses_id": twice(Receipt, **CONTRA),
    "payments_receipt:receipt_reversal_mirrors": [
        insert(Receipt, **CONTRA | {"amount_pence": -1}),
        insert(Receipt, **CONTRA | {"method": "cheque"}),
        insert(Receipt, **CONTRA | {"application_id": lambda row: going_back().application_id}),
        insert(
            Receipt,
            **CONTRA
            | {
                "reverses_id": lambda row: going_back().pk,
                "application_id": lambda row: going_back().application_id,
                "amount_pence": lambda row: -going_back().amount_pence,
            },
        ),
    ],
    "receipt_method_known": insert(Receipt, method="gold", attempt_id=None),
    "attempt_method_is_online": insert(CheckoutAttempt, **NEW, number=2, state="expired", method="cheque"),
    "attempt_credit_seen_whole": [
        update(CheckoutAttempt, credit_seen_at=MOMENT, funding="credit"),
        update(
            CheckoutAttempt, credit_seen_at=MOMENT, credit_seen_by=lambda row: User.objects.first(), funding="debit"
        ),
    ],
    "receipt_of_attempt_is_online": insert(Receipt, method="bank-transfer"),
    "payments_receipt.attempt_id": insert(Receipt),
    "refund_amount_positive": [insert(Refund, amount_pence=0), insert(Refund, amount_pence=-1)],
    "refund_done_has_time": insert(Refund, **TWO, state="done"),
    "payments_refund.stripe_id": insert(Refund),
    "refund_way_known": insert(Refund, stripe_id=None, way="pigeon"),
    "refund_by_society_not_at_stripe": [
        insert(Refund, **TWO, way="society"),
        insert(Refund, stripe_id=None, way="society", next_try_at=lambda row: row.due_at),
    ],
    "refund_taken_has_time_and_person": [
        insert(Refund, **TWO, taken_at=lambda row: row.due_at),
        insert(Refund, **TWO, taken_by_id=lambda row: one_user().pk),
    ],
    "payments_refund:refund_by_society_takes_two": [
        Paid("sent"),
        Paid("done"),
    ],
    "payments_payeeaccount.application_id": insert(PayeeAccount),
    "payee_sort_code_shape": [
        insert(PayeeAccount, **PAYEE, sort_code=code) for code in ("", "12345", "30-943", "12345x")
    ],
    "payee_account_shape": [
        insert(PayeeAccount, **PAYEE, account_number=number) for number in ("", "1234567", "x2345678")
    ],
    "payee_has_a_name": insert(PayeeAccount, **PAYEE, account_name=""),
    "payments_payeeaccount:payee_version_counts": [
        update(PayeeAccount, account_number="11111111"),
        update(PayeeAccount, version=3),
        update(PayeeAccount, version=2, application_id=lambda row: other_application(row)),
    ],
    "payments_payeeaccount:payee_is_kept": Delete(PayeeAccount),
    "batch_number_once": insert(RefundBatch),
    "batch_total_positive": insert(RefundBatch, number=9, total_pence=0),
    "batch_format_known": insert(RefundBatch, number=9, bank_format="fax"),
    "batch_sent_has_time_and_person": [
        insert(RefundBatch, number=9, state="sent"),
        insert(RefundBatch, number=9, sent_at=lambda row: row.prepared_at),
    ],
    "batch_end_has_time_and_person": [
        insert(RefundBatch, number=9, state="given-up"),
        insert(RefundBatch, number=9, ended_at=lambda row: row.prepared_at),
    ],
    "payments_refundbatch:batch_state_moves_forward": update(RefundBatch, state="done"),
    "payments_refundbatch:batch_stands": [
        update(RefundBatch, **{field: value})
        for field, value in [
            ("number", 9),
            ("bank_format", "pain.001"),
            ("total_pence", 1),
            ("file_sha256", "0" * 64),
            ("pay_on", lambda row: row.pay_on.replace(year=2000)),
            ("prepared_by", lambda row: another_user(row)),
        ]
    ],
    "payments_refundbatch:batch_is_kept": Delete(RefundBatch),
    "batch_line_position_once": insert(RefundBatchLine, state="returned"),
    "batch_line_refund_once": [insert(RefundBatchLine, position=2), insert(RefundBatchLine, position=2, state="done")],
    "batch_line_amount_positive": insert(
        RefundBatchLine, "batch_line_of_a_refund_due", position=2, amount_pence=0, state="returned"
    ),
    "payments_refundbatchline:batch_line_moves_forward": update(RefundBatchLine, state="odd"),
    "payments_refundbatchline:batch_line_stands": [
        update(RefundBatchLine, amount_pence=1),
        update(RefundBatchLine, position=2),
        update(RefundBatchLine, payee_version=9),
    ],
    "payments_refundbatchline:batch_line_is_kept": Delete(RefundBatchLine),
    "payments_refundbatchline:batch_line_of_a_refund_due": [
        insert(RefundBatchLine, position=2, state="returned", amount_pence=lambda row: row.amount_pence - 1),
        insert(
            RefundBatchLine, position=2, state="returned", refund_id=lambda row: Refund.objects.get(stripe_id="re_1").pk
        ),
    ],
    "payments_refund:refund_state_moves_forward": update(Refund, state="odd"),
    "payments_refund:refund_sum_stands": [
        update(Refund, amount_pence=2_00),
        update(Refund, rule="CNL-1"),
        update(Refund, due_at=lambda row: row.due_at.replace(year=2000)),
    ],
    "payments_refund:refund_is_kept": Delete(Refund),
    "payments_refund:refund_within_receipt": [
        insert(Refund, **TWO, amount_pence=lambda row: row.receipt.amount_pence - row.amount_pence + 1),
        insert(Refund, **TWO, application_id=lambda row: other_application(row)),
    ],
    "payments_stripeevent.event_id": insert(StripeEvent),
    "payments_stripeeventoutcome.event_id": insert(StripeEventOutcome),
    "payments_stripeeventturn.event_id": insert(StripeEventTurn),
    "payments_stripeeventturn:turn_of_its_event": update(StripeEventTurn, event_id=lambda row: ids.uuid7()),
    "payments_stripeeventturn:turn_ends_once": both(
        update(StripeEventTurn, next_try_at=None), update(StripeEventTurn, next_try_at=clock.now())
    ),
    "payments_stripeeventturn:turn_is_kept": Delete(StripeEventTurn),
}
RELEASED = {"released_at": MOMENT, "released_by_id": lambda row: row.recorded_by_id}


def another_payout(row) -> Payout:
    """One that nobody has seen at the bank."""
    there = row.payout
    return Payout.objects.create(
        society_id=row.society_id, account_id=there.account_id, stripe_id="po_9", amount_pence=1_00, state="paid",
        is_automatic=False, created_at=there.created_at, arrives_on=there.arrives_on, looked_at=there.looked_at,
    )  # fmt: skip


def other_decision(row) -> LineDecision:
    """A decision that a line is money for applications."""
    return LineDecision.objects.filter(kind="receipt").first()


AT_STRIPE = {
    "payments_dispute.stripe_id": insert(Dispute),
    "dispute_amount_positive": insert(Dispute, stripe_id="du_2", amount_pence=0),
    "dispute_state_known": insert(Dispute, stripe_id="du_2", state="odd"),
    "payments_dispute:dispute_state_moves_forward": update(Dispute, state="inquiry"),
    "payments_dispute:dispute_stands": [
        update(Dispute, **{field: value})
        for field, value in [
            ("stripe_id", "du_2"), ("account_id", "acct_2"), ("charge_id", "ch_2"),
            ("created_at", lambda row: row.created_at.replace(year=2000)), ("society_id", lambda row: ids.uuid7()),
        ]
    ],
    "payments_dispute:dispute_is_kept": Delete(Dispute),
    "payments_payout.stripe_id": insert(Payout),
    "payout_amount_positive": insert(Payout, stripe_id="po_2", amount_pence=0),
    "payout_state_known": insert(Payout, stripe_id="po_2", state="odd"),
    "payments_payout:payout_state_moves_forward": both(
        update(Payout, state="canceled"), update(Payout, state="paid")
    ),
    "payments_payout:payout_stands": [
        update(Payout, **{field: value})
        for field, value in [
            ("stripe_id", "po_2"), ("account_id", "acct_2"), ("amount_pence", 1), ("is_automatic", True),
            ("created_at", lambda row: row.created_at.replace(year=2000)), ("society_id", lambda row: ids.uuid7()),
        ]
    ],
    "payments_payout:payout_is_kept": Delete(Payout),
    "payout_arrives_once": insert(PayoutArrival, decision_id=None),
    "payout_arrival_of_line_once": insert(PayoutArrival, payout_id=lambda row: another_payout(row).pk),
    "payout_arrival_positive": insert(
        PayoutArrival, decision_id=None, amount_pence=0, payout_id=lambda row: another_payout(row).pk
    ),
    "payout_arrival_released_by_somebody": [
        update(PayoutArrival, released_at=MOMENT),
        update(PayoutArrival, released_by_id=lambda row: row.recorded_by_id),
    ],
    "payments_payoutarrival:payout_arrival_stands": [
        update(PayoutArrival, **{field: value})
        for field, value in [
            ("payout_id", lambda row: another_payout(row).pk), ("decision_id", None), ("is_in", False),
            ("amount_pence", 5), ("seen_on", lambda row: row.seen_on.replace(year=2000)),
            ("recorded_at", lambda row: row.recorded_at.replace(year=2000)), ("society_id", lambda row: ids.uuid7()),
            ("recorded_by_id", lambda row: User.objects.exclude(pk=row.recorded_by_id).first().pk),
        ]
    ],
    "payments_payoutarrival:payout_arrival_released_once": both(
        update(PayoutArrival, **RELEASED), update(PayoutArrival, released_at=clock.now())
    ),
    "payments_payoutarrival:payout_arrival_is_kept": Delete(PayoutArrival),
    "payments_payoutarrival:payout_arrival_fits": [
        insert(PayoutArrival, amount_pence=2_00),  # the line is of £1
        insert(PayoutArrival, is_in=False),  # and it came in
        insert(PayoutArrival, decision_id=lambda row: other_decision(row).pk),
        insert(PayoutArrival, payout_id=lambda row: ids.uuid7()),
        insert(PayoutArrival, is_in=False, decision_id=None, payout_id=lambda row: another_payout(row).pk),
    ],
    "suspense_once": [insert(SuspenseItem), twice(SuspenseItem, subject="x", society_id=None, application_id=None)],
    "suspense_kind_known": insert(SuspenseItem, kind="odd"),
    "suspense_amount_not_negative": insert(SuspenseItem, subject="x", amount_pence=-1),
    "suspense_taken_by_somebody": [
        update(SuspenseItem, taken_by_id=None), update(SuspenseItem, taken_at=None)
    ],
    "suspense_resolved_in_words": [
        update(SuspenseItem, resolved_at=clock.now()),
        update(SuspenseItem, resolution="Paid."),
        update(SuspenseItem, resolved_by_id=lambda row: row.taken_by_id),
    ],
    "payments_suspenseitem:suspense_stands": [
        update(SuspenseItem, **{field: value})
        for field, value in [
            ("kind", "no-application"), ("subject", "x"), ("account_id", "acct_2"), ("application_id", None),
            ("amount_pence", 5), ("currency", "eur"), ("facts", {"x": 1}), ("society_id", None),
            ("opened_at", lambda row: row.opened_at.replace(year=2000)),
        ]
    ],
    "payments_suspenseitem:suspense_resolved_once": both(
        update(SuspenseItem, resolved_at=clock.now(), resolution="Paid."), update(SuspenseItem, resolution="Not paid.")
    ),
    "payments_suspenseitem:suspense_is_kept": Delete(SuspenseItem),
    "posting_set_once": insert(PostingSet),
    "posting_account_once": insert(Posting),
    "posting_moves_something": insert(Posting, account="bank", amount_pence=0),
    "posting_account_known": insert(Posting, account="odd"),
    "payments_posting:set_adds_up_to_nothing": insert(Posting, account="bank", amount_pence=1),
    "comparison_one_at_a_time": insert(ComparisonRequest),
    "comparison_step_known": [
        update(ComparisonRequest, step="odd", step_at=MOMENT),
        update(ComparisonRequest, step="refunds"),
        update(ComparisonRequest, step_at=MOMENT),
    ],
    "comparison_ends_later": update(ComparisonRequest, ended_at=lambda row: row.asked_at.replace(year=2000)),
    "payments_comparisonrequest:comparison_stands": [
        update(ComparisonRequest, **{field: value})
        for field, value in [
            ("asked_at", MOMENT), ("society_id", lambda row: ids.uuid7()),
            ("asked_by_id", lambda row: User.objects.exclude(pk=row.asked_by_id).first().pk),
        ]
    ],
    "payments_comparisonrequest:comparison_ends_once": both(
        update(ComparisonRequest, ended_at=lambda row: row.asked_at), update(ComparisonRequest, ended_at=None)
    ),
    "payments_comparisonrequest:comparison_is_kept": Delete(ComparisonRequest),
    "reconciliation_ends_later": insert(
        Reconciliation, ended_at=lambda row: row.began_at.replace(year=2000)
    ),
}  # fmt: skip
CASES |= AT_STRIPE


def other_application(row):
    return type(row.application).objects.exclude(pk=row.application_id).order_by("pk").first().pk


@tried(CASES)
def test_a_wrong_row_is_refused(world, fence, change):
    assert refused_by(lambda: change(world)) == fence


def test_what_is_left_of_a_receipt_may_still_go_back(world):
    whole = insert(Refund, **TWO, amount_pence=lambda row: row.receipt.amount_pence - row.amount_pence)
    assert refused_by(lambda: whole(world)) == "nothing"
