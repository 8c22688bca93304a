"""The list of money that waits for a person: opened once each, taken by somebody, resolved in words. Never silent."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, hot, outbox
from offers.models import Application
from payments.choices import SuspenseKind
from payments.models import StripeAccount, SuspenseItem


def open_item(
    kind: str,
    subject: str,
    *,
    society_id: uuid.UUID | None,
    account_id: str = "",
    application: Application | None = None,
    amount_pence: int = 0,
    currency: str = "gbp",
    email: str = "",
    **facts,
) -> bool:
    """Put something on the list, once for ever; whether it is new there.

    `amount_pence`: above 0, in the currency's smallest unit. `email`: the payer's, who is told that we are looking.
    `facts`: ids, sums and days, never names.
    """
    item = SuspenseItem(
        society_id=society_id,
        kind=kind,
        subject=subject[:120],
        account_id=account_id,
        application=application,
        amount_pence=amount_pence,
        currency=currency,
        facts=facts,
        opened_at=clock.now(),
    )
    with transaction.atomic():
        is_new = hot.insert([item], or_leave=True) == 1
        if is_new and email and society_id:
            language = application.language if application else "en-gb"
            outbox.post("money-not-placed", item, to=email, language=language)
    return is_new


def society_of(account_id: str) -> uuid.UUID | None:
    """The society whose Stripe account this is, or None."""
    return StripeAccount.objects.filter(account_id=account_id).values_list("society_id", flat=True).first()


def waiting(society_id: uuid.UUID | None):
    """What is on a society's list and not resolved, the oldest first; of None: on that of the site's staff."""
    rows = SuspenseItem.objects.filter(society_id=society_id, resolved_at=None)
    return rows.select_related("application__offer", "taken_by").order_by("opened_at", "id")


def close(kind: str, subject: str, *, society_id: uuid.UUID | None, words: str) -> bool:
    """Take something off the list that came right by itself; False if it was not on it."""
    rows = SuspenseItem.objects.filter(society_id=society_id, kind=kind, subject=subject, resolved_at=None)
    return bool(rows.update(resolved_at=clock.now(), resolution=words))


def lock(item: SuspenseItem) -> SuspenseItem:
    """The item's row, locked. ValidationError where it is resolved already."""
    item = SuspenseItem.objects.select_for_update(no_key=True, of=("self",)).get(pk=item.pk, society_id=item.society_id)
    if item.resolved_at:
        raise ValidationError(_("This was resolved already."))
    return item


@transaction.atomic
def take(item: SuspenseItem, *, by) -> SuspenseItem:
    """Somebody looks after it from now on; taking over from somebody else is allowed and noted."""
    item = lock(item)
    if item.taken_by_id != by.pk:
        item.taken_at, item.taken_by = clock.now(), by
        item.save(update_fields=["taken_at", "taken_by"])
        _note("suspense.take", item, by)
    return item


def _note(act: str, item: SuspenseItem, by) -> None:
    """In the society's audit; what has no society says itself who took and resolved it."""
    if item.society_id:
        audit.note(act, society_id=item.society_id, subject_id=item.pk, by=by, kind=item.kind)


def end(item: SuspenseItem, words: str, *, by) -> SuspenseItem:
    """Write down what was done. The caller holds the item's row and has done it. ValidationError without words."""
    if not words.strip():
        raise ValidationError(_("Say what was done about it."))
    now = clock.now()
    if item.taken_by_id is None:
        item.taken_at, item.taken_by = now, by
    item.resolved_at, item.resolved_by, item.resolution = now, by, words.strip()
    item.save(update_fields=["taken_at", "taken_by", "resolved_at", "resolved_by", "resolution"])
    _note("suspense.resolve", item, by)
    return item


MOVED_MONEY = (SuspenseKind.OUTSIDE_REFUND, SuspenseKind.DISPUTE_LOST)  # these took back what an application had paid


def unsettled(offer) -> int:
    """How many payments of an offer's applications went back outside our refunds and wait for a person."""
    return SuspenseItem.objects.filter(
        society_id=offer.society_id, application__offer=offer, kind__in=MOVED_MONEY, resolved_at=None
    ).count()
