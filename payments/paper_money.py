"""Cheques and cash take two officers: one records what came, another sees it too, and only then it counts.

A line of the bank's statement is evidence of its own and settles one without a second officer
(payments.statements.deciding). What was recorded wrongly is taken out and recorded anew: a row never changes what it
says, so nobody confirms another sum than the one on their page.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, ids, outbox
from common.lines import one_line
from common.money import as_pounds
from offers.applications.ending import lock
from offers.choices import BY_HAND, ApplicationState, Method
from offers.models import Application
from payments import balances, receipts
from payments.models import PaperMoney, Receipt
from payments.paper_waiting import waiting


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
    application, _locked = lock(application)
    said = {"amount_pence": amount_pence, "method": method, "received_on": received_on, "note": note}
    return _write(application, said, by=by, key=key)


@transaction.atomic
def correct(
    row: PaperMoney, *, amount_pence: int, method: str, received_on: date, by, note: str = "", key: uuid.UUID
) -> PaperMoney:
    """Take one out and record what is right in its place: its first officer while it waits, anybody once it is out.

    Whoever had the old one before them can no longer confirm it. It was in hand since the old one was recorded.
    ValidationError as of `record`, and where it counts already or has been recorded anew.
    """
    row = _locked(row)
    said = {"amount_pence": amount_pence, "method": method, "received_on": received_on, "note": note}
    if PaperMoney.objects.filter(pk=key, replaces=row, society_id=row.society_id).exists():
        return _write(row.application, said, by=by, key=key)
    if row.confirmed_at:
        raise ValidationError(_decided(row))
    if row.is_waiting:
        _refuse_another(row, by)
        _end(row, by=by, why=_("Recorded anew, corrected."))
    if PaperMoney.objects.filter(society_id=row.society_id, replaces=row).exists():
        raise ValidationError(_("It has been recorded anew already. Look at the new one."))
    return _write(row.application, said, by=by, key=key, replaces=row)


def _write(application: Application, said: dict, *, by, key: uuid.UUID | None, replaces=None) -> PaperMoney:
    """The row; the caller holds the application."""
    if said["amount_pence"] <= 0:
        raise ValidationError(_("Enter an amount above £0."))
    if said["received_on"] > clock.today():
        raise ValidationError(_("The money cannot have arrived in the future."))
    if said["method"] not in BY_HAND:
        raise ValidationError(_("Only cheques and cash are confirmed by a second officer."))
    if key and (earlier := PaperMoney.objects.filter(pk=key, society_id=application.society_id).first()):
        if (earlier.application_id, earlier.amount_pence) == (application.pk, said["amount_pence"]):
            return earlier
        raise ValidationError(_("This form has been sent already. Open the page again to record another payment."))
    row = PaperMoney.objects.create(
        **said,
        pk=key or ids.uuid7(),
        society_id=application.society_id,
        application=application,
        in_hand_at=_in_hand_at(said["received_on"], replaces),
        recorded_at=clock.now(),
        recorded_by=by,
        replaces=replaces,
    )
    _note("paper.record", row, by)
    return row


def _in_hand_at(received_on: date, replaces: PaperMoney | None) -> datetime:
    """The end of the day it came, or the moment at which somebody first wrote it down, whichever is earlier."""
    written = clock.now()
    while replaces is not None:
        if received_on <= clock.london(replaces.recorded_at).date():
            written = replaces.recorded_at
        replaces = replaces.replaces
    return min(clock.day_ends_at(received_on), written)


@transaction.atomic
def confirm(row: PaperMoney, *, banked_on: date, by, surplus_seen: bool = False) -> Receipt:
    """Another officer has seen it and it is in the bank: it counts from the day it came, and does what money does.

    `surplus_seen`: that it came although it is more than is due. ValidationError for the officer who recorded it, a
    day before it came or after today, one that is decided, and more than is due that nobody has said to have seen.
    """
    row = _locked(row)
    if row.confirmed_by_id == by.pk:
        return row.receipt  # the button was pressed twice
    _refuse_decided(row)
    if row.recorded_by_id == by.pk:
        raise ValidationError(_("You recorded this. Another officer must confirm it."))
    if not row.received_on <= banked_on <= clock.today():
        raise ValidationError({"banked_on": _("The day in the bank lies between the day it arrived and today.")})
    if not surplus_seen and (words := surplus(row)):
        raise ValidationError({"surplus_seen": words})
    receipt = receipts.take(
        row.application,
        amount_pence=row.amount_pence,
        method=row.method,
        received_at=row.in_hand_at,
        note=row.note,
        by=row.recorded_by,
        confirmed_by=by,
    )
    _settle(row, receipt, banked_on=banked_on, by=by)
    return receipt


def surplus(row: PaperMoney) -> str:
    """Why it would be too much, in words: it may be counted already, as a line of the bank. Empty where it is due."""
    application, held_pence = row.application, balances.held_pence(row.application)
    ended = (ApplicationState.CANCELLED, ApplicationState.ALLOTTED)
    due_pence = 0 if application.state in ended else max(application.due_pence - held_pence, 0)
    if row.amount_pence <= due_pence:
        return ""
    words = _(
        "%(sum)s is more than the %(due)s that is still due, so what is too much would go back. Look whether it is "
        "counted already, and tick the box only if it came as well."
    )
    return words % {"sum": as_pounds(row.amount_pence), "due": as_pounds(due_pence)}


def on_a_line(application: Application, amount_pence: int) -> PaperMoney | None:
    """The oldest one of this very sum that waits for an application; the caller holds the application."""
    return waiting(application.society_id).filter(application=application, amount_pence=amount_pence).first()


def settle_by_line(row: PaperMoney, receipt: Receipt, *, booked_on: date, by) -> None:
    """A line of the bank shows it, and `receipt` is of that line: no second officer is needed. Rows are locked."""
    _settle(row, receipt, banked_on=booked_on, by=None)
    _note("paper.on-statement", row, by)


def _settle(row: PaperMoney, receipt: Receipt, *, banked_on: date, by) -> None:
    row.confirmed_at, row.confirmed_by, row.banked_on, row.receipt = clock.now(), by, banked_on, receipt
    row.save(update_fields=["confirmed_at", "confirmed_by", "banked_on", "receipt"])
    if by:
        _note("paper.confirm", row, by)


@transaction.atomic
def withdraw(row: PaperMoney, *, by) -> PaperMoney:
    """Whoever recorded it takes it out: it never counts. ValidationError for anybody else, or once it is decided."""
    row = _locked(row)
    if row.withdrawn_by_id == by.pk:
        return row
    _refuse_decided(row)
    _refuse_another(row, by)
    return _end(row, by=by)


@transaction.atomic
def refuse(row: PaperMoney, *, why: str, by) -> PaperMoney:
    """Another officer says why it is not right; it never counts, and whoever recorded it is told.

    ValidationError without a reason, for the officer who recorded it, or once it is decided.
    """
    row = _locked(row)
    if row.withdrawn_by_id == by.pk:
        return row
    _refuse_decided(row)
    if row.recorded_by_id == by.pk:
        raise ValidationError(_("You recorded this: take it out, or correct it."))
    if not one_line(why):
        raise ValidationError({"why": _("Say what is not right, for whoever recorded it.")})
    _end(row, by=by, why=one_line(why)[:200])
    outbox.post("paper-money-refused", row, to=row.recorded_by.email)
    return row


def _end(row: PaperMoney, *, by, why: str = "") -> PaperMoney:
    row.withdrawn_at, row.withdrawn_by, row.why_withdrawn = clock.now(), by, why
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "why_withdrawn"])
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
    if not row.is_waiting:
        raise ValidationError(_decided(row))


def _refuse_another(row: PaperMoney, by) -> None:
    if row.recorded_by_id != by.pk:
        raise ValidationError(_("Only the officer who recorded this can do that. You can refuse it with a reason."))


def _decided(row: PaperMoney) -> str:
    words = {
        Method.CHEQUE: _("This cheque has been confirmed, refused or corrected already. Look at the page again."),
        Method.CASH: _("This cash has been confirmed, refused or corrected already. Look at the page again."),
    }
    return words[row.method]


def _note(act: str, row: PaperMoney, by) -> None:
    facts = {"amount_pence": row.amount_pence, "method": row.method}
    audit.note(act, society_id=row.society_id, subject_id=row.pk, by=by, **facts)
