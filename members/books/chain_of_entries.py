"""I5 and I11: the chain of entries, recomputed from its fields, and the times at which they were recorded."""

from __future__ import annotations

from django.contrib.postgres.aggregates import ArrayAgg

from members import chain as encoding
from members import ledger
from members.books.fault import Found, ask
from members.models import LedgerEntry, Numbering, Particulars
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


def chain() -> Found:
    """I5: no gap, each entry on the one before, each hash its fields', the head where the numbering says it is.

    The particulars' commitments are recomputed and looked for too, so a name that was changed in place is seen.
    """
    yield from ask(NEVER_SAID)
    for society in Society.objects.all():
        yield from _entries(society)
        yield from _commitments(society)


def _entries(society: Society) -> Found:
    expected, before = 1, encoding.NOTHING_BEFORE
    rows = LedgerEntry.objects.filter(society=society).select_related("certificate", "reverses").order_by("seq")
    for entry in rows.annotate(party_ids=ArrayAgg("interests__party_id", distinct=True)).iterator(2000):
        subject = f"entry {entry.seq}"
        if entry.seq != expected:
            yield society.register_number, subject, f"entry {expected} is missing before it"
        if bytes(entry.previous_hash) != before:
            yield society.register_number, subject, "does not follow the entry before it"
        number = entry.certificate.number if entry.certificate else None  # it may be missing, and that is a fault
        parties = [party for party in entry.party_ids if party]
        if bytes(entry.hash) != ledger.hash_of(entry, certificate_number=number, party_ids=parties):
            yield society.register_number, subject, "its fields are not those it was recorded with"
        expected, before = entry.seq + 1, bytes(entry.hash)
    head = Numbering.objects.filter(society=society).first()
    if head is None and expected > 1:
        yield society.register_number, "numbering", f"there is none, and entries up to {expected - 1}"
    if head and (head.last_seq != expected - 1 or bytes(head.last_hash) != before):
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
