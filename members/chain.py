"""The bytes that are hashed: versioned, with every field's length before it, so that no two entries are alike.

Anybody can compute them again with a hash function and nothing else (docs/ledger.md gives test vectors).
Personal data enter only as a commitment, HMAC-SHA-256 under a salt of their own: once the salt is erased, nobody
can say whose name it was, and the chain still holds.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable
from datetime import UTC, date, datetime

ENTRY = "toad-lane/ledger-entry/v1"
PARTICULARS = "toad-lane/particulars/v1"
NOTHING_BEFORE = bytes(32)  # what the first entry of a society holds as the hash before it


def encode(domain: str, fields: Iterable) -> bytes:
    """The domain and the fields, each as four bytes of length (big-endian) and UTF-8 text."""
    parts = [_text(value).encode() for value in (domain, *fields)]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, float):
        raise TypeError("The ledger knows no floats.")
    return str(value)


def entry_hash(
    *, society_id, seq, member_id, share_class_id, kind, shares, amount_pence, effective_on, recorded_at,
    recorded_by_id, offer_id, application_id, certificate_number, reverses_seq, authority, party_ids,
    particulars_commitment, previous_hash,
) -> bytes:  # fmt: skip
    """SHA-256 of one ledger entry in the order of fields that docs/ledger.md lists. `party_ids` in any order."""
    parties = ",".join(sorted(str(party) for party in party_ids))
    return hashlib.sha256(
        encode(
            ENTRY,
            (
                society_id, seq, member_id, share_class_id, kind, shares, amount_pence, effective_on, recorded_at,
                recorded_by_id, offer_id, application_id, certificate_number, reverses_seq, authority, parties,
                particulars_commitment, previous_hash,
            ),
        )
    ).digest()  # fmt: skip


def new_salt() -> bytes:
    """Sixteen random bytes for one commitment."""
    return os.urandom(16)


def commitment(salt: bytes, *, name, joint_names, representative, address, postcode, country, email) -> bytes:
    """HMAC-SHA-256 of a member's particulars under their salt."""
    fields = (name, joint_names, representative, address, postcode, country, email)
    return hmac.digest(bytes(salt), encode(PARTICULARS, fields), "sha256")
