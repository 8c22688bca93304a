"""Messages about money: a refund that is due, a payment that was not the sum asked for."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from common import letters, outbox, references
from common.models import AuditEvent, OutgoingMail
from common.money import as_decimal, as_pounds
from common.outbox import Message
from compliance.models import Approval
from offers.emails import about
from offers.models import Society
from payments import balances
from payments.models import CheckoutAttempt, PaperMoney, PayeeAccount, Promise, Receipt, Refund, SuspenseItem


def _about_receipt(template: str):
    def build(mail: OutgoingMail) -> Message:
        receipt = Receipt.objects.select_related("application__offer__society").get(
            pk=mail.subject_id, society_id=mail.society_id
        )
        held_pence = balances.held_pence(receipt.application)
        amount_pence = abs(receipt.amount_pence)
        return about(receipt.application, template, receipt=receipt, amount_pence=amount_pence, held_pence=held_pence)

    return build


for _kind in ("payment-not-exact", "payment-too-much", "payment-undone"):
    outbox.builder(_kind)(_about_receipt(_kind))


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


def _about_refund(template: str):
    def build(mail: OutgoingMail) -> Message:
        refund = Refund.objects.select_related("receipt", "application__offer__society").get(
            pk=mail.subject_id, society_id=mail.society_id
        )
        return about(refund.application, template, refund=refund)

    return build


for _kind, _template in {
    "refund-due": "refund-due",
    "refund-sent": "refund-sent",
    "refund-done": "refund-done",
    "refund-done-after-all": "refund-done",
    "refund-failed": "refund-failed",
}.items():
    outbox.builder(_kind)(_about_refund(_template))


def _about_bank_details(mail: OutgoingMail) -> Message:
    event = AuditEvent.objects.get(pk=mail.subject_id, society_id=mail.society_id)
    payee = PayeeAccount.objects.select_related("application__offer__society").get(
        application_id=event.subject_id, society_id=mail.society_id
    )
    is_changed = event.facts["version"] > 1
    return about(payee.application, "bank-details-given", payee=payee, when=event.happened_at, is_changed=is_changed)


for _kind in ("bank-details-given", "bank-details-changed"):
    outbox.builder(_kind)(_about_bank_details)


def _own_account(mail: OutgoingMail) -> Message:
    """To each officer: where payers shall send money, what it was before, and who did it."""
    event = AuditEvent.objects.get(pk=mail.subject_id, society_id=mail.society_id)
    approval = Approval.objects.select_related("prepared_by", "approved_by").get(
        pk=event.facts["approval"], society_id=mail.society_id
    )
    society = Society.objects.get(pk=mail.society_id)
    link = settings.SITE_URL + reverse("office:own-account", args=[society.slug])
    context = {"society": society, "approval": approval, "said": approval.facts, "link": link}
    return letters.letter(mail.kind, context, reply_to=society.email)


for _kind in ("own-account-prepared", "own-account-changed"):
    outbox.builder(_kind)(_own_account)


@outbox.builder("paper-money-refused")
def paper_money_refused(mail: OutgoingMail) -> Message:
    """To the officer who recorded it: who refused it, why, and where to put it right."""
    row = PaperMoney.objects.select_related("application", "recorded_by", "withdrawn_by").get(
        pk=mail.subject_id, society_id=mail.society_id
    )
    society = Society.objects.get(pk=mail.society_id)
    link = settings.SITE_URL + reverse("office:paper-money", args=[society.slug, row.pk])
    return letters.letter(mail.kind, {"society": society, "row": row, "link": link}, reply_to=society.email)


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
