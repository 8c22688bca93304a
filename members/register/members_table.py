"""The statutory register on any day (2014 Act s.30(2)) and the copy that is open to inspection (s.103)."""

from __future__ import annotations

from datetime import date, datetime

from common import clock
from common.exports import CODE, DAY, MONEY, NUMBER, Column, Table
from compliance import registers
from compliance.answers import RuleBroken
from offers.models import Society

CURRENT, FORMER, EVERYBODY = "current", "former", "everybody"
WHO = {
    CURRENT: "(m.ceased_on IS NULL OR m.ceased_on >= %(on)s)",  # who leaves on a day still shows on it
    FORMER: "m.ceased_on < %(on)s",
    EVERYBODY: "true",
}
# What the register said of each member on the day, and what the ledger adds up to, as known at the moment.
AS_AT = """
    WITH said AS (
        SELECT DISTINCT ON (member_id) * FROM members_particulars
        WHERE society_id = %(society)s AND effective_on <= %(on)s AND recorded_at <= %(known_at)s
        ORDER BY member_id, effective_on DESC, recorded_at DESC
    ), held AS (
        SELECT member_id, sum(shares)::bigint AS shares, sum(amount_pence)::bigint AS pence FROM members_ledgerentry
        WHERE society_id = %(society)s AND effective_on <= %(on)s AND recorded_at <= %(known_at)s
        GROUP BY member_id
    )
"""
SOURCE = """
    FROM members_member m
    JOIN said ON said.member_id = m.id
    JOIN offers_holder holder ON holder.id = m.holder_id AND holder.society_id = m.society_id
    LEFT JOIN held ON held.member_id = m.id
    WHERE m.society_id = %(society)s AND m.entered_on <= %(on)s
"""
# Paragraphs (a) and (b): open to inspection.
OPEN = [
    Column("name", "said.name", width=28),
    Column("joint_holders", "said.joint_names", width=24),
    Column("postal_address", r"replace(said.address, E'\n', ', ')", width=44),
    Column("postcode", "said.postcode", width=10),
    Column("country", "said.country", width=8),
    Column("electronic_address", "said.email", width=28),
    Column("electronic_address_purposes", "said.email_purposes", width=18),
]
# Paragraphs (c) and (d): not open to inspection.
PRIVATE = [
    Column("shares_held", "coalesce(held.shares, 0)", NUMBER, 12),
    Column("amount_paid", "coalesce(held.pence, 0)", MONEY, 14),
    Column("other_property", "'none'", CODE, 14),
]
# Paragraphs (e) and (f).
DATES = [Column("date_entered", "m.entered_on", DAY, 12), Column("date_ceased", "m.ceased_on", DAY, 12)]
REST = [
    Column("member_no", "m.number", NUMBER, 10),
    Column("holder_kind", "holder.kind", width=18),
    Column("representative", "said.representative", width=24),
]
# Which particular of the Act each column shows, in the words of the rule-sets; one that is not here is not open.
FIELDS = {
    "name": "name",
    "joint_holders": "name",
    "member_no": "name",
    "postal_address": "postal address",
    "postcode": "postal address",
    "country": "postal address",
    "electronic_address": "electronic address and its purposes",
    "electronic_address_purposes": "electronic address and its purposes",
    "shares_held": "shares and amount paid",
    "amount_paid": "shares and amount paid",
    "other_property": "other property",
    "date_entered": "date entered",
    "date_ceased": "date ceased",
}
ORDERS = {
    "number": "m.number",
    "name": "lower(said.name), m.number",
    "shares": "coalesce(held.pence, 0) DESC, m.number",
}


def _table(columns, society: Society, on, known_at, who, order: str, search: str) -> Table:
    source = f"{SOURCE} AND {WHO[who]}"
    params = {"society": society.pk, "on": on or clock.today(), "known_at": known_at or clock.now()}
    if search:
        source += " AND (said.name ILIKE %(search)s OR said.joint_names ILIKE %(search)s OR m.number::text = %(exact)s)"
        escaped = search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        params |= {"search": f"%{escaped}%", "exact": search}
    return Table(columns=columns, common=AS_AT, source=source, order=ORDERS[order], params=params)


def statutory(
    society: Society,
    *,
    on: date | None = None,
    known_at: datetime | None = None,
    who: str = CURRENT,
    order: str = "number",
    search: str = "",
) -> Table:
    """The register with every particular of s.30(2), in the Act's order, as at a day and as known at a moment.

    `who`: members on that day, former ones, or everybody ever entered. For the secretary and the registrar only.
    """
    return _table([*OPEN, *PRIVATE, *DATES, *REST], society, on, known_at, who, order, search)


def inspection_copy(society: Society, *, on: date | None = None, known_at: datetime | None = None) -> Table:
    """What s.103 lets members and others with an interest see: everything but (c) shares and (d) other property.

    RuleBroken (REG-2) where a column would show more, whoever added it.
    """
    columns = [*OPEN, *DATES, REST[0]]
    answer = registers.inspection_shows(
        fields={FIELDS.get(column.heading, column.heading) for column in columns},
        own_account=False,
        rules=society.law(clock.today()),
    )
    if not answer.passed:
        raise RuleBroken([answer])
    return _table(columns, society, on, known_at, EVERYBODY, "number", "")
