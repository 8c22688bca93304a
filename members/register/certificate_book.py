"""The book of certificates: every number that was ever given, to whom, and whether it still stands."""

from __future__ import annotations

from datetime import date, datetime

from common import clock
from common.exports import CODE, DAY, MONEY, NUMBER, Column, Table
from offers.models import Society

VALID, REPLACED, WITHDRAWN = "valid", "replaced", "withdrawn"
SOURCE = """
    FROM compliance_certificate certificate
    JOIN members_member m ON m.id = certificate.member_id AND m.society_id = certificate.society_id
    LEFT JOIN compliance_certificateend ended ON ended.certificate_id = certificate.id
        AND ended.ended_at <= %(known_at)s AND (ended.ended_at AT TIME ZONE 'Europe/London')::date <= %(on)s
    LEFT JOIN compliance_certificate successor ON successor.id = ended.replaced_by_id
    LEFT JOIN compliance_certificateend before ON before.replaced_by_id = certificate.id
    LEFT JOIN compliance_certificate predecessor ON predecessor.id = before.certificate_id
    WHERE certificate.society_id = %(society)s AND certificate.issued_on <= %(on)s
      AND certificate.issued_at <= %(known_at)s
"""
STATE = f"coalesce(ended.kind, '{VALID}')"
JOINT = (
    "(SELECT string_agg(name, '; ') FROM jsonb_array_elements_text(certificate.facts #> '{holder,joint_names}') name)"
)
ENTRIES = "(SELECT string_agg(entry ->> 'seq', ', ') FROM jsonb_array_elements(certificate.facts -> 'entries') entry)"
# Names of holders and amounts as the certificate says them, which is as they were on its day.
COLUMNS = [
    Column("certificate_no", "certificate.number", NUMBER, 12),
    Column("state", STATE, CODE, 12),
    Column("issued_on", "certificate.issued_on", DAY, 12),
    Column("member_no", "m.number", NUMBER, 10),
    Column("holder_name", "certificate.facts #>> '{holder,name}'", width=28),
    Column("joint_holders", f"coalesce({JOINT}, '')", width=24),
    Column("share_class", "certificate.facts #>> '{share_class,name}'", width=22),
    Column("shares", "(certificate.facts ->> 'shares')::bigint", NUMBER, 12),
    Column("amount_paid", "(certificate.facts ->> 'amount_pence')::bigint", MONEY, 14),
    Column("issue", "coalesce(certificate.facts ->> 'offer', '')", width=24),
    Column("entries", f"coalesce({ENTRIES}, '')", CODE, 14),
    Column("replaces_certificate", "predecessor.number", NUMBER, 12),
    Column("replaced_by_certificate", "successor.number", NUMBER, 12),
    Column("ended_on", "(ended.ended_at AT TIME ZONE 'Europe/London')::date", DAY, 12),
    Column("ended_because", "coalesce(ended.reason, '')", width=32),
    Column("facts_sha256", "certificate.facts_sha256", CODE, 24),
]
SEARCH = f""" AND (certificate.facts #>> '{{holder,name}}' ILIKE %(search)s OR {JOINT} ILIKE %(search)s
    OR certificate.number::text = %(exact)s)"""


def certificate_book(
    society: Society, *, on: date | None = None, known_at: datetime | None = None, state: str = "", search: str = ""
) -> Table:
    """Every certificate by number, or those in a state, or whose holder's name or own number is `search`.

    As at a day and as known at a moment: what was issued by then, and what had become of it.
    """
    source = SOURCE
    params = {"society": society.pk, "on": on or clock.today(), "known_at": known_at or clock.now()}
    if state:
        source, params = source + f" AND {STATE} = %(state)s", params | {"state": state}
    if search:
        escaped = search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        source, params = source + SEARCH, params | {"search": f"%{escaped}%", "exact": search}
    return Table(columns=COLUMNS, source=source, order="certificate.number", params=params)
