"""A receipt that was recorded wrongly is answered by another row, by two officers; the money may be somebody else's.

Lock order: the exposures of everybody concerned in either application by id, then both applications by id.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, outbox, references
from compliance import approvals
from compliance.models import Approval
from offers import applications, exposures
from offers.choices import ApplicationState
from offers.models import Application
from payments import balances, receipts
from payments.models import Receipt, Refund


def problem(receipt: Receipt) -> str:
    """Why a receipt may not be undone, with what to do instead, in words; empty where it may."""
    if receipt.attempt_id:
        return _("This money came through Stripe, whose word stands. Give it back instead.")
    if receipt.reverses_id or Receipt.objects.filter(society_id=receipt.society_id, reverses=receipt).exists():
        return _("This is undone already.")
    if receipt.application.state == ApplicationState.ALLOTTED:
        return _(
            "Shares were allotted for this money. Reverse the entry in the register first, and then settle the money "
            "with the member."
        )
    if Refund.objects.filter(society_id=receipt.society_id, receipt=receipt).exists():
        return _(
            "Money of this receipt is going back or has gone back, so it stands. If it never came, pay that refund to "
            "nobody, and ask whoever keeps this site to look at both."
        )
    return ""


def _facts(receipt: Receipt, to: Application | None, reason: str) -> dict:
    return {
        "receipt": str(receipt.pk),
        "application": str(receipt.application_id),
        "amount_pence": receipt.amount_pence,
        "to": str(to.pk) if to else "",
        "reason": reason,
    }


def _refuse(receipt: Receipt, to: Application | None) -> None:
    if words := problem(receipt):
        raise ValidationError(words)
    if to is not None and (to.pk == receipt.application_id or to.society_id != receipt.society_id):
        raise ValidationError(_("Choose another application of this society."))


@transaction.atomic
def prepare(receipt: Receipt, *, reason: str, to: Application | None = None, by) -> Approval:
    """Say why a receipt is wrong, and whose money it is if somebody's, for another officer to approve."""
    _lock(receipt, to)
    _refuse(receipt, to)
    if not reason:
        raise ValidationError(_("Say why the receipt is wrong."))
    audit.note("undo-receipt.prepare", society_id=receipt.society_id, subject_id=receipt.pk, by=by)
    return approvals.prepare(
        society_id=receipt.society_id,
        act=Approval.UNDO_RECEIPT,
        subject_id=receipt.pk,
        facts=_facts(receipt, to, reason),
        by=by,
    )


def _lock(receipt: Receipt, to: Application | None) -> None:
    """Both applications and everybody concerned; the receipt then reads its application as it is now."""
    keys = {receipt.application_id} | ({to.pk} if to else set())
    exposures.lock_applications(receipt.society_id, keys)
    rows = Application.objects.select_for_update(no_key=True, of=("self",)).select_related("offer__society")
    found = {row.pk: row for row in rows.filter(society_id=receipt.society_id, pk__in=keys).order_by("pk")}
    receipt.application = found[receipt.application_id]


@transaction.atomic
def approve(receipt: Receipt, *, by) -> Receipt:
    """Another officer approves: the contra is written, both applications are looked at anew; the contra.

    An application that was paid by it waits for payment again, with the offer's days for it; its applicant is told.
    Twice is harmless. ValidationError or approvals.NotApproved says why not.
    """
    if earlier := Receipt.objects.filter(society_id=receipt.society_id, reverses=receipt).first():
        return earlier
    act = {"society_id": receipt.society_id, "act": Approval.UNDO_RECEIPT, "subject_id": receipt.pk}
    waits = approvals.waiting_for(**act)
    if waits is None:
        raise approvals.NotApproved(_("Nothing waits for approval. Somebody may have withdrawn it."))
    to = Application.objects.filter(society_id=receipt.society_id, pk=waits.facts["to"] or None).first()
    reason = waits.facts["reason"]
    _lock(receipt, to)
    _refuse(receipt, to)
    facts = _facts(receipt, to, reason)
    approvals.approve(**act, facts=facts, by=by)
    approvals.use(**act, facts=facts)
    two = {"by": waits.prepared_by, "confirmed_by": by}
    contra = _contra(receipt, reason, **two)
    _after(receipt.application, contra)
    if to is not None:
        note = _("Moved from %(ref)s") % {"ref": references.shown(receipt.application.reference)}
        receipts.take(to, amount_pence=receipt.amount_pence, method=receipt.method, received_at=receipt.received_at,
                      note=note, **two)  # fmt: skip
    audit.note("undo-receipt", society_id=receipt.society_id, subject_id=receipt.pk, by=by,
               amount_pence=receipt.amount_pence, to=facts["to"])  # fmt: skip
    return contra


def _contra(receipt: Receipt, reason: str, *, by, confirmed_by) -> Receipt:
    """The row that answers it, with both people behind it, as behind the row that moves the money."""
    now = clock.now()
    return Receipt.objects.create(
        society_id=receipt.society_id,
        application_id=receipt.application_id,
        method=receipt.method,
        amount_pence=-receipt.amount_pence,
        reverses=receipt,
        received_at=now,
        note=reason,
        recorded_at=now,
        recorded_by=by,
        confirmed_by=confirmed_by,
    )


def _after(application: Application, contra: Receipt) -> None:
    locked = exposures.lock_application(application)
    if application.state == ApplicationState.PAID and balances.held_pence(application) != application.due_pence:
        applications.unmark_paid(application)
    receipts.look_again(application, locked)
    outbox.post("payment-undone", contra, to=application.email, language=application.language)


def withdraw(receipt: Receipt, *, by) -> bool:
    """Take back what waits for approval; False where nothing does."""
    with transaction.atomic():
        act = {"society_id": receipt.society_id, "act": Approval.UNDO_RECEIPT, "subject_id": receipt.pk}
        if not approvals.withdraw(**act):
            return False
        audit.note("undo-receipt.withdraw", society_id=receipt.society_id, subject_id=receipt.pk, by=by)
        return True


def waiting(receipt: Receipt) -> Approval | None:
    """What waits for a second officer, for showing."""
    return approvals.waiting_for(society_id=receipt.society_id, act=Approval.UNDO_RECEIPT, subject_id=receipt.pk)
