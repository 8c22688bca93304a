"""Messages about money: a refund that is due, a payment that was not the sum asked for."""

from django.utils.translation import gettext as _

from common import letters, outbox, references
from common.models import OutgoingMail
from common.money import as_decimal, as_pounds
from common.outbox import Message
from offers.emails import about
from offers.models import Society
from payments import balances
from payments.models import CheckoutAttempt, Receipt, Refund, SuspenseItem


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


@outbox.builder("money-not-placed")
def money_not_placed(mail: OutgoingMail) -> Message:
    item = SuspenseItem.objects.select_related("application").get(pk=mail.subject_id, society_id=mail.society_id)
    society = Society.objects.get(pk=mail.society_id)
    foreign = f"{as_decimal(item.amount_pence)} {item.currency.upper()}"
    context = {
        "society": society,
        "sum": as_pounds(item.amount_pence) if item.currency == "gbp" else foreign,
        "ref": references.shown(item.application.reference) if item.application else _("the day of the payment"),
    }
    return letters.letter("money-not-placed", context, reply_to=society.email)


@outbox.builder("payment-failed")
def payment_failed(mail: OutgoingMail) -> Message:
    attempt = CheckoutAttempt.objects.select_related("application__offer__society").get(
        pk=mail.subject_id, society_id=mail.society_id
    )
    return about(attempt.application, "payment-failed", attempt=attempt)
