"""The ends of an application before any allotment: it lapses unpaid, or the applicant takes it back."""

from __future__ import annotations

from django.db import transaction

from common import audit, clock, outbox
from compliance import changes
from compliance.answers import Answer, RuleBroken
from compliance.questions import CouldNotAsk
from offers import exposures, reservations
from offers.choices import LIVE, ApplicationState
from offers.models import Application


def lock(application: Application) -> tuple[Application, list]:
    """The application's row and the exposures of everybody concerned, locked in the order that all verbs keep."""
    locked = exposures.lock_application(application)
    fresh = Application.objects.select_for_update(no_key=True).get(pk=application.pk, society_id=application.society_id)
    return fresh, locked


def _end(application: Application, locked: list, state: str) -> None:
    application.state, application.ended_at = state, clock.now()
    application.save(update_fields=["state", "ended_at"])
    exposures.drop_live(locked, application.due_pence)
    reservations.give_back(application.offer_id, application.society_id, application.due_pence)


@transaction.atomic
def lapse(application: Application) -> bool:
    """Let an unpaid application go whose last moment has passed; False if it is not so. Its room is free again."""
    application, locked = lock(application)
    if application.state != ApplicationState.AWAITING_PAYMENT or clock.now() <= application.pay_by_at:
        return False
    _end(application, locked, ApplicationState.LAPSED)
    audit.note("application.lapse", society_id=application.society_id, subject_id=application.pk)
    outbox.post("application-lapsed", application, to=application.email, language=application.language)
    return True


def let_go(application: Application, locked: list, *, reason: str, by) -> None:
    """An officer takes the place of an unpaid application away before its time; money that comes later is late.

    The caller holds the application's row, which waits for payment, and the exposures `locked`.
    """
    now = clock.now()
    application.released_at, application.released_by, application.released_reason = now, by, reason
    application.pay_by_at = min(application.pay_by_at, now)
    application.save(update_fields=["released_at", "released_by", "released_reason", "pay_by_at"])
    _end(application, locked, ApplicationState.LAPSED)
    audit.note("application.let-go", society_id=application.society_id, subject_id=application.pk, by=by)
    outbox.post("application-let-go", application, to=application.email, language=application.language)


def release(application: Application, locked: list) -> None:
    """Let a promised application go because the offer did not reach its minimum: nothing was ever taken.

    The caller holds the application's row and the exposures `locked`.
    """
    _end(application, locked, ApplicationState.LAPSED)
    audit.note("application.release", society_id=application.society_id, subject_id=application.pk)


def end_by_society(application: Application, locked: list, *, by) -> None:
    """A live application ends because the society gives its money back; the caller holds it and its exposures.

    The refund's message tells the applicant why.
    """
    _end(application, locked, ApplicationState.CANCELLED)
    audit.note("application.end-by-society", society_id=application.society_id, subject_id=application.pk, by=by)


def cancel_problem(application: Application) -> Answer | None:
    """Why the applicant may not cancel now (CNL-1), or None."""
    try:
        answer = changes.may_cancel(
            is_live=application.state in LIVE,
            is_in_time=clock.now() <= application.cancel_by_at,
            last_day=clock.london(application.cancel_by_at).date(),
        )
    except CouldNotAsk as refusal:
        return refusal.problems[0]
    return None if answer.passed else answer


def refuse_payment(application: Application, locked: list) -> None:
    """A rule stands against the money that came: the application ends as if it had lapsed. Rows are locked."""
    _end(application, locked, ApplicationState.LAPSED)
    audit.note("application.refuse-payment", society_id=application.society_id, subject_id=application.pk)


@transaction.atomic
def cancel(application: Application, *, by=None) -> Application:
    """The applicant takes a live application back within its days; RuleBroken (CNL-1) afterwards.

    What was paid is owed back: payments.cancellations.cancel does both in one transaction.
    """
    application, locked = lock(application)
    if problem := cancel_problem(application):
        raise RuleBroken([problem])
    _end(application, locked, ApplicationState.CANCELLED)
    audit.note("application.cancel", society_id=application.society_id, subject_id=application.pk, by=by)
    outbox.post("application-cancelled", application, to=application.email, language=application.language)
    return application
