"""Money back: never more than came in, each by the way it came, done once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from common import clock
from payments import by_hand, receipts, refunds
from payments.models import CheckoutAttempt, Refund
from tests.factories import make_offer, make_user, paid, submit, take

pytestmark = pytest.mark.django_db


def test_a_refund_is_split_over_receipts_newest_first():
    application = submit(make_offer())
    receipts.take(application, amount_pence=300_00, method="bank-transfer")
    take(application, 200_00)
    rows = refunds.owe(application, 250_00, rule="OFF-5", reason="Scaled back.")
    assert [(row.amount_pence, row.receipt.method) for row in rows] == [(200_00, "cheque"), (50_00, "bank-transfer")]


def test_more_than_is_held_is_refused():
    with pytest.raises(ValueError, match="100 pence more"):
        refunds.owe(paid(make_offer()), 501_00, rule="OFF-5", reason="x")


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        return True
    return False


def test_the_table_refuses_more_than_came_in_a_changed_sum_and_a_deletion():
    application = paid(make_offer())
    row = refunds.owe_all(application, rule="OFF-2", reason="Failed.")[0]
    again = {f: getattr(row, f) for f in ("society_id", "receipt_id", "application_id", "rule", "reason", "due_at")}
    assert refused(lambda: Refund.objects.create(amount_pence=1, **again))
    assert refused(lambda: Refund.objects.filter(pk=row.pk).update(amount_pence=1))
    assert refused(lambda: Refund.objects.filter(pk=row.pk).delete())
    assert refused(lambda: Refund.objects.filter(pk=row.pk).update(state="done"))  # done without a time


def test_money_of_another_application_never_pays_it_back():
    one, other = paid(make_offer()), paid(make_offer())
    receipt = other.receipts.get()
    fields = {"society_id": one.society_id, "receipt": receipt, "application": one, "rule": "OFF-2", "reason": "x"}
    assert refused(lambda: Refund.objects.create(amount_pence=1, due_at=clock.now(), **fields))


def test_a_card_payment_is_not_marked_by_hand():
    application, now = submit(make_offer(), method="card"), clock.now()
    attempt = CheckoutAttempt.objects.create(
        society_id=application.society_id,
        application=application,
        number=1,
        account_id="acct_1",
        amount_pence=500_00,
        idempotency_key="k",
        created_at=now,
        expires_at=now,
    )
    receipts.take(application, amount_pence=500_00, method="card", attempt=attempt)
    application.refresh_from_db()
    row = refunds.owe_all(application, rule="OFF-2", reason="Failed.")[0]
    with pytest.raises(ValidationError, match="through Stripe"):
        by_hand.prepare(row, how="cheque", note="Cheque 1", by=make_user())
