"""Paying one refund outside Stripe: transfer, cheque, cash. One officer says how, another approves, and it is done."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock
from compliance import approvals
from compliance.models import Approval
from payments import looking_after, payees, refunds
from payments.choices import LineState, PaidHow, RefundState, RefundWay
from payments.models import Refund, RefundBatchLine

ELSEWHERE = (PaidHow.STRIPE_PAGES, PaidHow.DISPUTE)


def in_a_file(refund: Refund) -> bool:
    """Whether a file for the bank holds it now."""
    return RefundBatchLine.objects.filter(
        society_id=refund.society_id, refund=refund, state__in=[LineState.LIVE, LineState.DONE]
    ).exists()


def problem(refund: Refund) -> str:
    """Why this refund may not be recorded as paid by hand now, in words; empty where it may."""
    if refund.state == RefundState.DONE:
        return _("This refund is done.")
    if refund.way == RefundWay.STRIPE and (refund.state != RefundState.FAILED or refund.next_try_at is not None):
        return _("This refund goes through Stripe by itself.")
    if in_a_file(refund):
        return _("This refund stands in a file for the bank. Give that file up first, or let it be paid by it.")
    return ""


def _facts(refund: Refund, how: str, note: str) -> dict:
    """What both officers stand by; a change of the payer's bank details is seen in it."""
    paid_to = payees.seen(refund.application_id, refund.society_id) if how == PaidHow.TRANSFER else {}
    return {
        "refund": str(refund.pk),
        "amount_pence": refund.amount_pence,
        "times_failed": refund.tries,
        "how": how,
        "note": note,
        "to": paid_to,
    }


def _refuse(refund: Refund, how: str) -> None:
    if words := problem(refund):
        raise ValidationError(words)
    if refund.way == RefundWay.STRIPE and how not in ELSEWHERE:
        raise ValidationError(_("Take it out of Stripe first: otherwise it could be paid twice."))
    if refund.receipt.attempt_id is None and how in ELSEWHERE:
        raise ValidationError(_("This money did not come through Stripe."))


@transaction.atomic
def prepare(refund: Refund, *, how: str, note: str, by) -> Approval:
    """Say how a refund is to be paid back, for another officer to approve. ValidationError says why not.

    `note`: the cheque's number, the bank's reference, who was there; required, because an auditor asks for it.
    """
    row = looking_after.lock(refund)
    _refuse(row, how)
    if not note:
        raise ValidationError(_("Give the cheque number, the bank’s reference, or who saw it."))
    audit.note("refund.prepare-by-hand", society_id=row.society_id, subject_id=row.pk, by=by, how=how)
    return approvals.prepare(
        society_id=row.society_id, act=Approval.REFUND_BY_HAND, subject_id=row.pk, facts=_facts(row, how, note), by=by
    )


@transaction.atomic
def approve(refund: Refund, *, by) -> Refund:
    """Another officer approves, and the refund is done. Twice is harmless; approvals.NotApproved says why not."""
    row = looking_after.lock(refund)
    if row.state == RefundState.DONE:
        return row
    act = {"society_id": row.society_id, "act": Approval.REFUND_BY_HAND, "subject_id": row.pk}
    waiting = approvals.waiting_for(**act)
    if waiting is None:
        raise approvals.NotApproved(_("Nothing waits for approval. Somebody may have withdrawn it."))
    how, note = waiting.facts["how"], waiting.facts["note"]
    _refuse(row, how)
    facts = _facts(row, how, note)
    approvals.approve(**act, facts=facts, by=by)
    approvals.use(**act, facts=facts)
    row.state, row.done_at, row.done_by = RefundState.DONE, clock.now(), by
    row.done_how, row.done_note, row.failure, row.failure_code = how, note, "", ""
    row.save(update_fields=["state", "done_at", "done_by", "done_how", "done_note", "failure", "failure_code"])
    audit.note("refund.done", society_id=row.society_id, subject_id=row.pk, by=by, amount_pence=row.amount_pence,
               how=how)  # fmt: skip
    refunds.tell(row, "refund-done")
    return row


@transaction.atomic
def withdraw(refund: Refund, *, by) -> bool:
    """Take back what waits for approval; False where nothing does."""
    row = looking_after.lock(refund)
    if not approvals.withdraw(society_id=row.society_id, act=Approval.REFUND_BY_HAND, subject_id=row.pk):
        return False
    audit.note("refund.withdraw-by-hand", society_id=row.society_id, subject_id=row.pk, by=by)
    return True


def waiting(refund: Refund) -> Approval | None:
    """What waits for a second officer, for showing."""
    return approvals.waiting_for(society_id=refund.society_id, act=Approval.REFUND_BY_HAND, subject_id=refund.pk)


def has_changed(refund: Refund, approval: Approval) -> bool:
    """Whether something is no longer as it was prepared, such as the payer's bank details."""
    return not approvals.fits(approval, _facts(refund, approval.facts["how"], approval.facts["note"]))
