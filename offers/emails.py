"""Messages about an application: received, paid, lapsed, cancelled. Built from the rows when they are sent."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from common import letters, outbox
from common.models import OutgoingMail
from common.outbox import Message
from compliance import risk
from offers.models import Application


def own_page(application: Application) -> str:
    """The applicant's secret link, in full."""
    return settings.SITE_URL + reverse("payments:application", args=[application.token])


def about(application: Application, template: str, **more) -> Message:
    """A letter about an application, from its society."""
    society = application.offer.society
    context = {
        "application": application,
        "offer": application.offer,
        "society": society,
        "link": own_page(application),
        "risk": risk.HEADLINE,
        **more,
    }
    return letters.letter(template, context, reply_to=society.email)


def _application(mail: OutgoingMail) -> Application:
    return Application.objects.select_related("offer__society").get(pk=mail.subject_id, society_id=mail.society_id)


@outbox.builder("application-received")
def received(mail: OutgoingMail) -> Message:
    return about(_application(mail), "application-received", risk_parts=risk.PARTS)


@outbox.builder("application-paid")
def paid(mail: OutgoingMail) -> Message:
    return about(_application(mail), "application-paid")


@outbox.builder("application-committed")
def committed(mail: OutgoingMail) -> Message:
    return about(_application(mail), "application-committed")


@outbox.builder("application-lapsed")
def lapsed(mail: OutgoingMail) -> Message:
    return about(_application(mail), "application-lapsed")


@outbox.builder("application-let-go")
def let_go(mail: OutgoingMail) -> Message:
    return about(_application(mail), "application-let-go")


@outbox.builder("application-cancelled")
def cancelled(mail: OutgoingMail) -> Message:
    return about(_application(mail), "application-cancelled")
