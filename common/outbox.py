"""Mail that is due: written in the transaction of what it tells of, built and sent after commit by the worker.

The rooms' `emails.py` say how each kind of message is built, by `@outbox.builder("kind")`; this file knows only
rows, times and tries. A message that cannot be built or sent waits longer each time and never undoes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import formataddr, parseaddr

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from common import clock, hot, work
from common.models import OutgoingMail

log = structlog.get_logger("outbox")
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440)]


@dataclass
class Message:
    """A built message: plain text complete on its own, HTML beside it, files as (name, bytes, type).

    `sender`: the name that stands before the site's address, where it is not the site's own.
    """

    heading: str
    text: str
    html: str = ""
    reply_to: str = ""
    sender: str = ""
    files: list[tuple[str, bytes, str]] = field(default_factory=list)


_builders: dict[str, Callable[[OutgoingMail], Message]] = {}


def builder(kind: str):
    """Says that the function builds messages of this kind from their row."""

    def register(function):
        _builders[kind] = function
        return function

    return register


def post(kind: str, subject, *, to: str, language: str = "en-gb") -> None:
    """A message about `subject` (a row with society_id) is due, once. Without an address there is nothing to send."""
    if not to:
        return
    now = clock.now()
    hot.insert(
        [
            OutgoingMail(
                society_id=getattr(subject, "society_id", None),
                kind=kind,
                subject_id=subject.pk,
                to=to,
                language=language,
                due_at=now,
                next_try_at=now,
            )
        ],
        or_leave=True,
    )
    work.soon("common.tasks.send_mail")


def post_all(rows: list[OutgoingMail]) -> None:
    """Many messages at once, each still at most once."""
    if rows:
        OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        work.soon("common.tasks.send_mail")


def no_longer(kind: str, subject) -> None:
    """What a message said of `subject` does not hold any more: unsent it is not sent, and it may be said again."""
    rows = OutgoingMail.objects.filter(kind=kind, subject_id=subject.pk)
    rows.filter(sent_at=None).delete()
    rows.update(kind=f"{kind}-till-{clock.now():%Y%m%d%H%M%S}"[:40])


def dead(**of) -> QuerySet[OutgoingMail]:
    """Messages that failed as often as there are waits: still tried each day, and for a person to look at.

    `of` narrows them down, such as society_id=….
    """
    return OutgoingMail.objects.filter(sent_at=None, tries__gte=len(WAITS), **of).order_by("due_at")


def send_due(*, most: int = 200) -> int:
    """Send what is due, each in a transaction of its own; how many were sent. Several workers share the work."""
    sent = 0
    for _ in range(most):
        with transaction.atomic():
            mail = (
                OutgoingMail.objects.select_for_update(skip_locked=True)
                .filter(sent_at=None, next_try_at__lte=clock.now())
                .order_by("next_try_at", "pk")
                .first()
            )
            if mail is None:
                break
            sent += _send(mail)
    return sent


def _send(mail: OutgoingMail) -> int:
    mail.tries += 1
    try:
        with translation.override(mail.language), transaction.atomic():
            message = _builders[mail.kind](mail)
        _hand_over(mail, message)
    except Exception as error:
        # whatever went wrong concerns this message alone: it waits, the others go
        mail.last_error = type(error).__name__
        mail.next_try_at = clock.now() + WAITS[min(mail.tries, len(WAITS)) - 1]
        mail.save(update_fields=["tries", "last_error", "next_try_at"])
        log.warning("mail waits", kind=mail.kind, mail=str(mail.pk), tries=mail.tries, error=mail.last_error)
        return 0
    mail.heading, mail.text, mail.sent_at, mail.last_error = message.heading[:200], message.text, clock.now(), ""
    mail.save(update_fields=["tries", "heading", "text", "sent_at", "last_error"])
    return 1


def _from(sender: str) -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((sender or name, address))


def _hand_over(mail: OutgoingMail, message: Message) -> None:
    email = EmailMultiAlternatives(
        subject=" ".join(message.heading.split()),
        body=message.text,
        from_email=_from(message.sender),
        to=[mail.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={"X-Toad-Lane-Mail": str(mail.pk), "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    for name, content, kind in message.files:
        email.attach(name, content, kind)
    email.send()
