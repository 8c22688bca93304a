"""I5 and I11: the chain of entries, recomputed from its fields, and the times at which they were recorded.

The database computes every hash anew in one statement: a million entries in seconds. `members/ledger.hash_of` says the
same in Python, and a test compares the two.
"""

from __future__ import annotations

from django.db import connection, transaction

from members import chain as encoding
from members.books.fault import Found, ask
from members.models import Numbering, Particulars
from offers.models import Society

BACKWARDS = """
    SELECT society.register_number, 'entry ' || later.seq, 'was recorded before entry ' || earlier.seq
    FROM members_ledgerentry later
    JOIN members_ledgerentry earlier ON earlier.society_id = later.society_id AND earlier.seq = later.seq - 1
    JOIN offers_society society ON society.id = later.society_id
    WHERE later.recorded_at < earlier.recorded_at
"""
NO_REASON = """
    SELECT society.register_number, 'entry ' || entry.seq, 'counts from an earlier day and gives no reason'
    FROM members_ledgerentry entry JOIN offers_society society ON society.id = entry.society_id
    WHERE entry.effective_on < (entry.recorded_at AT TIME ZONE 'Europe/London')::date AND btrim(entry.authority) = ''
"""
NOT_APPROVED = """
    SELECT society.register_number, 'entry ' || entry.seq, 'was allotted without the approval of two people'
    FROM members_ledgerentry entry JOIN offers_society society ON society.id = entry.society_id
    WHERE entry.kind IN ('allotment', 'match') AND NOT EXISTS (
        SELECT 1 FROM compliance_approval approval WHERE approval.society_id = entry.society_id
          AND approval.act = 'decide' AND approval.subject_id = entry.offer_id AND approval.used_at IS NOT NULL)
"""

NEVER_SAID = """
    SELECT society.register_number, 'entry ' || entry.seq, 'holds the commitment of nothing that the register said'
    FROM members_ledgerentry entry JOIN offers_society society ON society.id = entry.society_id
    WHERE NOT EXISTS (SELECT 1 FROM members_particulars said WHERE said.member_id = entry.member_id
                      AND said.commitment = entry.particulars_commitment)
"""


def _known(expression: str, width: int) -> str:
    """SQL for a text that always has this many bytes, with its length before it."""
    return f"'\\x{width:08x}'::bytea || convert_to({expression}, 'UTF8')"


def _perhaps(expression: str, width: int) -> str:
    """The same where it may be nothing, which is the empty text."""
    return f"CASE WHEN {expression} IS NULL THEN '\\x00000000'::bytea ELSE {_known(expression, width)} END"


def _any(expression: str) -> str:
    """SQL for a text of any length."""
    text = f"coalesce({expression}, '')"
    return f"int4send(octet_length({text})) || convert_to({text}, 'UTF8')"


def _joined(parts: list[str]) -> str:
    """The parts one after another, bracketed in halves: so each byte is copied a few times and not twenty."""
    if len(parts) == 1:
        return f"({parts[0]})"
    middle = len(parts) // 2
    return f"({_joined(parts[:middle])} || {_joined(parts[middle:])})"


UUID, DAY, MOMENT, HASH = 36, 10, 27, 64
AT = "to_char(entry.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
# The fields of members/chain.entry_hash, in its order.
ENCODED = _joined(
    [
        f"'\\x{encoding.encode(encoding.ENTRY, ()).hex()}'::bytea",
        _known("entry.society_id::text", UUID),
        _any("entry.seq::text"),
        _known("entry.member_id::text", UUID),
        _known("entry.share_class_id::text", UUID),
        _any("entry.kind"),
        _any("entry.shares::text"),
        _any("entry.amount_pence::text"),
        _known("to_char(entry.effective_on, 'YYYY-MM-DD')", DAY),
        _known(AT, MOMENT),
        _perhaps("entry.recorded_by_id::text", UUID),
        _perhaps("entry.offer_id::text", UUID),
        _perhaps("entry.application_id::text", UUID),
        _any("certificate.number::text"),
        _any("reversed.seq::text"),
        _any("entry.authority"),
        _any("concerned.parties"),
        _any("encode(entry.particulars_commitment, 'hex')"),
        _any("encode(entry.previous_hash, 'hex')"),
    ]
)
WRONG = f"""
    WITH concerned AS (
        SELECT entry_id, CASE WHEN count(*) = 1 THEN min(party_id::text)
            ELSE (SELECT string_agg(party, ',' ORDER BY party) FROM unnest(array_agg(DISTINCT party_id::text)) party)
            END AS parties
        FROM members_entryinterest WHERE society_id = %(society)s GROUP BY entry_id
    )
    SELECT entry.seq, before.hash IS NULL AND entry.seq > 1,
           coalesce(before.hash, %(nothing)s) <> entry.previous_hash, sha256({ENCODED}) <> entry.hash
    FROM members_ledgerentry entry
    LEFT JOIN members_ledgerentry before ON before.society_id = entry.society_id AND before.seq = entry.seq - 1
    LEFT JOIN members_ledgerentry reversed ON reversed.id = entry.reverses_id
    LEFT JOIN compliance_certificate certificate ON certificate.id = entry.certificate_id
    LEFT JOIN concerned ON concerned.entry_id = entry.id
    WHERE entry.society_id = %(society)s
      AND (coalesce(before.hash, %(nothing)s) <> entry.previous_hash OR before.hash IS NULL AND entry.seq > 1
           OR sha256({ENCODED}) <> entry.hash)
    ORDER BY entry.seq
"""
LAST = """
    SELECT seq, hash FROM members_ledgerentry WHERE society_id = %s ORDER BY seq DESC LIMIT 1
"""


def chain() -> Found:
    """I5: no gap, each entry on the one before, each hash its fields', the head where the numbering says it is.

    The particulars' commitments are recomputed and looked for too, so a name that was changed in place is seen.
    """
    yield from ask(NEVER_SAID)
    for society in Society.objects.all():
        yield from entries(society)
        yield from _commitments(society)


@transaction.atomic
def _read(society: Society) -> tuple[list[tuple], tuple]:
    """The entries that are wrong, and the last one's number and hash."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")  # the parties of a million entries at once
        cursor.execute(WRONG, {"society": society.pk, "nothing": encoding.NOTHING_BEFORE})
        wrong = cursor.fetchall()
        cursor.execute(LAST, [society.pk])
        return wrong, cursor.fetchone() or (0, encoding.NOTHING_BEFORE)


def entries(society: Society) -> Found:
    """I5 for one society's entries and the head of its numbering."""
    wrong, (last_seq, last_hash) = _read(society)
    for seq, is_first_after_gap, is_unlinked, is_changed in wrong:
        subject = f"entry {seq}"
        if is_first_after_gap:
            yield society.register_number, subject, f"entry {seq - 1} is missing before it"
        if is_unlinked:
            yield society.register_number, subject, "does not follow the entry before it"
        if is_changed:
            yield society.register_number, subject, "its fields are not those it was recorded with"
    head = Numbering.objects.filter(society=society).first()
    if head is None and last_seq:
        yield society.register_number, "numbering", f"there is none, and entries up to {last_seq}"
    if head and (head.last_seq != last_seq or bytes(head.last_hash) != bytes(last_hash)):
        yield society.register_number, f"entry {head.last_seq}", "is the last one by the numbering, and it is not there"


def _commitments(society: Society) -> Found:
    rows = Particulars.objects.filter(society=society).select_related("member").order_by("id")
    for said in rows.iterator(2000):
        fields = ("name", "joint_names", "representative", "address", "postcode", "country", "email")
        recomputed = encoding.commitment(said.salt, **{field: getattr(said, field) for field in fields})
        if recomputed != bytes(said.commitment):
            wrong = f"what the register says from {said.effective_on} on is not what was recorded"
            yield society.register_number, f"member {said.member.number}", wrong


def times() -> Found:
    """I11: recorded times never run back; what counts from an earlier day says why, and two people stood by it."""
    yield from ask(BACKWARDS)
    yield from ask(NO_REASON)
    yield from ask(NOT_APPROVED)
