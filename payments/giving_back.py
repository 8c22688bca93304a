"""Giving an application's money back before any allotment, all of it or what is too much: the society's own decision.

One officer says what and why, another approves, and in the same transaction the application ends and refunds are due.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from compliance import approvals
from compliance.models import Approval
from offers import applications
from offers.applications.ending import lock
from offers.choices import LIVE, ApplicationState
from offers.models import Application
from payments import balances, receipts, refunds

ALL, EXCESS = "all", "excess"
RULE = "SOC-1"  # the society's own decision, for which no rule of the law or of the offer asks


def choices(application: Application) -> dict[str, int]:
    """What may be given back now, in pence: all that is held, or what is more than is due; nothing where none is held.

    After the offer's decision nothing is held that is not allotted, so nothing can be given back here.
    """
    if application.state not in (*LIVE, ApplicationState.LAPSED):
        return {}
    held_pence = balances.held_pence(application)
    found = {ALL: held_pence} if held_pence > 0 else {}
    if held_pence > application.due_pence and application.state != ApplicationState.PAID:
        found[EXCESS] = held_pence - application.due_pence
    return found


def _facts(application: Application, what: str, amount_pence: int, reason: str) -> dict:
    return {
        "application": str(application.pk),
        "state": application.state,
        "what": what,
        "amount_pence": amount_pence,
        "reason": reason,
    }


def _refuse(application: Application, what: str) -> int:
    found = choices(application)
    if what not in found:
        raise ValidationError(_("There is no money of this application that could be given back so."))
    return found[what]


@transaction.atomic
def prepare(application: Application, *, what: str, reason: str, by) -> Approval:
    """Say what goes back and why, for another officer to approve. The reason is told to the applicant."""
    application, _locked = lock(application)
    amount_pence = _refuse(application, what)
    if not reason:
        raise ValidationError(_("Say why: the reason is told to the applicant."))
    audit.note(
        "give-back.prepare", society_id=application.society_id, subject_id=application.pk, by=by,
        amount_pence=amount_pence, what=what,
    )  # fmt: skip
    return approvals.prepare(
        society_id=application.society_id,
        act=Approval.GIVE_BACK,
        subject_id=application.pk,
        facts=_facts(application, what, amount_pence, reason),
        by=by,
    )


@transaction.atomic
def approve(application: Application, *, by) -> Application:
    """Another officer approves: the application ends, or is paid once the rest is gone, and refunds are due.

    ValidationError or approvals.NotApproved says why not; nothing is written then.
    """
    application, locked = lock(application)
    act = {"society_id": application.society_id, "act": Approval.GIVE_BACK, "subject_id": application.pk}
    waits = approvals.waiting_for(**act)
    if waits is None:
        raise approvals.NotApproved(_("Nothing waits for approval. Somebody may have withdrawn it."))
    what, reason = waits.facts["what"], waits.facts["reason"]
    amount_pence = _refuse(application, what)
    facts = _facts(application, what, amount_pence, reason)
    approvals.approve(**act, facts=facts, by=by)
    approvals.use(**act, facts=facts)
    if what == ALL and application.state in LIVE:
        applications.end_by_society(application, locked, by=by)
    refunds.owe(application, amount_pence, rule=RULE, reason=reason)
    if what == EXCESS:
        receipts.look_again(application, locked)
    audit.note(
        "give-back", society_id=application.society_id, subject_id=application.pk, by=by, amount_pence=amount_pence,
        what=what,
    )  # fmt: skip
    return application


@transaction.atomic
def withdraw(application: Application, *, by) -> bool:
    """Take back what waits for approval; False where nothing does."""
    application, _locked = lock(application)
    act = {"society_id": application.society_id, "act": Approval.GIVE_BACK, "subject_id": application.pk}
    if not approvals.withdraw(**act):
        return False
    audit.note("give-back.withdraw", society_id=application.society_id, subject_id=application.pk, by=by)
    return True


def waiting(application: Application) -> Approval | None:
    """What waits for a second officer, for showing."""
    return approvals.waiting_for(society_id=application.society_id, act=Approval.GIVE_BACK, subject_id=application.pk)


def has_changed(application: Application, approval: Approval) -> bool:
    """Whether the sum or the application is no longer as it was prepared."""
    what, reason = approval.facts["what"], approval.facts["reason"]
    return not approvals.fits(approval, _facts(application, what, choices(application).get(what, 0), reason))
