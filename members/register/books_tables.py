"""Other tables that a registrar takes away: allotments, the certificate book, officers, and how capital moved."""

from __future__ import annotations

from datetime import date, datetime

from common import clock
from common.exports import CODE, DAY, MONEY, NUMBER, Column, Table
from offers.models import Society

SAID = """
    said AS (
        SELECT DISTINCT ON (member_id) * FROM members_particulars
        WHERE society_id = %(society)s AND effective_on <= %(on)s AND recorded_at <= %(known_at)s
        ORDER BY member_id, effective_on DESC, recorded_at DESC
    )
"""


def _asked(society: Society, on: date | None, known_at: datetime | None) -> dict:
    return {"society": society.pk, "on": on or clock.today(), "known_at": known_at or clock.now()}


def allotments(
    society: Society, *, on: date | None = None, known_at: datetime | None = None, since: date | None = None
) -> Table:
    """Shares allotted up to a day, `since` another if given: the schedule that stands behind the board's minutes."""
    source = """
        FROM members_ledgerentry entry
        JOIN members_member m ON m.id = entry.member_id
        JOIN said ON said.member_id = entry.member_id
        JOIN offers_shareclass class ON class.id = entry.share_class_id
        LEFT JOIN offers_shareoffer offer ON offer.id = entry.offer_id
        LEFT JOIN offers_application application ON application.id = entry.application_id
        LEFT JOIN compliance_certificate certificate ON certificate.id = entry.certificate_id
        LEFT JOIN members_ledgerentry back ON back.reverses_id = entry.id AND back.society_id = entry.society_id
            AND back.recorded_at <= %(known_at)s
        WHERE entry.society_id = %(society)s AND entry.effective_on <= %(on)s AND entry.recorded_at <= %(known_at)s
          AND entry.kind IN ('founding', 'allotment', 'match') AND entry.effective_on >= %(since)s
    """
    columns = [
        Column("allotted_on", "entry.effective_on", DAY, 12),
        Column("entry_no", "entry.seq", NUMBER, 9),
        Column("member_no", "m.number", NUMBER, 10),
        Column("name", "said.name", width=28),
        Column("joint_holders", "said.joint_names", width=24),
        Column("share_class", "class.name", width=22),
        Column("issue", "coalesce(offer.title, '')", width=24),
        Column("application", "coalesce(application.reference, '')", CODE, 12),
        Column("shares", "entry.shares", NUMBER, 10),
        Column("amount_paid", "entry.amount_pence", MONEY, 14),
        Column("certificate_no", "certificate.number", NUMBER, 12),
        Column("authority", "entry.authority", width=36),
        Column("reversed_by_entry", "back.seq", NUMBER, 12),
    ]
    params = _asked(society, on, known_at) | {"since": since or date.min}
    return Table(columns=columns, common=f"WITH {SAID}", source=source, order="entry.seq", params=params)


def officers(society: Society, *, on: date | None = None, known_at: datetime | None = None, who: str = "") -> Table:
    """The register of officers (s.30(3)) as at a day: everybody who had taken office by then, or one status of them."""
    common = """
        WITH told AS (
            SELECT DISTINCT ON (tenure) * FROM members_officeheld
            WHERE society_id = %(society)s AND effective_on <= %(on)s AND recorded_at <= %(known_at)s
            ORDER BY tenure, effective_on DESC, recorded_at DESC
        )
    """
    status = {"current": "coalesce(told.left_office_on >= %(on)s, true)", "former": "told.left_office_on < %(on)s"}
    source = f"FROM told WHERE told.took_office_on <= %(on)s AND {status.get(who, 'true')}"
    columns = [
        Column("name", "told.name", width=28),
        Column("postal_address", r"replace(told.address, E'\n', ', ')", width=44),
        Column("electronic_address", "told.email", width=28),
        Column("electronic_address_purposes", "told.email_purposes", width=18),
        Column("office", "told.office", width=24),
        Column("took_office", "told.took_office_on", DAY, 12),
        Column("left_office", "CASE WHEN told.left_office_on <= %(on)s THEN told.left_office_on END", DAY, 12),
    ]
    order = "told.took_office_on, told.name, told.tenure"
    return Table(columns=columns, common=common, source=source, order=order, params=_asked(society, on, known_at))


BEFORE, WITHIN = "entry.effective_on < %(since)s", "entry.effective_on >= %(since)s"
WITHOUT = f"{WITHIN} AND entry.shares > 0 AND entry.application_id IS NULL"
TOTAL = "coalesce(sum(entry.{}) FILTER (WHERE {}), 0)::bigint"
MOVED = f"""
    WITH moved AS (
        SELECT entry.share_class_id,
            {TOTAL.format("shares", BEFORE)} AS shares_before,
            {TOTAL.format("amount_pence", BEFORE)} AS opening,
            {TOTAL.format("shares", f"{WITHIN} AND entry.shares > 0")} AS shares_in,
            {TOTAL.format("amount_pence", f"{WITHIN} AND entry.shares > 0")} AS added,
            {TOTAL.format("shares", f"{WITHIN} AND entry.shares < 0")} AS shares_out,
            {TOTAL.format("amount_pence", f"{WITHIN} AND entry.shares < 0")} AS taken,
            {TOTAL.format("amount_pence", WITHOUT)} AS other,
            sum(paid.pence) FILTER (WHERE {WITHIN})::bigint AS received
        FROM members_ledgerentry entry
        LEFT JOIN LATERAL (
            SELECT (SELECT coalesce(sum(receipt.amount_pence), 0) FROM payments_receipt receipt
                    WHERE receipt.application_id = entry.application_id AND receipt.society_id = entry.society_id
                      AND receipt.recorded_at <= %(known_at)s)
                 - (SELECT coalesce(sum(refund.amount_pence), 0) FROM payments_refund refund
                    WHERE refund.application_id = entry.application_id AND refund.society_id = entry.society_id
                      AND refund.due_at <= %(known_at)s) AS pence
        ) paid ON entry.application_id IS NOT NULL
        WHERE entry.society_id = %(society)s AND entry.effective_on <= %(on)s AND entry.recorded_at <= %(known_at)s
        GROUP BY entry.share_class_id
    )
"""


def capital_movement(
    society: Society, *, on: date | None = None, known_at: datetime | None = None, since: date | None = None
) -> Table:
    """Share capital by class over a period: opening + in − out = closing; what was allotted beside the money for it.

    `received_for_it` is what applicants paid for the shares allotted in the period, less what went back to them;
    `other_sources` are allotments that no application stands behind: founding shares and match funding.
    """
    columns = [
        Column("share_class", "class.name", width=24),
        Column("opening_shares", "moved.shares_before", NUMBER, 12),
        Column("opening", "moved.opening", MONEY, 14),
        Column("shares_in", "moved.shares_in", NUMBER, 12),
        Column("added", "moved.added", MONEY, 14),
        Column("shares_out", "-moved.shares_out", NUMBER, 12),
        Column("taken_out", "-moved.taken", MONEY, 14),
        Column("closing_shares", "moved.shares_before + moved.shares_in + moved.shares_out", NUMBER, 12),
        Column("closing", "moved.opening + moved.added + moved.taken", MONEY, 14),
        Column("received_for_it", "coalesce(moved.received, 0)", MONEY, 14),
        Column("other_sources", "moved.other", MONEY, 14),
        Column("difference", "moved.added - coalesce(moved.received, 0) - moved.other", MONEY, 14),
    ]
    params = _asked(society, on, known_at) | {"since": since or date.min}
    source = "FROM moved JOIN offers_shareclass class ON class.id = moved.share_class_id"
    return Table(columns=columns, common=MOVED, source=source, order="class.name", params=params)
