"""Cheques and cash take two officers: one records what came, another sees it too, and only then it counts."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, ids
from offers.applications.ending import lock
from offers.choices import BY_HAND, Method
from offers.models import Application
from payments import receipts
from payments.models import PaperMoney, Receipt


def waiting(society_id: uuid.UUID):
    """What one officer has recorded and no other has confirmed, the oldest first."""
    return PaperMoney.objects.filter(society_id=society_id, confirmed_at=None, withdrawn_at=None)


@transaction.atomic
def record(
    application: Application,
    *,
    amount_pence: int,
    method: str,
    received_on: date,
    by,
    note: str = "",
    key: uuid.UUID | None = None,
) -> PaperMoney:
    """One officer has a cheque or cash in hand; nothing is counted yet.

    `key`: the row's own, made with the form, so that a button pressed twice records it once. ValidationError for
    nothing, a day to come, or another method.
    """
    if amount_pence <= 0:
        raise ValidationError(_("Enter an amount above £0."))
    if received_on > clock.today():
        raise ValidationError(_("The money cannot have arrived in the future."))
    if method not in BY_HAND:
        raise ValidationError(_("Only cheques and cash are confirmed by a second officer."))
    application, _locked = lock(application)
    if key and (earlier := PaperMoney.objects.filter(pk=key, society_id=application.society_id).first()):
        if (earlier.application_id, earlier.amount_pence) == (application.pk, amount_pence):
            return earlier
        raise ValidationError(_("This form has been sent already. Open the page again to record another payment."))
    row = PaperMoney.objects.create(
        pk=key or ids.uuid7(),
        society_id=application.society_id,
        application=application,
        method=method,
        amount_pence=amount_pence,
        received_on=received_on,
        note=note,
        recorded_at=clock.now(),
        recorded_by=by,
    )
    _note("paper.record", row, by)
    return row


@transaction.atomic
def confirm(row: PaperMoney, *, banked_on: date, by) -> Receipt:
    """Another officer has seen it and it is in the bank: it counts from the day it came, and does what money does.

    ValidationError for the officer who recorded it, a day before it came or after today, or one that is decided.
    """
    row = _locked(row)
    if row.confirmed_by_id == by.pk:
        return row.receipt  # the button was pressed twice
    _refuse_decided(row)
    if row.recorded_by_id == by.pk:
        raise ValidationError(_("You recorded this. Another officer must confirm it."))
    if not row.received_on <= banked_on <= clock.today():
        raise ValidationError(_("The day in the bank lies between the day it arrived and today."))
    day_end = datetime.combine(row.received_on, time(23, 59, 59), tzinfo=clock.LONDON)
    receipt = receipts.take(
        row.application,
        amount_pence=row.amount_pence,
        method=row.method,
        received_at=min(day_end, clock.now()),
        note=row.note,
        by=row.recorded_by,
        confirmed_by=by,
    )
    row.confirmed_at, row.confirmed_by, row.banked_on, row.receipt = clock.now(), by, banked_on, receipt
    row.save(update_fields=["confirmed_at", "confirmed_by", "banked_on", "receipt"])
    _note("paper.confirm", row, by)
    return receipt


@transaction.atomic
def withdraw(row: PaperMoney, *, by) -> PaperMoney:
    """It was recorded by mistake, or the cheque is no good: it never counts. ValidationError once it is decided."""
    row = _locked(row)
    if row.withdrawn_by_id == by.pk:
        return row
    _refuse_decided(row)
    row.withdrawn_at, row.withdrawn_by = clock.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _note("paper.withdraw", row, by)
    return row


def _locked(row: PaperMoney) -> PaperMoney:
    """The row under its application's lock, which all that concerns its money takes first."""
    application, _exposures = lock(row.application)
    fresh = PaperMoney.objects.select_for_update(no_key=True, of=("self",)).select_related("recorded_by", "receipt")
    found = fresh.get(pk=row.pk, society_id=row.society_id)
    found.application = application
    return found


def _refuse_decided(row: PaperMoney) -> None:
    if row.confirmed_at or row.withdrawn_at:
        words = {
            Method.CHEQUE: _("This cheque has been confirmed or taken out already."),
            Method.CASH: _("This cash has been confirmed or taken out already."),
        }
        raise ValidationError(words[row.method])


def _note(act: str, row: PaperMoney, by) -> None:
    facts = {"amount_pence": row.amount_pence, "method": row.method}
    audit.note(act, society_id=row.society_id, subject_id=row.pk, by=by, **facts)
