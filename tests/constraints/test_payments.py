"""Stripe accounts, attempts, receipts, refunds and what Stripe said."""

from datetime import UTC, datetime

from offers.models import Society
from payments.models import (
    AccountCheck,
    CheckoutAttempt,
    Receipt,
    Refund,
    StripeAccount,
    StripeEvent,
    StripeEventOutcome,
)
from tests.constraints.seeing import GROUP, Delete, insert, refused_by, tried, update

pytestmark = GROUP
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
NEW = {"session_id": None, "idempotency_key": "another"}
GONE = {"ended_at": MOMENT}
SECOND = {"account_id": "acct_2", "idempotency_key": "another"}
TWO = {"stripe_id": "re_2"}
CASES = {
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
    "receipt_amount_positive": [insert(Receipt, amount_pence=0), insert(Receipt, amount_pence=-1)],
    "receipt_method_known": insert(Receipt, method="gold", attempt_id=None),
    "attempt_method_is_online": insert(CheckoutAttempt, **NEW, number=2, state="expired", method="cheque"),
    "receipt_of_attempt_is_online": insert(Receipt, method="bank-transfer"),
    "payments_receipt.attempt_id": insert(Receipt),
    "refund_amount_positive": [insert(Refund, amount_pence=0), insert(Refund, amount_pence=-1)],
    "refund_done_has_time": insert(Refund, **TWO, state="done"),
    "payments_refund.stripe_id": insert(Refund),
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
}


def other_application(refund):
    return type(refund.application).objects.exclude(pk=refund.application_id).first().pk


@tried(CASES)
def test_a_wrong_row_is_refused(world, fence, change):
    assert refused_by(lambda: change(world)) == fence


def test_what_is_left_of_a_receipt_may_still_go_back(world):
    whole = insert(Refund, **TWO, amount_pence=lambda row: row.receipt.amount_pence - row.amount_pence)
    assert refused_by(lambda: whole(world)) == "nothing"
