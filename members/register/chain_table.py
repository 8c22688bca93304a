"""The ledger with everything that its hashes are over, so that anybody can compute them again (tools/verify.py)."""

from __future__ import annotations

from datetime import date, datetime

from common import clock
from common.exports import CODE, DAY, MONEY, NUMBER, Column, Table
from offers.models import Society

SOURCE = """
    FROM members_ledgerentry entry
    LEFT JOIN compliance_certificate certificate ON certificate.id = entry.certificate_id
    LEFT JOIN members_ledgerentry reversed ON reversed.id = entry.reverses_id
    LEFT JOIN LATERAL (
        SELECT string_agg(interest.party_id::text, ',' ORDER BY interest.party_id::text COLLATE "C") AS ids
        FROM members_entryinterest interest
        WHERE interest.entry_id = entry.id AND interest.society_id = entry.society_id
    ) parties ON true
    WHERE entry.society_id = %(society)s AND entry.recorded_at <= %(known_at)s
"""
MOMENT = """to_char(entry.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
COLUMNS = [
    Column("society", "entry.society_id::text", CODE, 36),
    Column("seq", "entry.seq", NUMBER, 9),
    Column("member", "entry.member_id::text", CODE, 36),
    Column("share_class", "entry.share_class_id::text", CODE, 36),
    Column("kind", "entry.kind", CODE, 12),
    Column("shares", "entry.shares", NUMBER, 12),
    Column("amount", "entry.amount_pence", MONEY, 14),
    Column("effective_on", "entry.effective_on", DAY, 12),
    Column("recorded_at", MOMENT, CODE, 28),
    Column("recorded_by", "coalesce(entry.recorded_by_id::text, '')", CODE, 36),
    Column("offer", "coalesce(entry.offer_id::text, '')", CODE, 36),
    Column("application", "coalesce(entry.application_id::text, '')", CODE, 36),
    Column("certificate_no", "certificate.number", NUMBER, 12),
    Column("reverses_seq", "reversed.seq", NUMBER, 12),
    Column("authority", "entry.authority", width=40),
    Column("parties", "coalesce(parties.ids, '')", CODE, 40),
    Column("commitment", "encode(entry.particulars_commitment, 'hex')", CODE, 64),
    Column("previous_hash", "encode(entry.previous_hash, 'hex')", CODE, 64),
    Column("hash", "encode(entry.hash, 'hex')", CODE, 64),
]


def chain(society: Society, *, on: date | None = None, known_at: datetime | None = None) -> Table:
    """Every entry known at a moment, whatever day it counts from: a chain has no gaps. `on` only names the file."""
    params = {"society": society.pk, "known_at": known_at or clock.now()}
    return Table(columns=COLUMNS, source=SOURCE, order="entry.seq", params=params)
