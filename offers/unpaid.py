"""What waits unpaid and holds room under first come, first served: at most a part of the offer for each address.

The sum is never kept: it is asked of the applications, under the rows of the keys that they have in common. Whoever
adds to it holds these rows (`models.UnpaidKey`), so two applications from one address are asked one after the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Sum

from common import audit, ids
from compliance import unpaid
from compliance.answers import Answer
from offers import reservations
from offers.choices import OFFLINE, ApplicationState
from offers.models import Application, ShareOffer

BY_VALUE = [method.value for method in OFFLINE]
# Makes what is missing and locks all, in order of the keys, so that nobody waits in a circle.
LOCK = """
    INSERT INTO offers_unpaidkey (id, society_id, offer_id, key)
    SELECT row.id, %(society)s, %(offer)s, row.key FROM unnest(%(ids)s::uuid[], %(keys)s::text[]) AS row (id, key)
    ORDER BY row.key
    ON CONFLICT (society_id, offer_id, key) DO UPDATE SET key = EXCLUDED.key
"""
UNPAID = """
    FROM offers_application application CROSS JOIN unnest(application.unpaid_keys) AS key
    WHERE application.society_id = %(society)s AND application.offer_id = %(offer)s
      AND application.state = 'awaiting-payment' AND application.method = ANY(%(offline)s)
"""
SUMS = f"""
    SELECT key, sum(application.due_pence)::bigint {UNPAID}
      AND application.unpaid_keys && %(keys)s::varchar[] AND key = ANY(%(keys)s) AND application.id <> %(but)s
    GROUP BY key
"""
GROUPS = f"""
    SELECT array_agg(split_part(key, ':', 1)) AS whats, pence, number, since, lapses, applications FROM (
        SELECT key, sum(application.due_pence)::bigint AS pence, count(*) AS number,
               min(application.submitted_at) AS since, max(application.pay_by_at) AS lapses,
               array_agg(application.id ORDER BY application.submitted_at, application.id) AS applications
        {UNPAID} GROUP BY key
    ) AS one GROUP BY pence, number, since, lapses, applications ORDER BY pence DESC, since, applications
"""


def limit_pence(offer: ShareOffer) -> int | None:
    """The most that may wait unpaid from one address; None where it keeps nobody out or an officer set no limit."""
    if reservations.room_pence(offer) is None or offer.unpaid_percent is None:
        return None
    return offer.maximum_pence * offer.unpaid_percent // 100


def answer(offer: ShareOffer, *, keys: Sequence[str], due_pence: int, but: uuid.UUID) -> Answer | None:
    """UNP-1 for what shall be paid by hand; locks the keys till the transaction's end. None where nothing is limited.

    due_pence: what would wait; `but`: the application itself, which is not counted twice.
    """
    limit = limit_pence(offer)
    if limit is None or not keys:
        return None
    said = {"society": offer.society_id, "offer": offer.pk, "keys": sorted(keys), "but": but, "offline": BY_VALUE}
    with connection.cursor() as cursor:
        cursor.execute(LOCK, said | {"ids": [ids.uuid7() for _key in keys]})
        cursor.execute(SUMS, said)
        sums = dict(cursor.fetchall())
    waiting = [unpaid.Waiting(key.partition(":")[0], int(sums.get(key, 0))) for key in sorted(keys, reverse=True)]
    return unpaid.unpaid_room(applied_pence=due_pence, limit_pence=limit, waiting=waiting)


@dataclass(frozen=True)
class Group:
    """Applications of one offer that wait unpaid and have something in common: an address, an account. Sums in pence.

    `what`: email, address and account, as far as all of them share it; `since`, `lapses_at`: of the first that came
    and the last that lapses.
    """

    what: frozenset[str]
    unpaid_pence: int
    since_at: datetime
    lapses_at: datetime
    applications: list[Application]
    limit_pence: int | None

    @property
    def is_many(self) -> bool:
        """Whether one address holds half of what it may, or more, with several applications: worth a look."""
        limit = self.limit_pence
        return limit is not None and len(self.applications) > 1 and 2 * self.unpaid_pence >= limit


def groups(offer: ShareOffer, *, most: int | None = None) -> list[Group]:
    """Who holds room of an offer unpaid, the most first. Applications with the same keys are one group.

    An application stands by itself only where it has nothing in common with another.
    """
    said = {"society": offer.society_id, "offer": offer.pk, "offline": BY_VALUE}
    with connection.cursor() as cursor:
        cursor.execute(GROUPS + (f" LIMIT {int(most)}" if most else ""), said)
        rows = cursor.fetchall()
    together = {key for row in rows if len(row[5]) > 1 for key in row[5]}
    rows = [row for row in rows if len(row[5]) > 1 or row[5][0] not in together]
    wanted = {key for row in rows for key in row[5]}
    known = Application.objects.filter(society_id=offer.society_id).in_bulk(wanted)
    limit = limit_pence(offer)
    return [
        Group(frozenset(whats), int(pence), since, lapses, [known[key] for key in keys], limit)
        for whats, pence, _number, since, lapses, keys in rows
    ]


def waiting(offer: ShareOffer) -> tuple[int, int]:
    """How many applications wait unpaid by hand in an offer, and how much they hold, in pence."""
    rows = Application.objects.filter(
        society_id=offer.society_id, offer=offer, state=ApplicationState.AWAITING_PAYMENT, method__in=OFFLINE
    )
    found = rows.aggregate(number=Count("pk"), pence=Sum("due_pence", default=0))
    return found["number"], found["pence"]


@transaction.atomic
def set_limit(offer: ShareOffer, percent: int | None, *, by) -> ShareOffer:
    """What part of the maximum may wait unpaid from one address, from now on; None for no limit. What waits stays.

    percent: 1 to 100, which the row's own CHECK holds.
    """
    offer = ShareOffer.objects.select_for_update(no_key=True).get(pk=offer.pk, society_id=offer.society_id)
    if offer.unpaid_percent == percent:
        return offer
    before, offer.unpaid_percent = offer.unpaid_percent, percent
    offer.save(update_fields=["unpaid_percent"])
    audit.note(
        "offer.unpaid-limit", society_id=offer.society_id, subject_id=offer.pk, by=by, percent=percent, before=before
    )
    return offer
