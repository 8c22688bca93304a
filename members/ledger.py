"""The only writer of the share ledger: `post` adds entries, `reverse` answers one with its mirror."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common import audit, clock, ids
from compliance.models import Certificate
from members import chain, freezes, numbering
from members.models import EntryInterest, LedgerEntry, Member, Numbering, Particulars
from offers import exposures
from offers.models import Exposure, Party, ShareClass


@dataclass(frozen=True)
class Posting:
    """One movement to be written. shares and amount_pence: + in, − out; party_ids: whose caps it counts for."""

    member: Member
    share_class: ShareClass
    kind: str
    shares: int
    amount_pence: int
    effective_on: date
    authority: str
    party_ids: tuple[uuid.UUID, ...]
    commitment: bytes
    offer_id: uuid.UUID | None = None
    application_id: uuid.UUID | None = None
    certificate_number: int | None = None
    reverses: LedgerEntry | None = None


def chained(numbers: Numbering, postings: Sequence[Posting], *, by=None) -> list[LedgerEntry]:
    """The postings as entries with their numbers and hashes, not written yet; moves the locked numbering on.

    Where this machine's clock stands behind that of the last writer, the last writer's time is taken: recorded
    time never runs back.
    """
    moment, entries = max(clock.now(), numbers.last_recorded_at or clock.now()), []
    numbers.last_recorded_at = moment
    for posting in postings:
        numbers.last_seq += 1
        entry = LedgerEntry(
            id=ids.uuid7(),
            society_id=numbers.society_id,
            seq=numbers.last_seq,
            member=posting.member,
            share_class=posting.share_class,
            kind=posting.kind,
            shares=posting.shares,
            amount_pence=posting.amount_pence,
            effective_on=posting.effective_on,
            recorded_at=moment,
            recorded_by=by,
            offer_id=posting.offer_id,
            application_id=posting.application_id,
            reverses=posting.reverses,
            authority=posting.authority,
            particulars_commitment=posting.commitment,
            previous_hash=bytes(numbers.last_hash),
        )
        entry.hash = numbers.last_hash = hash_of(
            entry, certificate_number=posting.certificate_number, party_ids=posting.party_ids
        )
        entries.append(entry)
    return entries


def hash_of(entry: LedgerEntry, *, certificate_number: int | None, party_ids: Collection) -> bytes:
    """The hash that the entry must carry, from its own fields."""
    return chain.entry_hash(
        society_id=entry.society_id,
        seq=entry.seq,
        member_id=entry.member_id,
        share_class_id=entry.share_class_id,
        kind=entry.kind,
        shares=entry.shares,
        amount_pence=entry.amount_pence,
        effective_on=entry.effective_on,
        recorded_at=entry.recorded_at,
        recorded_by_id=entry.recorded_by_id,
        offer_id=entry.offer_id,
        application_id=entry.application_id,
        certificate_number=certificate_number,
        reverses_seq=entry.reverses.seq if entry.reverses else None,
        authority=entry.authority,
        party_ids=party_ids,
        particulars_commitment=entry.particulars_commitment,
        previous_hash=entry.previous_hash,
    )


def write(
    numbers: Numbering,
    entries: list[LedgerEntry],
    postings: Sequence[Posting],
    certificates: dict[int, Certificate] | None = None,
) -> None:
    """Write chained entries with their interests and what everybody concerned now holds.

    The caller has locked the numbering and the exposures of all parties, and written the certificates.
    """
    for entry, posting in zip(entries, postings, strict=True):
        if posting.certificate_number:
            entry.certificate = certificates[posting.certificate_number]
    LedgerEntry.objects.bulk_create(entries, batch_size=1000)
    EntryInterest.objects.bulk_create(
        (
            EntryInterest(society_id=numbers.society_id, entry=entry, party_id=party_id)
            for entry, posting in zip(entries, postings, strict=True)
            for party_id in posting.party_ids
        ),
        batch_size=2000,
    )
    numbers.save(update_fields=["last_member", "last_certificate", "last_seq", "last_hash", "last_recorded_at"])


def change_held(society_id: uuid.UUID, changes: dict[uuid.UUID, int], *, beyond_limit: bool = False) -> None:
    """Add to what parties hold, in pence, beside the entries that say so. Their exposures are locked.

    `beyond_limit`: for a match, which no rule refuses; the row's limit stands again with the party's next application.
    """
    lifted = {"limit_pence": None} if beyond_limit else {}
    for party_id, amount_pence in changes.items():
        rows = Exposure.objects.filter(society_id=society_id, party_id=party_id)
        rows.update(held_pence=F("held_pence") + amount_pence, **lifted)


@transaction.atomic
def reverse(entry: LedgerEntry, *, reason: str, by) -> LedgerEntry:
    """Answer an entry that was wrong with its mirror, once. The entry stays; the sums no longer count it.

    ValidationError without a reason, for a reversal of a reversal, or where the member has not that many shares.
    """
    if not reason.strip():
        raise ValidationError(_("Say why the entry is reversed: the reason stands in the ledger."))
    numbers = numbering.lock(entry.society_id)
    entry = LedgerEntry.objects.select_related("member", "share_class").get(pk=entry.pk, society_id=entry.society_id)
    if entry.kind == LedgerEntry.REVERSAL:
        raise ValidationError(_("A reversal is not reversed: enter the right movement instead."))
    if LedgerEntry.objects.filter(society_id=entry.society_id, reverses=entry).exists():
        raise ValidationError(_("This entry has been reversed already."))
    if entry.shares > 0:
        freezes.refuse_frozen(entry.member)
    parties = Party.objects.filter(entry_interests__entry=entry, society_id=entry.society_id)
    locked = exposures.lock_parties(entry.society_id, parties)
    newest = Particulars.objects.filter(society_id=entry.society_id, member=entry.member).last()
    posting = Posting(
        member=entry.member,
        share_class=entry.share_class,
        kind=LedgerEntry.REVERSAL,
        shares=-entry.shares,
        amount_pence=-entry.amount_pence,
        effective_on=entry.effective_on,
        authority=reason.strip()[:200],
        party_ids=tuple(row.party_id for row in locked),
        commitment=bytes(newest.commitment),
        offer_id=entry.offer_id,
        reverses=entry,
    )
    mirrored = chained(numbers, [posting], by=by)
    write(numbers, mirrored, [posting])
    change_held(entry.society_id, {row.party_id: posting.amount_pence for row in locked})
    audit.note("ledger.reverse", society_id=entry.society_id, subject_id=mirrored[0].pk, by=by, seq=entry.seq)
    return mirrored[0]
