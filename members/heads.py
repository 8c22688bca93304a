"""Where each society's ledger ends: the number and hash of its last entry."""

from __future__ import annotations


def of_every_society(cursor) -> dict[str, dict[str, str]]:
    """ "number:hash" of the last entry by register number. `cursor`: of any role that may read, in its snapshot."""
    cursor.execute(
        """
        SELECT DISTINCT ON (society.register_number)
            society.register_number, entry.seq || ':' || encode(entry.hash, 'hex')
        FROM members_ledgerentry entry JOIN offers_society society ON society.id = entry.society_id
        ORDER BY society.register_number, entry.seq DESC
        """
    )
    return {"heads of the ledgers": dict(cursor.fetchall())}
