"""An officer takes the place of an unpaid application away before its time, so that others may have it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from offers import applications
from offers.choices import ApplicationState
from offers.models import Application
from payments import balances, lapsing


def release(application: Application, *, reason: str, by) -> Application:
    """Let an unpaid application go: it lapses, and its applicant is told the reason. A second call changes nothing.

    Money that comes later is late money: it takes the application up again where there is room, or goes back.
    ValidationError without a reason, where it no longer waits, or where money of it is here or on its way.
    """
    if not reason.strip():
        raise ValidationError(_("Say why: the reason is told to the applicant."))
    if not lapsing.close_pages(application):
        raise ValidationError(_("A payment is on its way, or we could not ask Stripe. Look again in a minute."))
    return _write(application, reason.strip(), by)


@transaction.atomic
def _write(application: Application, reason: str, by) -> Application:
    application, locked = applications.lock(application)
    if application.released_by_id and application.state == ApplicationState.LAPSED:
        return application  # the button was pressed twice
    if application.state != ApplicationState.AWAITING_PAYMENT:
        raise ValidationError(_("This application no longer waits for payment."))
    if balances.held_pence(application):
        raise ValidationError(_("A part of its money is here. Give that back first, or wait for the rest."))
    applications.let_go(application, locked, reason=reason, by=by)
    return application
