"""Whether a file is one that we issued, to its last byte, and whether the certificate in it still stands.

A file of a stranger is never parsed as a PDF. The facts in it say which certificate it claims to be; then either the
society's signature must be intact (`signing.intact`), or the bytes must be those that we draw ourselves.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from django.db.models import Q

from compliance import canonical, certificate_file, certificate_pdf, signing
from compliance.models import Certificate, SigningKey

MOST_BYTES = 2_000_000
LARGEST_NUMBER, PLAIN = 2**31 - 1, re.compile("[!-~]{1,12}")  # what a number and a register number can be at all
SIGNED, UNSIGNED = "signed", "unsigned"  # ours to the last byte
CHANGED = "changed"  # says that it is a certificate from here, and is not the file that we issued
OTHERWISE = "otherwise"  # signed by us, but the books say something else now
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """What a file is. `certificate`: which it claims to be; `key`: the number of the key that signed it."""

    result: str
    certificate: Certificate | None = None
    key: int | None = None
    has_signature: bool = False

    @property
    def is_ours(self) -> bool:
        return self.result in (SIGNED, UNSIGNED)


def look_at(pdf: bytes) -> Finding:
    """What this file is. Takes a few milliseconds, or what it takes to draw one certificate; raises nothing."""
    facts = certificate_file.facts_in(pdf)
    certificate = _named_by(facts) if facts else None
    has_signature = signing.RANGE.search(pdf) is not None
    if certificate is None:
        return Finding(UNKNOWN, has_signature=has_signature)
    for key in SigningKey.objects.filter(society_id=certificate.society_id).order_by("-number"):
        if signing.intact(pdf, certificate=bytes(key.certificate)):
            agrees = facts == canonical.canonical(certificate.facts) and _is_as_issued(certificate)
            return Finding(SIGNED if agrees else OTHERWISE, certificate, key.number, True)
    if not has_signature and _is_as_issued(certificate) and pdf == _drawn(certificate):
        return Finding(UNSIGNED, certificate)
    return Finding(CHANGED, certificate, has_signature=has_signature)


def _named_by(facts: bytes) -> Certificate | None:
    """The certificate with exactly these facts, or else the one with their number in their society."""
    try:
        said = json.loads(facts)
        number, society = said["number"], str(said["society"]["register_number"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if type(number) is not int or not 0 < number <= LARGEST_NUMBER or not PLAIN.fullmatch(society):
        return None
    digest = hashlib.sha256(facts).hexdigest()
    rows = Certificate.objects.select_related("society", "end__replaced_by").filter(number=number)
    found = list(rows.filter(Q(facts_sha256=digest) | Q(society__register_number=society))[:10])
    return max(found, key=lambda row: row.facts_sha256 == digest, default=None)


def _is_as_issued(certificate: Certificate) -> bool:
    return canonical.sha256(certificate.facts) == certificate.facts_sha256


def _drawn(certificate: Certificate) -> bytes | None:
    try:
        return certificate_pdf.draw(certificate.facts, token=certificate.token)
    except certificate_pdf.TooLong:
        return None
