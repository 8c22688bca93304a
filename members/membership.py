"""Entering holders on the register: a number, the day, and the particulars as they were given."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from common import clock
from compliance import caps, decisions, publishing, registers
from compliance.answers import RuleBroken, hard
from members import chain, ledger, membership_changes, numbering
from members.ledger import Posting
from members.models import LedgerEntry, Member, Numbering, Particulars
from offers import exposures, holders, rechecks
from offers.choices import PartyKind, PartyRole
from offers.holders import Applicant, PartyDetails
from offers.models import Application, Holder, HolderParty, ShareClass, Society

ACTING = (PartyRole.REPRESENTATIVE, PartyRole.ADULT)  # those who sign and are no holders themselves


@dataclass(frozen=True)
class Entry:
    """A holder to be entered, with what the register shall say of them (s.30(2)(a) and (b))."""

    holder: Holder
    name: str
    address: str
    joint_names: str = ""
    representative: str = ""
    postcode: str = ""
    country: str = "GB"
    email: str = ""
    email_purposes: str = ""


def from_application(application: Application, parts: Sequence[HolderParty]) -> Entry:
    """What an application says of its holder. `parts`: the holder's parties in order.

    A child is the member alone; the adult who holds for the child stands where a body's representative does.
    """
    holding = [part for part in parts if part.role not in ACTING]
    others = [part.party.name for part in holding[1:]]
    return Entry(
        holder=application.holder,
        name=holding[0].party.name if others else application.name,
        joint_names="; ".join(others),
        representative="; ".join(part.party.name for part in parts if part.role in ACTING),
        address=application.address,
        postcode=application.postcode,
        country=application.country,
        email=application.email,
        email_purposes=application.email_purposes,
    )


def enter(numbers: Numbering, entries: Sequence[Entry], *, on: date, by=None) -> dict[uuid.UUID, Member]:
    """Members by holder; whoever is not on the register yet is entered with the next number and their particulars.

    The caller has locked the numbering. Somebody already on it keeps their number, day and particulars; who had
    ceased is a member again.
    """
    known = {
        member.holder_id: member
        for member in Member.objects.filter(
            society_id=numbers.society_id, holder_id__in=[entry.holder.pk for entry in entries]
        )
    }
    new, returning, particulars, moment = [], [], [], clock.now()
    for entry in entries:
        if entry.holder.pk in known:
            returning.append(known[entry.holder.pk])
            continue
        numbers.last_member += 1
        member = Member(society_id=numbers.society_id, holder=entry.holder, number=numbers.last_member, entered_on=on)
        known[entry.holder.pk] = member
        new.append(member)
        particulars.append(particulars_row(member, entry, on=on, at=moment, by=by))
    membership_changes.readmit(returning, on=on, reason="Shares allotted again", by=by)
    Member.objects.bulk_create(new, batch_size=1000)
    Particulars.objects.bulk_create(particulars, batch_size=1000)
    numbers.save(update_fields=["last_member"])
    _refuse_incomplete(numbers.society_id, new, particulars)
    return known


def _refuse_incomplete(society_id: uuid.UUID, new: Sequence[Member], particulars: Sequence[Particulars]) -> None:
    """REG-1 of every new row, kept; RuleBroken, with nothing entered, where one lacks what the Act asks."""
    if not new:
        return
    law = Society.objects.get(pk=society_id).law(clock.today())
    asked = [
        (
            member.pk,
            [
                registers.row_complete(
                    has_name=bool(said.name.strip()),
                    has_address=bool(said.address.strip()),
                    has_purposes=not said.email or bool(said.email_purposes.strip()),
                    entered_on=member.entered_on,
                    allotted_on=said.effective_on,
                    rules=law,
                )
            ],
        )
        for member, said in zip(new, particulars, strict=True)
    ]
    if problems := hard(answer for _member, answers in asked for answer in answers):
        raise RuleBroken(problems[:1])
    decisions.record_many(asked, society_id=society_id, occasion="enter", rules=law)


def particulars_row(member: Member, entry: Entry, *, on: date, at, by) -> Particulars:
    """What the register shall say of a member from a day on, with its commitment; not written yet."""
    said = {
        "name": entry.name,
        "joint_names": entry.joint_names,
        "representative": entry.representative,
        "address": entry.address,
        "postcode": entry.postcode,
        "country": entry.country,
        "email": entry.email,
    }
    salt = chain.new_salt()
    return Particulars(
        society_id=member.society_id,
        member=member,
        effective_on=on,
        recorded_at=at,
        recorded_by=by,
        email_purposes=entry.email_purposes,
        salt=salt,
        commitment=chain.commitment(salt, **said),
        **said,
    )


def newest_particulars(society_id: uuid.UUID, members: Sequence[Member]) -> dict[uuid.UUID, Particulars]:
    """What the register says of each member now, by member."""
    rows = Particulars.objects.filter(society_id=society_id, member__in=members)
    return {row.member_id: row for row in rows.order_by("effective_on", "recorded_at")}


@transaction.atomic
def found(
    society: Society, founders: Sequence[PartyDetails], *, share_class: ShareClass, address: str, on: date, by=None
) -> list[Member]:
    """Enter the founding members with one share each, before any offer (2014 Act s.2(2)(b)).

    RuleBroken where they are too few (MEM-1) or one share is more than a limit allows (CAP-4, CAP-2).
    """
    numbers = numbering.lock(society.pk)
    locked = exposures.lock(society.pk, founders)
    _refuse_founders(society, founders, locked, share_class)
    parties = {identity: row.party for identity, row in locked.items()}
    entries = []
    for details in founders:
        applicant = Applicant(kind="person", parties=(details,), key=details.key)
        holder = holders.make_holder(society.pk, applicant, parties)
        entries.append(Entry(holder=holder, name=details.name, address=address, email=details.email,
                             postcode=details.postcode, email_purposes="notices" if details.email else ""))  # fmt: skip
    members = list(enter(numbers, entries, on=on, by=by).values())
    said = newest_particulars(society.pk, members)
    postings = [
        Posting(
            member=member,
            share_class=share_class,
            kind=LedgerEntry.FOUNDING,
            shares=1,
            amount_pence=share_class.nominal_pence,
            effective_on=on,
            authority="Registration of the society",
            party_ids=(parties[details.identity].pk,),
            commitment=bytes(said[member.pk].commitment),
        )
        for details, member in zip(founders, members, strict=True)
    ]
    ledger.write(numbers, ledger.chained(numbers, postings, by=by), postings)
    ledger.change_held(society.pk, {party.pk: share_class.nominal_pence for party in parties.values()})
    return members


def _refuse_founders(society: Society, founders: Sequence[PartyDetails], locked: dict, share_class: ShareClass) -> None:
    facts = rechecks.Facts.of(society)
    bodies = all(details.kind == PartyKind.REGISTERED_SOCIETY for details in founders)
    answers = [
        publishing.enough_members(members=len(founders), all_societies=bodies, rules=facts.law),
        *facts.answers(
            exposures.interests(locked.values(), ()), added_pence=share_class.nominal_pence, way=caps.FOUNDING
        ),
    ]
    if problems := hard(answers):
        raise RuleBroken(problems)
    decisions.record(answers, society_id=society.pk, subject_id=society.pk, occasion="found", rules=facts.law)
