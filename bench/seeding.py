"""A society with as many members as a measurement asks for, written by COPY as the tables' owner.

The books are whole: entries are numbered and chained and their commitments fit, so `verify_books` finds no fault
in them. Only the triggers rest while they are written, because they look at one row after another.
"""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg
from django.db import connection, connections

from common import ids
from members import chain
from members.models import Numbering
from offers.models import RuleBook, ShareClass, Society

ENTRIES_EACH = 3
FIRST_DAY = date(2020, 1, 6)
FIRST = [
    "Ada",
    "Ben",
    "Cara",
    "Dilys",
    "Evan",
    "Fatima",
    "Grace",
    "Huw",
    "Imogen",
    "Jamal",
    "Kit",
    "Leila",
    "Mair",
    "Noor",
    "Owen",
    "Priya",
    "Rhys",
    "Sian",
    "Tom",
    "Una",
]
LAST = [
    "Ash",
    "Bevan",
    "Clarke",
    "Davies",
    "Evans",
    "Fox",
    "Gill",
    "Hughes",
    "Iqbal",
    "Jones",
    "Khan",
    "Lloyd",
    "Moore",
    "Nash",
    "Owen",
    "Price",
    "Quinn",
    "Rees",
]
STREETS = ["High Street", "Mill Lane", "Church Road", "Low Street", "Station Road", "Marlpit Lane"]

MEMBERS = {
    "offers_party": ("id", "society_id", "kind", "name", "identity", "email", "telephone", "registered_as"),
    "offers_exposure": ("id", "society_id", "party_id", "held_pence", "live_pence"),
    "offers_holder": ("id", "society_id", "kind", "identity", "people"),
    "offers_holderparty": ("id", "society_id", "holder_id", "party_id", "role", "position"),
    "members_member": ("id", "society_id", "holder_id", "number", "entered_on"),
    "members_particulars": (
        "id", "society_id", "member_id", "effective_on", "recorded_at", "name", "joint_names", "representative",
        "address", "postcode", "country", "email", "email_purposes", "salt", "commitment",
    ),
}  # fmt: skip
ENTRIES = {
    "members_ledgerentry": (
        "id", "society_id", "seq", "member_id", "share_class_id", "kind", "shares", "amount_pence", "effective_on",
        "recorded_at", "authority", "particulars_commitment", "previous_hash", "hash",
    ),
    "members_entryinterest": ("id", "society_id", "entry_id", "party_id"),
}  # fmt: skip


def society(*, members: int, slug: str = "measured", nominal_pence: int = 100) -> Society:
    """A society with that many members of three entries each, entered over a thousand days from FIRST_DAY on."""
    made = _society(slug)
    share_class = ShareClass.objects.create(society=made, name="Ordinary shares", nominal_pence=nominal_pence)
    numbers = random.Random(members)
    rows = {table: [] for table in (*MEMBERS, *ENTRIES)}
    people = [_member(rows, made, number, members, numbers) for number in range(1, members + 1)]
    last = _entries(rows, made, share_class, people)
    _write(rows)
    Numbering.objects.create(
        society=made, last_member=members, last_seq=last["seq"], last_hash=last["hash"], last_recorded_at=last["at"]
    )
    return made


def society_made_apart(*, members: int, slug: str = "measured") -> Society:
    """The same, made by another process, so that this one's memory is as it was before."""
    connections.close_all()
    maker = multiprocessing.get_context("fork").Process(target=society, kwargs={"members": members, "slug": slug})
    maker.start()
    maker.join()
    return Society.objects.get(slug=slug)


def _society(slug: str) -> Society:
    made = Society.objects.create(
        registered_name=f"{slug.title()} Community Shop Limited",
        slug=slug,
        register_number=f"RS{sum(map(ord, slug)):06}",
        legal_form="community-benefit",
        jurisdiction="GB-ENG",
        registered_office="1 High Street\nMarlpit\nNR11 7LG",
        year_end_month=3,
        year_end_day=31,
        asset_lock="statutory",
        email="secretary@marlpit.example",
        registered_on=FIRST_DAY - timedelta(days=30),
    )
    RuleBook.objects.create(society=made, valid_from_on=made.registered_on, max_holding_pence=100_000_00)
    return made


def _member(rows: dict, made: Society, number: int, members: int, numbers: random.Random) -> tuple:
    """One person as party, holder and member; (member, party, commitment, day, first amount in pence)."""
    party, holder, member = ids.uuid7(), ids.uuid7(), ids.uuid7()
    name = f"{numbers.choice(FIRST)} {numbers.choice(LAST)} {number}"
    address = f"{numbers.randint(1, 200)} {numbers.choice(STREETS)}\nMarlpit\nNorfolk"
    postcode, email = f"NR{numbers.randint(1, 35)} {numbers.randint(1, 9)}LG", f"member{number}@example.org"
    day = FIRST_DAY + timedelta(days=number * 1000 // members)
    said = {"name": name, "joint_names": "", "representative": "", "address": address, "postcode": postcode,
            "country": "GB", "email": email}  # fmt: skip
    salt = number.to_bytes(16, "big")
    commitment = chain.commitment(salt, **said)
    amount_pence = numbers.randint(1, 50) * 100_00
    held = amount_pence * ENTRIES_EACH
    rows["offers_party"].append((party, made.pk, "person", name, f"p{number}", email, "", ""))
    rows["offers_exposure"].append((ids.uuid7(), made.pk, party, held, 0))
    rows["offers_holder"].append((holder, made.pk, "person", f"h{number}", 1))
    rows["offers_holderparty"].append((ids.uuid7(), made.pk, holder, party, "holder", 1))
    rows["members_member"].append((member, made.pk, holder, number, day))
    rows["members_particulars"].append(
        (ids.uuid7(), made.pk, member, day, _moment(day), *said.values(), "notices", salt, commitment)
    )
    return member, party, commitment, day, amount_pence


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _entries(rows: dict, made: Society, share_class: ShareClass, people: Iterable[tuple]) -> dict:
    """Three rounds of entries, one for each member in each, chained; the last one's number, hash and moment."""
    seq, before, at = 0, chain.NOTHING_BEFORE, _moment(FIRST_DAY)
    for turn in range(ENTRIES_EACH):
        for member, party, commitment, day, amount_pence in people:
            seq += 1
            on = day + timedelta(days=500 * turn)
            at = max(at, _moment(on))
            shares, kind, authority = amount_pence // share_class.nominal_pence, "founding", "Seeded for a measurement"
            digest = chain.entry_hash(
                society_id=made.pk, seq=seq, member_id=member, share_class_id=share_class.pk, kind=kind, shares=shares,
                amount_pence=amount_pence, effective_on=on, recorded_at=at, recorded_by_id=None, offer_id=None,
                application_id=None, certificate_number=None, reverses_seq=None, authority=authority,
                party_ids=[party], particulars_commitment=commitment, previous_hash=before,
            )  # fmt: skip
            entry = ids.uuid7()
            rows["members_ledgerentry"].append(
                (entry, made.pk, seq, member, share_class.pk, kind, shares, amount_pence, on, at, authority,
                 commitment, before, digest)
            )  # fmt: skip
            rows["members_entryinterest"].append((ids.uuid7(), made.pk, entry, party))
            before = digest
    return {"seq": seq, "hash": before, "at": at}


def _write(rows: dict) -> None:
    """Copy the rows in as the owner, whose triggers may rest for it; then count them for the planner."""
    with psycopg.connect(**connections["owner"].get_connection_params()) as owner, owner.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname) FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%'")
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s::text[]::text, true)", [cursor.fetchone()[0]])
        for table, columns in {**MEMBERS, **ENTRIES}.items():
            _copy(cursor, table, columns, rows[table])
    with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    connection.close()


def _copy(cursor, table: str, columns: tuple[str, ...], rows: Iterator[tuple]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
