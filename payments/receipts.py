"""Money comes in: it is written down first, and then it is asked what it means.

An application is paid when what is held for it is exactly what is due. Anything else is held as an exception
until more money makes it right or the offer is decided, and money that can never be right goes back at once.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, ids, outbox
from offers import applications
from offers.applications.ending import lock
from offers.choices import BY_HAND, ApplicationState
from offers.models import Application
from payments import balances, clearing, paper_waiting, refunds
from payments.models import CheckoutAttempt, Receipt


def moment_of(day: date) -> datetime:
    """When money of a bank's day counts as received: at that day's end, and of today now."""
    return min(clock.day_ends_at(day), clock.now())


@transaction.atomic
def take(
    application: Application,
    *,
    amount_pence: int,
    method: str,
    received_at: datetime | None = None,
    attempt: CheckoutAttempt | None = None,
    note: str = "",
    by=None,
    confirmed_by=None,
    on_statement: bool = False,
    key: uuid.UUID | None = None,
) -> Receipt:
    """Record money for an application and do what follows from it: paid, revived, held, or owed back.

    `attempt`: the payment at Stripe that it came by, at most one receipt each; `by`: the officer who records it;
    `confirmed_by`: the other one without whom a cheque or cash does not count, unless the bank's statement shows it
    (`on_statement`); `received_at`: when the bank had it, if not now; `key`: the receipt's own, made with the form, so
    that a button pressed twice counts the money once. ValidationError for nothing or a future day.
    """
    if method in BY_HAND and not on_statement:
        _refuse_one_alone(by, confirmed_by)
    now = clock.now()
    received_at = received_at or now
    _refuse_impossible(amount_pence, received_at, now)
    application, locked = lock(application)
    if attempt and (earlier := Receipt.objects.filter(society_id=application.society_id, attempt=attempt).first()):
        return earlier
    if key and (earlier := Receipt.objects.filter(pk=key).first()):
        if (earlier.application_id, earlier.amount_pence) == (application.pk, amount_pence):
            return earlier
        raise ValidationError(_("This form has been sent already. Open the page again to record another payment."))
    receipt = Receipt.objects.create(
        pk=key or ids.uuid7(), society_id=application.society_id, application=application, attempt=attempt,
        method=method, amount_pence=amount_pence, received_at=received_at, note=note, recorded_at=now, recorded_by=by,
        confirmed_by=confirmed_by, on_statement=on_statement,
    )  # fmt: skip
    clearing.book_receipt(receipt)
    if by:
        facts = {"subject_id": receipt.pk, "amount_pence": amount_pence}
        audit.note("receipt.take", society_id=application.society_id, by=by, **facts)
    _settle(application, locked, receipt)
    return receipt


def _refuse_one_alone(by, confirmed_by) -> None:
    if by is None or confirmed_by is None or by == confirmed_by:
        raise ValidationError(_("A cheque or cash counts once two officers have seen it."))


def _refuse_impossible(amount_pence: int, received_at: datetime, now: datetime) -> None:
    if amount_pence <= 0:
        raise ValidationError(_("Enter an amount above £0."))
    if received_at > now:
        raise ValidationError(_("The money cannot have arrived in the future."))


def _settle(application: Application, locked: list, receipt: Receipt) -> None:
    """What the money means now. Money by card counts as in time: Stripe's page was open when it was paid."""
    late = not receipt.attempt_id and receipt.received_at > application.pay_by_at
    may_lapse = application.state == ApplicationState.AWAITING_PAYMENT and not paper_waiting.holds_place(application)
    if late and may_lapse and applications.lapse(application):
        application, locked = lock(application)
    held = balances.held_pence(application)
    if application.state in (ApplicationState.AWAITING_PAYMENT, ApplicationState.COMMITTED):
        if held == application.due_pence:
            _pay_or_refund(application, locked, held)
        else:
            _tell_of_wrong_sum(application, receipt)
    elif application.state == ApplicationState.LAPSED:
        _revive_or_refund(application, locked, receipt, held)
    elif application.state == ApplicationState.PAID:
        reason = _("You had paid already, so the second payment is refunded.")
        refunds.owe(application, held - application.due_pence, rule="AMT-1", reason=reason)
    else:
        refunds.owe(application, receipt.amount_pence, rule="OPN-1", reason=_("Your application had ended already."))


def _pay_or_refund(application: Application, locked: list, held: int) -> None:
    """The sum due is there. It pays the application unless a rule stands against it by now; then all goes back."""
    if problems := applications.payment_problems(application, locked):
        applications.refuse_payment(application, locked)
        refunds.owe(application, held, rule=problems[0].rule, reason=problems[0].message)
    else:
        applications.mark_paid(application, at=clock.now())


def _revive_or_refund(application: Application, locked: list, receipt: Receipt, held: int) -> None:
    """Late money: it may take the application up again, or wait for the rest, or it goes back at once."""
    in_time = bool(receipt.attempt_id) or receipt.received_at <= application.pay_by_at
    problems = applications.revival_problems(application, locked, in_time=in_time)
    if problems:
        reason = " ".join([_("Your money came after your application had lapsed."), problems[0].message])
        refunds.owe(application, held, rule=problems[0].rule, reason=reason)
    elif held != application.due_pence:
        _tell_of_wrong_sum(application, receipt)
    elif not applications.revive(application, locked, at=clock.now(), in_time=in_time):
        reason = _("Your money came after your application had lapsed, and the offer is full.")
        refunds.owe(application, held, rule="OFF-5", reason=reason)


def look_again(application: Application, locked: list) -> None:
    """What is held means something else now, because some went back or a receipt was undone; the caller holds both.

    Where it is just what is due, an application that waits is paid, and one that had lapsed may be taken up again.
    """
    held = balances.held_pence(application)
    if held != application.due_pence:
        return
    if application.state == ApplicationState.AWAITING_PAYMENT:
        applications.mark_paid(application, at=clock.now())
    elif application.state == ApplicationState.LAPSED:
        standing = Receipt.objects.filter(
            society_id=application.society_id, application=application, reverses=None, reversal=None
        )
        _revive_or_refund(application, locked, standing.latest("recorded_at", "pk"), held)


def _tell_of_wrong_sum(application: Application, receipt: Receipt) -> None:
    """Too little and too much are two messages: one asks for the rest, the other says what the society will do."""
    is_too_much = balances.held_pence(application) > application.due_pence
    kind = "payment-too-much" if is_too_much else "payment-not-exact"
    outbox.post(kind, receipt, to=application.email, language=application.language)
