"""What a person decides about an exception, done and written down in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from offers import applications
from offers.applications.ending import lock as lock_application
from offers.choices import ApplicationState
from payments import balances, clearing, earlier_accounts, refunds, suspense
from payments.choices import RefundState, RefundWay, SuspenseKind
from payments.models import CheckoutAttempt, Receipt, Refund, StripeAccount, SuspenseItem

RULE = "PAY-1"  # money that went back by another way than our refunds


@dataclass(frozen=True)
class Meaning:
    """What resolving an item does beside writing the words down: which page text says so.

    ends: whether the application ends; shares: whether shares were allotted for the money, so that the register is a
    person's question.
    """

    ends: bool = False
    shares: bool = False


def meaning(item: SuspenseItem) -> Meaning:
    """What resolving it would do now."""
    if item.kind in suspense.MOVED_MONEY and item.application:
        state = item.application.state
        return Meaning(ends=state == ApplicationState.PAID, shares=state == ApplicationState.ALLOTTED)
    return Meaning()


@transaction.atomic
def resolve(item: SuspenseItem, words: str, *, by) -> SuspenseItem:
    """Write down what was done about an item, and do what follows from it.

    Money that went back by another way is written down as a refund, and a paid application ends with all that is left
    of its money owed back; where shares were allotted they stand, and the words say what becomes of them.
    ValidationError where it is resolved already or without words.
    """
    application = item.application
    locked = []
    if item.kind in suspense.MOVED_MONEY and application:
        application, locked = lock_application(application)
    item = suspense.lock(item)
    if locked and application.state != ApplicationState.ALLOTTED:
        _write_as_refund(item, application, by)
        if application.state == ApplicationState.PAID:
            reason = _("Your payment was paid back, so your application has ended.")
            refunds.owe_all(application, rule=RULE, reason=reason)
            applications.end_by_society(application, locked, by=by)
    clearing.settle(item)
    if item.kind == SuspenseKind.ACCOUNT_GONE:
        account = StripeAccount.objects.get(account_id=item.subject, society_id=item.society_id)
        earlier_accounts.settle(account, f"suspense:{item.pk}")
    return suspense.end(item, words, by=by)


def _write_as_refund(item: SuspenseItem, application, by) -> None:
    """What went back, as refunds of the receipt it came by, as far as no refund of ours counts it already."""
    attempt = CheckoutAttempt.objects.filter(
        society_id=item.society_id, application=application, charge_id=item.facts.get("charge", "")
    ).first()
    receipt = Receipt.objects.filter(society_id=item.society_id, attempt=attempt).first() if attempt else None
    left = balances.refundable(society_id=item.society_id, application=application).get(application.pk, [])
    part = min(item.amount_pence, next((pence for found, pence in left if found == receipt), 0))
    if part:
        now = clock.now()
        reason = _("It was paid back by another way.")
        refund = Refund.objects.create(
            society_id=item.society_id, receipt=receipt, application=application, amount_pence=part, rule=RULE,
            reason=reason, state=RefundState.DONE, due_at=now, sent_at=now, done_at=now, done_by=by,
            stripe_id=item.subject, way=RefundWay.STRIPE,
        )  # fmt: skip
        clearing.book_refund(refund)
