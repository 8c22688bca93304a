"""Issuing certificates for ledger entries: numbers without gaps, one for each holder of an allotment."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from common import clock
from compliance import certificates
from compliance.models import Certificate
from members import seals
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
        holder={
            "name": particulars.name,
            "joint_names": [name for name in particulars.joint_names.split("; ") if name],
            "address": particulars.address,
            "postcode": particulars.postcode,
        },
        share_class={"name": share_class.name, "nominal_pence": share_class.nominal_pence},
        shares=sum(posting.shares for posting, _entry in parts),
        amount_pence=sum(posting.amount_pence for posting, _entry in parts),
        issued_on=on,
        member_number=parts[0][0].member.number,
        entries=[{"seq": entry.seq, "hash": entry.hash.hex()} for _posting, entry in parts],
        offer_title=offer.title,
        seal=seal,
    )


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
