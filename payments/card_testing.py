"""Somebody tries out stolen cards on the payment page: tries are counted for all processes, and stopped while few.

Counted are pages that are opened anew and cards that were declined on them, each for an application, an e-mail address
in any spelling, an account and a computer, within an hour from the first. Nothing is kept but the counts, under keyed
hashes, and a note of who opened which page, for as long as the page lives (`common/shared_cache.py` deletes both).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from common import clock, shared_cache
from offers import unpaid_keys
from offers.models import Application
from payments import suspense
from payments.choices import SuspenseKind
from payments.models import CheckoutAttempt, Promise, Receipt

log = structlog.get_logger("card-testing")
WITHIN = timedelta(hours=1)
PAGE_LIVES = timedelta(hours=25)  # Stripe keeps none open for longer than a day
EVENT_COMES_AGAIN = timedelta(days=2)


@dataclass(frozen=True)
class Most:
    """How many pages may be opened anew within the hour, and after how many declined cards it is enough."""

    pages: int
    declined: int


# Stripe's page takes a second card where the first is declined, so a page is rarely opened twice in earnest. A computer
# may be the one network of a village hall in which a hundred people apply on one evening.
MOST = {"application": Most(6, 5), "email": Most(10, 8), "account": Most(10, 8), "computer": Most(60, 20)}
SOCIETY_DECLINED = 30  # of a whole society, and more than were paid: on a busy day one card in twenty is declined


@dataclass(frozen=True)
class Visitor:
    """Who opens a payment page, as keyed hashes: the computer, and the account where somebody is signed in."""

    computer: str = ""
    account: str = ""

    @classmethod
    def of(cls, *, computer: str, account_id=None) -> Visitor:
        """From the address of a computer, as a trusted proxy says it, and an account's id."""
        return cls(shared_cache.hashed(computer), shared_cache.hashed(str(account_id)) if account_id else "")


class TooManyTries(ValidationError):
    """No payment page is opened now; the words say until when, and what to do instead."""

    def __init__(self, until: datetime, *, everybody: bool = False):
        words = (
            _(
                "Card payments to this society are paused until %(until)s, because somebody has tried out many cards. "
                "You have not been charged. Pay by bank transfer now, or by card after that."
            )
            if everybody
            else _(
                "There have been too many tries to pay by card. You have not been charged. "
                "You can try again after %(until)s, or pay by bank transfer now."
            )
        )
        super().__init__(words % {"until": formats.time_format(clock.london(until), "TIME_FORMAT")})


def _keys(application: Application, visitor: Visitor, of: str) -> dict[str, str]:
    """Under what something is counted: key by what it is of. What is not known counts for nobody."""
    who = {
        "application": str(application.pk),
        "email": unpaid_keys.plain_email(application.email),
        "account": visitor.account,
        "computer": visitor.computer,
    }
    return {what: f"card {of} {what} {value}" for what, value in who.items() if value}


def _of_society(society_id: uuid.UUID) -> str:
    return f"card declined society {society_id}"


def stopped_until(application: Application, visitor: Visitor | None = None) -> datetime | None:
    """Until when too many cards were declined for this application, its e-mail address, or this visitor; or None."""
    keys = _keys(application, visitor or Visitor(), "declined")
    found = shared_cache.counted(list(keys.values()))
    over = [found[key][1] for what, key in keys.items() if key in found and found[key][0] >= MOST[what].declined]
    return max(over, default=None)


def society_stopped_until(society_id: uuid.UUID) -> datetime | None:
    """Until when card payments to a society are paused; None while they are not."""
    key = _of_society(society_id)
    number, ends = shared_cache.counted([key]).get(key, (0, None))
    return ends if _is_an_attack(society_id, number) else None


def _is_an_attack(society_id: uuid.UUID, declined: int) -> bool:
    return declined >= SOCIETY_DECLINED and declined > _paid_lately(society_id)


def _paid_lately(society_id: uuid.UUID) -> int:
    since = clock.now() - WITHIN
    return Receipt.objects.filter(society_id=society_id, attempt__isnull=False, received_at__gte=since).count()


def refuse_if_stopped(application: Application, visitor: Visitor) -> None:
    """TooManyTries where so many cards were declined that no page may be opened or shown again now."""
    if until := stopped_until(application, visitor):
        raise TooManyTries(until)
    if until := society_stopped_until(application.society_id):
        raise TooManyTries(until, everybody=True)


def count_page(application: Application, visitor: Visitor, page: CheckoutAttempt | Promise) -> None:
    """Count a page that is opened anew, in the transaction that makes its row; TooManyTries undoes both.

    Who opened it is noted for as long as it lives, so that cards declined there count for them.
    """
    keys = _keys(application, visitor, "page")
    found = shared_cache.count(dict.fromkeys(keys.values(), WITHIN))
    over = [what for what, key in keys.items() if found[key][0] > MOST[what].pages]
    if over:
        log.warning("no further payment page", application=str(application.pk), because_of=over)
        raise TooManyTries(max(found[keys[what]][1] for what in over))
    note = {"computer": visitor.computer, "account": visitor.account}
    cache.set(_note_of(page), note, PAGE_LIVES.total_seconds())


def _note_of(page: CheckoutAttempt | Promise) -> str:
    return f"card page {page.pk}"


@transaction.atomic
def declined(event_id: str, page: CheckoutAttempt | Promise) -> bool:
    """Count a card that was declined on a page, once for each event of Stripe's; whether the page must be closed.

    Where a whole society is attacked, the treasurer gets an exception, one a day.
    """
    application, visitor = page.application, Visitor(**cache.get(_note_of(page), {}))
    keys, society = _keys(application, visitor, "declined"), _of_society(page.society_id)
    if cache.add(f"card event {event_id}", True, EVENT_COMES_AGAIN.total_seconds()):
        found = shared_cache.count(dict.fromkeys([*keys.values(), society], WITHIN))
        _tell_of_an_attack(page, found[society][0])
    else:
        found = shared_cache.counted([*keys.values()])
    over = [what for what, key in keys.items() if found.get(key, (0,))[0] >= MOST[what].declined]
    if over:
        log.warning("the payment page is closed", application=str(application.pk), because_of=over)
    return bool(over)


def _tell_of_an_attack(page: CheckoutAttempt | Promise, number: int) -> None:
    if number < SOCIETY_DECLINED or number <= (paid := _paid_lately(page.society_id)):
        return
    log.warning("card payments are paused", society=str(page.society_id), declined=number, paid=paid)
    suspense.open_item(
        SuspenseKind.CARD_TESTING,
        clock.today().isoformat(),
        society_id=page.society_id,
        account_id=page.account_id,
        declined=number,
        paid=paid,
    )
