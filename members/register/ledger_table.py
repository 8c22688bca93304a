"""The share ledger, one row an entry, in the columns that registrars expect."""

from __future__ import annotations

from datetime import date, datetime

from common import clock
from common.exports import CODE, DAY, MONEY, NUMBER, Column, Table
from offers.models import Society

COMMON = """
    WITH entries AS (
        SELECT entry.*, sum(entry.shares) OVER (PARTITION BY entry.member_id, entry.share_class_id ORDER BY entry.seq)
            AS shares_after
        FROM members_ledgerentry entry
        WHERE entry.society_id = %(society)s AND entry.effective_on <= %(on)s AND entry.recorded_at <= %(known_at)s
    ), said AS (
        SELECT DISTINCT ON (member_id) * FROM members_particulars
        WHERE society_id = %(society)s AND effective_on <= %(on)s AND recorded_at <= %(known_at)s
        ORDER BY member_id, effective_on DESC, recorded_at DESC
    )
"""
SOURCE = """
    FROM entries
    JOIN members_member m ON m.id = entries.member_id
    JOIN said ON said.member_id = entries.member_id
    JOIN offers_society society ON society.id = entries.society_id
    JOIN offers_shareclass class ON class.id = entries.share_class_id
    LEFT JOIN offers_shareoffer offer ON offer.id = entries.offer_id
    LEFT JOIN offers_application application ON application.id = entries.application_id
    LEFT JOIN compliance_certificate certificate ON certificate.id = entries.certificate_id
    LEFT JOIN compliance_certificateend ended ON ended.replaced_by_id = entries.certificate_id
    LEFT JOIN compliance_certificate replaced ON replaced.id = ended.certificate_id
"""
LONDON = "to_char(entries.recorded_at AT TIME ZONE 'Europe/London', 'YYYY-MM-DD\"T\"HH24:MI:SS')"
# Few entries are reversals: looking each of them up costs less than joining the ledger with itself.
REVERSED = """CASE WHEN entries.reverses_id IS NOT NULL
    THEN (SELECT seq FROM members_ledgerentry reversed WHERE reversed.id = entries.reverses_id)::bigint END"""
AUTHORITY = "entries.authority || coalesce(', application ' || application.reference, '')"
COLUMNS = [
    Column("entry_no", "entries.seq", NUMBER, 9),
    Column("recorded_at", LONDON, CODE, 20),
    Column("effective_date", "entries.effective_on", DAY, 12),
    Column("society_no", "society.register_number", width=12),
    Column("member_no", "m.number", NUMBER, 10),
    Column("holding_no", "m.number || '-' || class.name", width=20),
    Column("holder_name", "said.name", width=28),
    Column("joint_holders", "said.joint_names", width=24),
    Column("designation", "said.representative", width=18),
    Column("share_class", "class.name", width=22),
    Column("issue", "coalesce(offer.title, '')", width=24),
    Column("entry_type", "entries.kind", width=12),
    Column("certificate_no", "certificate.number", NUMBER, 12),
    Column("replaces_certificate", "replaced.number", NUMBER, 12),
    Column("shares_change", "entries.shares", NUMBER, 13),
    Column("shares_after", "entries.shares_after::bigint", NUMBER, 12),
    Column("nominal_value", "class.nominal_pence", MONEY, 12),
    Column("amount_paid", "entries.amount_pence", MONEY, 14),
    Column("amount_unpaid", "0", MONEY, 12),
    Column("consideration", "'cash'", CODE, 12),
    Column("counterparty_member_no", "NULL::bigint", NUMBER, 12),
    Column("authority", AUTHORITY, width=40),
    Column("reverses_entry", REVERSED, NUMBER, 10),
    Column("user", "coalesce(entries.recorded_by_id::text, '')", CODE, 20),
    Column("export_seal", "encode(entries.hash, 'hex')", CODE, 24),
]


def ledger(society: Society, *, on: date | None = None, known_at: datetime | None = None) -> Table:
    """Every entry that counts by a day, as known at a moment; `export_seal` is the entry's own hash."""
    params = {"society": society.pk, "on": on or clock.today(), "known_at": known_at or clock.now()}
    return Table(columns=COLUMNS, common=COMMON, source=SOURCE, order="entries.seq", params=params)
