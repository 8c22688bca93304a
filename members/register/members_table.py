"""The statutory register on any day (2014 Act s.30(2)) and the copy that is open to inspection (s.103).

A holder is one row and one vote, whoever stands behind it: joint holders, a child, a body with its representative, a
syndicate. Where joint holders are asked for in rows of their own, shares and the vote stand in the first one's.
"""

from __future__ import annotations

from datetime import date, datetime

from common import clock
from common.exports import CODE, DAY, MONEY, NUMBER, Column, Table
from compliance import registers
from compliance.answers import RuleBroken
from offers.models import ShareClass, Society

CURRENT, FORMER, EVERYBODY = "current", "former", "everybody"
CEASED = "CASE WHEN changed.kind = 'ceased' THEN changed.effective_on END"
WHO = {
    CURRENT: f"coalesce({CEASED} >= %(on)s, true)",  # who leaves on a day still shows on it
    FORMER: f"{CEASED} < %(on)s",
    EVERYBODY: "true",
}
FULL, SHORT = "full", "short"
TOGETHER, IN_COLUMNS, IN_ROWS = "together", "columns", "rows"
# What the register said of each member on the day, whether they had ceased, and what they had, as known at the moment.
AS_AT = """
    WITH said AS (
        SELECT DISTINCT ON (member_id) * FROM members_particulars
        WHERE society_id = %(society)s AND effective_on <= %(on)s AND recorded_at <= %(known_at)s
        ORDER BY member_id, effective_on DESC, recorded_at DESC
    ), changed AS (
        SELECT DISTINCT ON (member_id) * FROM members_membershipchange
        WHERE society_id = %(society)s AND effective_on <= %(on)s AND recorded_at <= %(known_at)s
        ORDER BY member_id, effective_on DESC, recorded_at DESC
    ), held AS (
        SELECT member_id, sum(shares)::bigint AS shares, sum(amount_pence)::bigint AS pence FROM members_ledgerentry
        WHERE society_id = %(society)s AND effective_on <= %(on)s AND recorded_at <= %(known_at)s{of_class}
        GROUP BY member_id
    ), property AS (
        SELECT member_id, string_agg(kind || to_char(pence / 100.0, ' "£"FM999,999,999,990.00'), '; ' ORDER BY kind)
            AS listed
        FROM (SELECT member_id, kind, sum(amount_pence) AS pence FROM members_otherproperty
              WHERE society_id = %(society)s AND effective_on <= %(on)s AND recorded_at <= %(known_at)s
              GROUP BY member_id, kind HAVING sum(amount_pence) <> 0) each
        GROUP BY member_id
    )
"""
SOURCE = """
    FROM members_member m
    JOIN said ON said.member_id = m.id
    JOIN offers_holder holder ON holder.id = m.holder_id AND holder.society_id = m.society_id
    LEFT JOIN held ON held.member_id = m.id
    LEFT JOIN changed ON changed.member_id = m.id
    LEFT JOIN property ON property.member_id = m.id
    {rows}
    WHERE m.society_id = %(society)s AND m.entered_on <= %(on)s
"""
NAMES = "unnest(string_to_array(concat_ws('; ', said.name, nullif(said.joint_names, '')), '; '))"
EACH_NAME = f"CROSS JOIN LATERAL {NAMES} WITH ORDINALITY AS named (name, place)"
ADDRESSES = {
    FULL: r"replace(said.address, E'\n', ', ')",
    SHORT: r"coalesce(substring(said.address FROM '[^\n]+$'), '')",  # the last line, which is the town
}
# Which particular of the Act each column shows, in the words of the rule-sets; one that is not here is not open.
FIELDS = {
    "name": "name",
    "joint_holders": "name",
    "joint_holder_2": "name",
    "joint_holder_3": "name",
    "joint_holder_4": "name",
    "holder_place": "name",
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


def _names(joint: str) -> list[Column]:
    if joint == IN_ROWS:
        return [Column("name", "named.name", width=28), Column("holder_place", "named.place", NUMBER, 8)]
    if joint == IN_COLUMNS:
        others = [
            Column(f"joint_holder_{place}", f"split_part(said.joint_names, '; ', {place - 1})", width=24)
            for place in (2, 3, 4)
        ]
        return [Column("name", "said.name", width=28), *others]
    return [Column("name", "said.name", width=28), Column("joint_holders", "said.joint_names", width=24)]


def _opened(address: str, joint: str) -> list[Column]:
    """Paragraphs (a) and (b): open to inspection."""
    return [
        *_names(joint),
        Column("postal_address", ADDRESSES[address], width=44),
        Column("postcode", "said.postcode", width=10),
        Column("country", "said.country", width=8),
        Column("electronic_address", "said.email", width=28),
        Column("electronic_address_purposes", "said.email_purposes", width=18),
    ]


def _private(joint: str) -> list[Column]:
    """Paragraphs (c) and (d): not open to inspection."""
    shares, pence = "coalesce(held.shares, 0)", "coalesce(held.pence, 0)"
    if joint == IN_ROWS:
        shares, pence = (f"CASE WHEN named.place = 1 THEN {sql} END" for sql in (shares, pence))
    return [
        Column("shares_held", shares, NUMBER, 12),
        Column("amount_paid", pence, MONEY, 14),
        Column("other_property", "coalesce(property.listed, 'none recorded')", CODE, 20),
    ]


# Paragraphs (e) and (f).
DATES = [Column("date_entered", "m.entered_on", DAY, 12), Column("date_ceased", CEASED, DAY, 12)]
NUMBERED = Column("member_no", "m.number", NUMBER, 10)
REST = [
    NUMBERED,
    Column("holder_kind", "holder.kind", width=18),
    Column("representative", "said.representative", width=24),
]


def _table(
    columns: list[Column], society: Society, on, known_at, who: str, *, order="number", search="", joint=TOGETHER,
    share_class: ShareClass | None = None,
) -> Table:  # fmt: skip
    source = SOURCE.format(rows=EACH_NAME if joint == IN_ROWS else "") + f" AND {WHO[who]}"
    params = {"society": society.pk, "on": on or clock.today(), "known_at": known_at or clock.now()}
    if share_class:
        source += " AND held.shares <> 0"
        params["share_class"] = share_class.pk
    if search:
        source += " AND (said.name ILIKE %(search)s OR said.joint_names ILIKE %(search)s OR m.number::text = %(exact)s)"
        escaped = search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        params |= {"search": f"%{escaped}%", "exact": search}
    common = AS_AT.replace("{of_class}", " AND share_class_id = %(share_class)s" if share_class else "")
    order = ORDERS[order] + (", named.place" if joint == IN_ROWS else "")
    return Table(columns=columns, common=common, source=source, order=order, params=params)


def statutory(
    society: Society, *, on: date | None = None, known_at: datetime | None = None, who: str = CURRENT,
    order: str = "number", search: str = "", share_class: ShareClass | None = None, address: str = FULL,
    joint: str = TOGETHER,
) -> Table:  # fmt: skip
    """The register with every particular of s.30(2), in the Act's order, as at a day and as known at a moment.

    `who`: members on that day, former ones, or everybody ever entered; `share_class`: only who holds some of it, and
    how many; `address`: in full or the town; `joint`: how joint holders stand. For officers with the register only.
    """
    columns = [*_opened(address, joint), *_private(joint), *DATES, *REST]
    return _table(columns, society, on, known_at, who, order=order, search=search, joint=joint, share_class=share_class)


def inspection_copy(
    society: Society, *, on: date | None = None, known_at: datetime | None = None, address: str = FULL,
    joint: str = TOGETHER,
) -> Table:  # fmt: skip
    """What s.103 lets members and others with an interest see: everything but (c) shares and (d) other property.

    RuleBroken (REG-2) where a column would show more, whoever added it.
    """
    columns = [*_opened(address, joint), *DATES, NUMBERED]
    answer = registers.inspection_shows(
        fields={FIELDS.get(column.heading, column.heading) for column in columns},
        own_account=False,
        rules=society.law(clock.today()),
    )
    if not answer.passed:
        raise RuleBroken([answer])
    return _table(columns, society, on, known_at, EVERYBODY, joint=joint)


def voting_list(
    society: Society, *, on: date | None = None, known_at: datetime | None = None, address: str = FULL
) -> Table:
    """Who may vote at a record date: one row and one vote a member, with who votes for it.

    The first-named of joint holders votes, a body by its representative, the adult for a child under the society's
    rules on age.
    """
    votes_by = "CASE WHEN said.representative <> '' THEN said.representative ELSE said.name END"
    columns = [
        NUMBERED,
        *_names(TOGETHER),
        Column("votes_by", votes_by, width=28),
        Column("votes", "1", NUMBER, 8),
        Column("holder_kind", "holder.kind", width=18),
        *_opened(address, TOGETHER)[2:6],
    ]
    return _table(columns, society, on, known_at, CURRENT, order="name")


def mailing_list(society: Society, *, on: date | None = None, known_at: datetime | None = None, way: str) -> Table:
    """Who gets notice of a meeting: by "email" where an address was given for notices, all others by "post"."""
    by_email = "(said.email <> '' AND said.email_purposes LIKE '%%notices%%')"
    address = [Column("electronic_address", "said.email", width=28)] if way == "email" else _opened(FULL, TOGETHER)[2:5]
    columns = [NUMBERED, *_names(TOGETHER), Column("representative", "said.representative", width=24), *address]
    table = _table(columns, society, on, known_at, CURRENT, order="name")
    chosen = by_email if way == "email" else f"NOT {by_email}"
    return Table(
        columns=table.columns, common=table.common, source=f"{table.source} AND {chosen}", order=table.order,
        params=table.params,
    )  # fmt: skip


def largest_holdings(society: Society, *, on: date | None = None, known_at: datetime | None = None) -> Table:
    """Holdings from the largest down, with each one's share of the capital and what those down to it hold together."""
    pence = "coalesce(held.pence, 0)"
    whole = f"nullif(sum({pence}) OVER (), 0)"
    running = f"sum({pence}) OVER (ORDER BY {ORDERS['shares']})"
    columns = [
        Column("place", f"row_number() OVER (ORDER BY {ORDERS['shares']})", NUMBER, 8),
        NUMBERED,
        *_names(TOGETHER),
        Column("shares_held", "coalesce(held.shares, 0)", NUMBER, 12),
        Column("amount_paid", pence, MONEY, 14),
        Column("percent_of_capital", f"coalesce(round(100.0 * {pence} / {whole}, 3), 0)", NUMBER, 12),
        Column("percent_down_to_here", f"coalesce(round(100.0 * {running} / {whole}, 3), 0)", NUMBER, 12),
    ]
    return _table(columns, society, on, known_at, CURRENT, order="shares")
