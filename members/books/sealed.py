"""I5, over time: every seal is still over the entries that stand there, and so is every root that was printed.

Whoever holds the database can write all of it anew, seals too. What was sent away and printed cannot be: `against`
compares with the lines that an auditor kept (docs/ledger.md).
"""

from __future__ import annotations

from collections.abc import Iterable

from common import merkle
from compliance.models import Certificate
from members import chain, seals
from members.books.fault import Found
from members.models import LedgerSeal
from offers.models import Society


def seals_hold() -> Found:
    """I5: no seal is missing or changed, and each root is that of the entries that stand there now."""
    for society in Society.objects.all():
        yield from _chain(society)
        yield from _roots(society)
        yield from _printed(society)


def _chain(society: Society) -> Found:
    expected, before = 1, chain.NOTHING_BEFORE
    for seal in LedgerSeal.objects.filter(society=society).order_by("number"):
        subject = f"seal {seal.number}"
        if seal.number != expected:
            yield society.register_number, subject, f"seal {expected} is missing before it"
        elif bytes(seal.previous_hash) != before:
            yield society.register_number, subject, "does not follow the seal before it"
        recomputed = seals.hash_of(
            society_id=seal.society_id,
            number=seal.number,
            entries=seal.entries,
            head_hash=seal.head_hash,
            root=seal.root,
            sealed_at=seal.sealed_at,
            previous_hash=seal.previous_hash,
        )
        if recomputed != bytes(seal.hash):
            yield society.register_number, subject, "its fields are not those it was made with"
        expected, before = seal.number + 1, bytes(seal.hash)


def _roots(society: Society) -> Found:
    """One pass over the entries' hashes for all seals."""
    waiting = list(LedgerSeal.objects.filter(society=society).order_by("entries"))
    roots, hashes = merkle.Roots(), seals.entry_hashes(society.pk)
    for seal in waiting:
        subject, last = f"seal {seal.number}", b""
        while roots.size < seal.entries and (last := next(hashes, b"")):
            roots.add(last)
        if roots.size < seal.entries:
            wrong = f"is over {seal.entries} entries, and {roots.size} stand there"
            yield society.register_number, subject, wrong
        elif roots.root() != bytes(seal.root) or last != bytes(seal.head_hash):
            yield society.register_number, subject, "the entries that it is over have been changed"


def _printed(society: Society) -> Found:
    """The seals that certificates say were the last before them."""
    kept = {seal.number: (seal.entries, bytes(seal.root).hex()) for seal in LedgerSeal.objects.filter(society=society)}
    for certificate in Certificate.objects.filter(society=society).order_by("number").iterator(2000):
        said = certificate.facts.get("seal")
        if said and kept.get(said["number"]) != (said["entries"], said["root"]):
            wrong = f"seal {said['number']} is not the one that is printed on it"
            yield society.register_number, f"certificate {certificate.number}", wrong


def against(lines: Iterable[str]) -> Found:
    """Compare with lines that were kept elsewhere: "register-number number entries root", as each message has them."""
    for line in lines:
        parts = line.split()
        if len(parts) != 4 or not (parts[1] + parts[2]).isdigit():
            if line.strip():
                yield "?", "the file", f"this is no line of a seal: {line.strip()[:80]}"
            continue
        register_number, number, entries, root = parts
        rows = LedgerSeal.objects.filter(society__register_number=register_number, number=int(number))
        found = rows.first()
        if found is None:
            yield register_number, f"seal {number}", "was sent out, and there is no such seal now"
        elif (found.entries, bytes(found.root).hex()) != (int(entries), root.lower()):
            yield register_number, f"seal {number}", "is not the one that was sent out"
