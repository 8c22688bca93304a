"""A society's signing keys: the one in use, made at first use; another in its place; and files signed by it."""

from __future__ import annotations

import uuid

from django.db import transaction

from common import audit, clock
from compliance import certificate_pdf, signing, signing_keys
from compliance.models import Certificate, SigningKey
from compliance.signing import Signer
from members import numbering
from offers.models import Society


def signer(society_id: uuid.UUID) -> Signer:
    """The society's key, ready for use; one for a whole batch. Raises signing_keys.CannotOpen."""
    row = _in_use(society_id) or _first(society_id)
    return signing_keys.ready(bytes(row.certificate), bytes(row.private_key))


def signed_file(certificate: Certificate) -> bytes:
    """A certificate's PDF with the society's signature of this moment."""
    pdf = certificate_pdf.draw(certificate.facts, token=certificate.token)
    return signing.signed(pdf, signer(certificate.society_id), at=clock.now())


@transaction.atomic
def rotate(society: Society) -> SigningKey:
    """Another key from now on. The secret half of the one before is gone; what it signed is checked as before."""
    numbering.lock(society.pk)
    _retire(society.pk)
    return _made(society)


def _in_use(society_id: uuid.UUID) -> SigningKey | None:
    return SigningKey.objects.filter(society_id=society_id, retired_at=None).first()


@transaction.atomic
def _first(society_id: uuid.UUID) -> SigningKey:
    numbering.lock(society_id)
    return _in_use(society_id) or _made(Society.objects.get(pk=society_id))


def _retire(society_id: uuid.UUID) -> None:
    if (row := _in_use(society_id)) is not None:
        row.retired_at, row.private_key = max(clock.now(), row.valid_from_at), None
        row.save(update_fields=["retired_at", "private_key"])
        audit.note("signing-key.retire", society_id=society_id, subject_id=row.pk, number=row.number)


def _made(society: Society) -> SigningKey:
    number, now = SigningKey.objects.filter(society=society).count() + 1, clock.now()
    certificate, private_key = signing_keys.make(
        society_name=society.registered_name, register_number=society.register_number, number=number, at=now
    )
    row = SigningKey.objects.create(
        society=society, number=number, certificate=certificate, private_key=private_key, valid_from_at=now
    )
    audit.note("signing-key.make", society_id=society.pk, subject_id=row.pk, number=number)
    return row
