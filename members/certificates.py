"""Issuing certificates: numbers without gaps, one for each holder of an allotment, a new one for one that is lost."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, outbox
from compliance import certificates
from compliance.models import Certificate
from members import numbering, seals
from members.ledger import Posting
from members.models import LedgerEntry, Numbering, Particulars
from offers.models import ShareOffer, Society


def numbered(postings: Sequence[Posting], numbers: Numbering) -> list[Posting]:
    """The postings with their certificates' numbers: the next free one for each member, in order of appearance."""
    taken: dict[uuid.UUID, int] = {}
    for posting in postings:
        if posting.member.pk not in taken:
            numbers.last_certificate += 1
            taken[posting.member.pk] = numbers.last_certificate
    return [replace(posting, certificate_number=taken[posting.member.pk]) for posting in postings]


def issue(
    offer: ShareOffer,
    postings: Sequence[Posting],
    entries: Sequence[LedgerEntry],
    said: dict[uuid.UUID, Particulars],
    *,
    on: date,
) -> dict[int, Certificate]:
    """Write one certificate for each number in the postings, over all its entries; by number."""
    behind: dict[int, list[tuple[Posting, LedgerEntry]]] = defaultdict(list)
    for posting, entry in zip(postings, entries, strict=True):
        behind[posting.certificate_number].append((posting, entry))
    society, seal = society_facts(offer.society), seals.printed(offer.society_id)
    drafts = [
        certificates.draft(
            society_id=offer.society_id,
            member=parts[0][0].member,
            issued_on=on,
            facts=_facts(number, parts, society, said[parts[0][0].member.pk], offer, on, seal),
        )
        for number, parts in behind.items()
    ]
    return {certificate.number: certificate for certificate in Certificate.objects.bulk_create(drafts, batch_size=500)}


def _facts(
    number, parts, society: dict, particulars: Particulars, offer: ShareOffer, on: date, seal: dict | None
) -> dict:
    share_class = offer.share_class
    return certificates.facts_of(
        number=number,
        society=society,
        holder=_holder(particulars),
        share_class={"name": share_class.name, "nominal_pence": share_class.nominal_pence},
        shares=sum(posting.shares for posting, _entry in parts),
        amount_pence=sum(posting.amount_pence for posting, _entry in parts),
        issued_on=on,
        member_number=parts[0][0].member.number,
        entries=[{"seq": entry.seq, "hash": entry.hash.hex()} for _posting, entry in parts],
        offer_title=offer.title,
        seal=seal,
    )


def _holder(particulars: Particulars) -> dict:
    return {
        "name": particulars.name,
        "joint_names": [name for name in particulars.joint_names.split("; ") if name],
        "address": particulars.address,
        "postcode": particulars.postcode,
    }


@transaction.atomic
def replace_by_new(certificate: Certificate, *, reason: str, by) -> Certificate:
    """A new certificate for the same shares, in place of one that is lost, spoilt or in a former name.

    It has the next number and says who the register names today; the old one ends as replaced, and the member is
    sent the new one. ValidationError where it stands no longer. The ledger says nothing of it: no shares move.
    """
    numbers = numbering.lock(certificate.society_id)
    if certificates.status(certificate) != "valid":
        raise ValidationError(_("Certificate %(number)s no longer stands.") % {"number": certificate.number})
    numbers.last_certificate += 1
    numbers.save(update_fields=["last_certificate"])
    today = max(clock.today(), certificate.issued_on)
    said = _on_the_register(certificate, today)
    facts = certificate.facts | {
        "wording": certificates.WORDING,
        "number": numbers.last_certificate,
        "society": society_facts(certificate.society),
        "holder": _holder(said),
        "issued_on": today.isoformat(),
        "seal": seals.printed(certificate.society_id),
        "in_place_of": certificate.number,
    }
    new = certificates.draft(society_id=certificate.society_id, member=certificate.member, facts=facts, issued_on=today)
    new.save()
    certificates.replace(certificate, by_new=new, reason=reason, by=by)
    audit.note("certificate.replace", society_id=new.society_id, subject_id=new.pk, by=by, number=new.number,
               in_place_of=certificate.number)  # fmt: skip
    outbox.post("certificate-replaced", new, to=said.email)
    return new


def _on_the_register(certificate: Certificate, day: date) -> Particulars:
    said = Particulars.objects.filter(
        society_id=certificate.society_id, member_id=certificate.member_id, effective_on__lte=day
    )
    return said.order_by("effective_on", "recorded_at").last()


def society_facts(society: Society) -> dict:
    """What a paper says of the society: name, number and office as registered, and under which Act."""
    return {
        "registered_name": society.registered_name,
        "register_number": society.register_number,
        "registered_office": society.registered_office,
        "legal_form": society.legal_form,
        "jurisdiction": society.jurisdiction,
        "act": society.law(clock.today()).act,
        "accent": society.accent,
    }
