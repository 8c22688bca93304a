"""Messages about money: a refund that is due, a payment that was not the sum asked for."""

from common import outbox
from common.models import OutgoingMail
from common.outbox import Message
from offers.emails import about
from payments import balances
from payments.models import CheckoutAttempt, Promise, Receipt, Refund


@outbox.builder("refund-due")
def refund_due(mail: OutgoingMail) -> Message:
    refund = Refund.objects.select_related("receipt", "application__offer__society").get(
        pk=mail.subject_id, society_id=mail.society_id
    )
    return about(refund.application, "refund-due", refund=refund)


@outbox.builder("payment-not-exact")
def payment_not_exact(mail: OutgoingMail) -> Message:
    receipt = Receipt.objects.select_related("application__offer__society").get(
        pk=mail.subject_id, society_id=mail.society_id
    )
    held_pence = balances.held_pence(receipt.application)
    return about(receipt.application, "payment-not-exact", receipt=receipt, held_pence=held_pence)


@outbox.builder("payment-failed")
def payment_failed(mail: OutgoingMail) -> Message:
    attempt = CheckoutAttempt.objects.select_related("application__offer__society").get(
        pk=mail.subject_id, society_id=mail.society_id
    )
    return about(attempt.application, "payment-failed", attempt=attempt)


def _promise(mail: OutgoingMail) -> Message:
    promise = Promise.objects.select_related("application__offer__society").get(
        pk=mail.subject_id, society_id=mail.society_id
    )
    return about(promise.application, mail.kind, promise=promise)


outbox.builder("promise-refused")(_promise)
outbox.builder("promise-released")(_promise)
