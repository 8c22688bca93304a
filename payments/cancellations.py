"""An applicant takes an application back: it ends, and what was paid for it is owed back, in one transaction."""

from django.db import transaction
from django.utils.translation import gettext as _

from offers import applications
from offers.models import Application
from payments import refunds


@transaction.atomic
def cancel(application: Application, *, by=None) -> Application:
    """Cancel within the days that the offer gives (RuleBroken CNL-1 afterwards) and owe back all that is held."""
    application = applications.cancel(application, by=by)
    refunds.owe_all(application, rule="CNL-1", reason=_("You cancelled your application."))
    return application
