"""Which particulars of s.30 of the 2014 Act the register lacks, of which member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext_lazy as _

from common import clock
from members.models import OfficeHeld
from offers.models import Society

ADDRESS, POSTCODE, PURPOSES = "address", "postcode", "purposes"
WORDS = {
    ADDRESS: _("postal address"),
    POSTCODE: _("postcode"),
    PURPOSES: _("what the electronic address may be used for"),
}
LACKS = f"""
    WITH said AS (
        SELECT DISTINCT ON (member_id) * FROM members_particulars
        WHERE society_id = %(society)s AND effective_on <= %(on)s
        ORDER BY member_id, effective_on DESC, recorded_at DESC
    ), asked AS (
        SELECT m.id, m.number, said.name, said.email, array_remove(ARRAY[
            CASE WHEN btrim(said.address) = '' THEN '{ADDRESS}' END,
            CASE WHEN said.country = 'GB' AND btrim(said.postcode) = '' THEN '{POSTCODE}' END,
            CASE WHEN said.email <> '' AND btrim(said.email_purposes) = '' THEN '{PURPOSES}' END
        ], NULL) AS lacks
        FROM members_member m JOIN said ON said.member_id = m.id
        WHERE m.society_id = %(society)s AND m.entered_on <= %(on)s AND m.ceased_on IS NULL
    )
"""


@dataclass(frozen=True)
class Lacking:
    """A member and the names of what is missing."""

    number: int
    name: str
    email: str
    lacks: list[str]

    @property
    def words(self) -> list:
        return [WORDS[name] for name in self.lacks]


@dataclass(frozen=True)
class Completeness:
    """How many members are on the register and how many of them lack nothing."""

    members: int
    complete: int
    officers: int

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: 100 only where nothing is missing."""
        return 100 * self.complete // self.members if self.members else 100


def of(society: Society, *, on: date | None = None) -> Completeness:
    """How complete the register is; one query for members and one for officers."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{LACKS} SELECT count(*), count(*) FILTER (WHERE lacks = '{{}}') FROM asked",
            {"society": society.pk, "on": on or clock.today()},
        )
        members, complete = cursor.fetchone()
    serving = OfficeHeld.objects.filter(society=society).values("tenure").distinct().count()
    return Completeness(members=members, complete=complete, officers=serving)


def lacking(society: Society, *, most: int, skip: int = 0) -> list[Lacking]:
    """Members of whom something is missing, by number."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{LACKS} SELECT number, name, email, lacks FROM asked WHERE lacks <> '{{}}' ORDER BY number"
            f" LIMIT {int(most)} OFFSET {int(skip)}",
            {"society": society.pk, "on": clock.today()},
        )
        return [Lacking(*row) for row in cursor.fetchall()]
