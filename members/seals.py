"""Sealing the ledger: each day one hash over all of it, sent to people who can say later what it was.

A chain of hashes shows a change in the middle. It does not show that the end was cut off, nor that somebody wrote
everything anew with fitting hashes; a root that was sent away does.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from common import clock, merkle, outbox, work
from common.models import OutgoingMail
from members import chain, numbering
from members.models import LedgerEntry, LedgerSeal, SealNotice
from offers.choices import OfficerRole
from offers.models import Officer, Society

SEAL = "toad-lane/ledger-seal/v1"
TOLD = (OfficerRole.SECRETARY, OfficerRole.AUDITOR)
LEAST_SHOWN = 16  # hexadecimal figures of a root that somebody must type before we compare


def hash_of(
    *, society_id, number: int, entries: int, head_hash: bytes, root: bytes, sealed_at: datetime, previous_hash: bytes
) -> bytes:
    """SHA-256 of a seal in the encoding of docs/ledger.md."""
    fields = (society_id, number, entries, head_hash, root, sealed_at, previous_hash)
    return hashlib.sha256(chain.encode(SEAL, fields)).digest()


def entry_hashes(society_id) -> Iterator[bytes]:
    """The hashes of a society's entries in their order: the leaves of the tree."""
    rows = LedgerEntry.objects.filter(society_id=society_id).order_by("seq")
    return (bytes(value) for value in rows.values_list("hash", flat=True).iterator(20_000))


def newest(society_id) -> LedgerSeal | None:
    """The last seal of a society, if it has one."""
    return LedgerSeal.objects.filter(society_id=society_id).order_by("-number").first()


@transaction.atomic
def seal(society: Society) -> LedgerSeal | None:
    """Seal what has been written since the last seal and tell secretaries and auditors; None if nothing was.

    Holds the society's numbering, so that no entry is written meanwhile.
    """
    numbers, before = numbering.lock(society.pk), newest(society.pk)
    if numbers.last_seq == (before.entries if before else 0):
        return None
    root = merkle.root(entry_hashes(society.pk))
    values = {
        "society_id": society.pk,
        "number": before.number + 1 if before else 1,
        "entries": numbers.last_seq,
        "head_hash": bytes(numbers.last_hash),
        "root": root,
        "sealed_at": max(clock.now(), before.sealed_at) if before else clock.now(),
        "previous_hash": bytes(before.hash) if before else chain.NOTHING_BEFORE,
    }
    made = LedgerSeal.objects.create(**values, hash=hash_of(**values))
    _tell(made)
    return made


def _tell(made: LedgerSeal) -> None:
    """One message to each person; somebody with two offices gets it once."""
    serving = Officer.objects.filter(society_id=made.society_id, ended_at=None, role__in=TOLD)
    people = {officer.user_id: officer for officer in serving.select_related("user").order_by("-appointed_at")}
    notices = SealNotice.objects.bulk_create(
        SealNotice(society_id=made.society_id, seal=made, officer=officer) for officer in people.values()
    )
    outbox.post_all(
        [
            OutgoingMail(
                society_id=made.society_id,
                kind="ledger-sealed",
                subject_id=notice.pk,
                to=notice.officer.user.email,
                due_at=made.sealed_at,
                next_try_at=made.sealed_at,
            )
            for notice in notices
        ]
    )
    work.soon("common.tasks.send_mail")


def seal_all() -> int:
    """Seal the ledger of every society that has new entries; how many were sealed."""
    return sum(seal(society) is not None for society in Society.objects.order_by("pk"))


def printed(society_id) -> dict | None:
    """What a paper says of the last seal: its number, over how many entries, and the root."""
    last = newest(society_id)
    return last and {"number": last.number, "entries": last.entries, "root": bytes(last.root).hex()}


def line(society: Society, made: LedgerSeal) -> str:
    """A seal in one line, to be kept elsewhere: register number, number, entries, root."""
    return f"{society.register_number} {made.number} {made.entries} {bytes(made.root).hex()}"


def matching(society_id, typed: str) -> LedgerSeal | None:
    """The seal whose root begins with what somebody typed from a paper or a message; spaces and case do not count."""
    said = "".join(typed.split()).lower()
    if len(said) < LEAST_SHOWN:
        return None
    for found in LedgerSeal.objects.filter(society_id=society_id).order_by("-number"):
        if hmac.compare_digest(bytes(found.root).hex()[: len(said)], said):
            return found
    return None
