"""Share certificates: their facts are frozen when they are issued, and say for ever what was so on that day."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from common import clock, ids
from compliance import canonical
from compliance.models import Certificate, CertificateEnd

WORDING = "2026-11"  # of what the certificate says a share is and is not; the template keeps old wordings


def facts_of(*, number: int, society: dict, holder: dict, share_class: dict, shares: int, amount_pence: int,
             issued_on: date, member_number: int, entries: list[dict], offer_title: str,
             seal: dict | None = None, in_place_of: int | None = None) -> dict:  # fmt: skip
    """The facts of a certificate as they are frozen and hashed.

    `entries`: seq and hash of those behind it; `seal`: the last seal of the ledger before it, if there was one;
    `in_place_of`: the number of the certificate that it replaces.
    """
    return {
        "wording": WORDING,
        "number": number,
        "society": society,
        "holder": holder,
        "share_class": share_class,
        "shares": shares,
        "amount_pence": amount_pence,
        "issued_on": issued_on.isoformat(),
        "member_number": member_number,
        "entries": entries,
        "offer": offer_title,
        "seal": seal,
        "in_place_of": in_place_of,
    }


def draft(*, society_id, member, facts: dict, issued_on: date) -> Certificate:
    """A certificate row, not written yet. Its token, not its number, opens the public page behind the QR code."""
    return Certificate(
        society_id=society_id,
        member=member,
        number=facts["number"],
        token=ids.token(),
        issued_on=issued_on,
        issued_at=clock.now(),
        facts=facts,
        facts_sha256=canonical.sha256(facts),
    )


@transaction.atomic
def withdraw(certificate: Certificate, *, reason: str, by) -> CertificateEnd:
    """The certificate no longer stands. Its number is never used again."""
    return CertificateEnd.objects.create(
        society_id=certificate.society_id,
        certificate=certificate,
        kind=CertificateEnd.WITHDRAWN,
        reason=reason,
        ended_at=clock.now(),
        ended_by=by,
    )


@transaction.atomic
def replace(certificate: Certificate, *, by_new: Certificate, reason: str, by) -> CertificateEnd:
    """The certificate no longer stands: the new one, written already, took its place."""
    return CertificateEnd.objects.create(
        society_id=certificate.society_id,
        certificate=certificate,
        kind=CertificateEnd.REPLACED,
        replaced_by=by_new,
        reason=reason,
        ended_at=clock.now(),
        ended_by=by,
    )


def newest(certificate: Certificate) -> Certificate:
    """The last of those that took its place, one after another; itself where none did."""
    ends = CertificateEnd.objects.filter(society_id=certificate.society_id).select_related("replaced_by")
    while (end := ends.filter(certificate=certificate, replaced_by__isnull=False).first()) is not None:
        certificate = end.replaced_by
    return certificate


def status(certificate: Certificate) -> str:
    """valid, replaced or withdrawn."""
    end = CertificateEnd.objects.filter(society_id=certificate.society_id, certificate=certificate).first()
    return end.kind if end else "valid"
