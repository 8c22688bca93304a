"""Twelve ways in which the keeper of the database might falsify the books, with every trigger and constraint off.

Each is found and located. The last ones leave the database whole in itself: only what was printed and sent away
before shows them.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from common import clock, merkle
from compliance import canonical, certificate_pdf, checking, signing
from compliance import signing_keys as keys_of_compliance
from compliance.models import Certificate
from members import books, chain, ledger, seals, signing_keys
from members.models import LedgerEntry, LedgerSeal
from offers.models import Society
from tests import worlds
from tests.factories import close_and_decide, make_offer, make_society, paid

pytestmark = pytest.mark.xdist_group("books")
HERE = "(SELECT id FROM offers_society WHERE slug = 'drill')"
ENTRY = f"UPDATE members_ledgerentry SET {{}} WHERE seq = {{}} AND society_id = {HERE}"


def a_year() -> list[str]:
    """Founders, a seal, an allotment, a seal; another society beside it. What was sent out: one line a seal."""
    society = make_society(slug="drill")
    seals.seal(society)
    for number in (1, 2):
        with clock.stopped(clock.now() + timedelta(days=100 * number)):
            offer = make_offer(society, slug=f"offer-{number}")
            paid(offer, 2_000_00)
            paid(offer, 3_000_00)
            close_and_decide(offer)
        with clock.stopped(LedgerEntry.objects.latest("recorded_at").recorded_at + timedelta(days=1)):
            seals.seal(society)
    seals.seal(make_society(slug="drill-beside"))
    return [seals.line(society, seal) for seal in LedgerSeal.objects.filter(society=society).order_by("number")]


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), worlds.owned():
        lines = a_year()
        worlds.take_the_fences_down()
        yield lines


@pytest.fixture(autouse=True)
def undone(kept):
    with worlds.undone():
        yield


def found(kept: list[str] = ()) -> list[tuple[str, str]]:
    """Everything that the recount says, as (subject, what is wrong)."""
    return [(fault.subject, fault.wrong) for fault in [*books.faults(), *books.faults_against(kept)]]


def test_the_books_are_right_before_the_drill(kept):
    assert len(kept) == 3
    assert found(kept) == []


def write_anew(society: Society, *, from_seq: int = 1, to_seq: int | None = None) -> None:
    """Every entry's hash computed again from what now stands in it, then the numbering and every seal."""
    before = bytes(LedgerEntry.objects.get(society=society, seq=from_seq - 1).hash) if from_seq > 1 else bytes(32)
    entries = LedgerEntry.objects.filter(society=society, seq__gte=from_seq).select_related("certificate", "reverses")
    for entry in entries.order_by("seq"):
        entry.previous_hash = before
        number = entry.certificate.number if entry.certificate else None
        parties = list(entry.interests.values_list("party_id", flat=True))
        before = ledger.hash_of(entry, certificate_number=number, party_ids=parties)
        worlds.run(
            "UPDATE members_ledgerentry SET hash = %(hash)s, previous_hash = %(previous)s WHERE id = %(id)s",
            params={"hash": before, "previous": bytes(entry.previous_hash), "id": entry.pk},
        )
    last = LedgerEntry.objects.filter(society=society).order_by("-seq").first()
    worlds.run(
        "UPDATE members_numbering SET last_hash = %(hash)s, last_seq = %(seq)s WHERE society_id = %(society)s",
        params={"hash": bytes(last.hash), "seq": last.seq, "society": society.pk},
    )


def seal_anew(society: Society) -> None:
    """Every seal's root and hash computed again over what now stands there."""
    hashes, before = list(seals.entry_hashes(society.pk)), chain.NOTHING_BEFORE
    for seal in LedgerSeal.objects.filter(society=society).order_by("number"):
        values = {
            "society_id": society.pk,
            "number": seal.number,
            "entries": seal.entries,
            "head_hash": hashes[seal.entries - 1],
            "root": merkle.root(hashes[: seal.entries]),
            "sealed_at": seal.sealed_at,
            "previous_hash": before,
        }
        before = seals.hash_of(**values)
        worlds.run(
            "UPDATE members_ledgerseal SET head_hash = %(head_hash)s, root = %(root)s,"
            " previous_hash = %(previous_hash)s, hash = %(hash)s"
            " WHERE society_id = %(society_id)s AND number = %(number)s",
            params=values | {"hash": before},
        )


def test_1_a_sum_is_changed():
    worlds.run(ENTRY.format("shares = shares + 1, amount_pence = amount_pence + 100", 4))
    assert ("entry 4", "its fields are not those it was recorded with") in found()


def test_2_a_day_is_changed():
    worlds.run(ENTRY.format("effective_on = effective_on - 30", 5))
    assert ("entry 5", "its fields are not those it was recorded with") in found()


def test_3_an_entry_is_taken_out_of_the_middle():
    worlds.run(
        "DELETE FROM members_entryinterest WHERE entry_id ="
        f" (SELECT id FROM members_ledgerentry WHERE seq = 5 AND society_id = {HERE})",
        f"DELETE FROM members_ledgerentry WHERE seq = 5 AND society_id = {HERE}",
    )
    assert ("entry 6", "entry 5 is missing before it") in found()


def cut_off_the_last() -> None:
    """The last entry goes with everything that counts it, so that the chain by itself is whole."""
    last = f"(SELECT id FROM members_ledgerentry WHERE seq = 7 AND society_id = {HERE})"
    worlds.run(
        f"UPDATE offers_exposure SET held_pence = held_pence - 300000 WHERE party_id IN"
        f" (SELECT party_id FROM members_entryinterest WHERE entry_id = {last})",
        f"DELETE FROM members_entryinterest WHERE entry_id = {last}",
        f"DELETE FROM members_ledgerentry WHERE id = {last}",
        f"UPDATE members_numbering SET last_seq = 6, last_hash ="
        f" (SELECT hash FROM members_ledgerentry WHERE seq = 6 AND society_id = {HERE}) WHERE society_id = {HERE}",
    )


def test_4_the_end_is_cut_off():
    cut_off_the_last()
    assert ("seal 3", "is over 7 entries, and 6 stand there") in found()


def test_5_an_entry_is_slipped_in_with_an_earlier_day():
    worlds.run(
        f"UPDATE members_ledgerentry SET seq = seq + 100 WHERE seq >= 5 AND society_id = {HERE}",
        f"UPDATE members_ledgerentry SET seq = seq - 99 WHERE seq > 100 AND society_id = {HERE}",
        f"CREATE TEMPORARY TABLE slipped AS SELECT * FROM members_ledgerentry WHERE seq = 4 AND society_id = {HERE}",
        "UPDATE slipped SET id = gen_random_uuid(), seq = 5, application_id = NULL, certificate_id = NULL,"
        " effective_on = effective_on - 50, hash = sha256(hash), previous_hash = hash",
        "INSERT INTO members_ledgerentry SELECT * FROM slipped",
        f"UPDATE members_numbering SET last_seq = 8 WHERE society_id = {HERE}",
    )
    said = found()
    assert ("entry 5", "its fields are not those it was recorded with") in said
    assert ("entry 6", "does not follow the entry before it") in said


def test_6_two_entries_change_places():
    for seq, to in ((4, 100), (5, 4), (100, 5)):
        worlds.run(ENTRY.format(f"seq = {to}", seq))
    said = found()
    assert ("entry 4", "does not follow the entry before it") in said
    assert ("entry 5", "its fields are not those it was recorded with") in said


def test_7_an_entry_is_moved_to_another_society():
    beside = "(SELECT id FROM offers_society WHERE slug = 'drill-beside')"
    worlds.run(ENTRY.format(f"society_id = {beside}, seq = 4", 7))
    said = found()
    assert ("entry 4", "its fields are not those it was recorded with") in said
    assert any(subject.startswith("members_ledgerentry") and "of another society" in wrong for subject, wrong in said)
    assert ("seal 3", "is over 7 entries, and 6 stand there") in said


def test_8_a_name_is_changed():
    worlds.run(
        f"UPDATE members_particulars SET name = 'Somebody Else' WHERE name = 'Founder 1' AND society_id = {HERE}"
    )
    assert any(s == "member 1" and wrong.endswith("is not what was recorded") for s, wrong in found())


def test_9_an_old_backup_is_played_back(kept):
    """The database of the day before the last seal, whole in itself: only what was sent out shows it."""
    cut_off_the_last()
    worlds.run(f"DELETE FROM members_ledgerseal WHERE number = 3 AND society_id = {HERE}")
    assert ("seal 3", "was sent out, and there is no such seal now") in found(kept)
    assert ("seal 3", "was sent out, and there is no such seal now") not in found()


def test_10_everything_is_hashed_anew(kept):
    """The chain fits again; the seals do not. With the seals made anew the paper of a later certificate does not."""
    society = Society.objects.get(slug="drill")
    worlds.run(ENTRY.format("effective_on = effective_on - 1", 1))
    write_anew(society)
    said = found()
    assert not [subject for subject, _wrong in said if subject.startswith("entry")]
    assert ("seal 1", "the entries that it is over have been changed") in said
    seal_anew(society)
    assert ("certificate 1", "seal 1 is not the one that is printed on it") in found()
    assert {("seal 1", "is not the one that was sent out"), ("seal 3", "is not the one that was sent out")} <= set(
        found(kept)
    )


def test_11_a_seal_is_edited():
    worlds.run(rf"UPDATE members_ledgerseal SET root = '\x01' WHERE number = 1 AND society_id = {HERE}")
    said = found()
    assert ("seal 1", "its fields are not those it was made with") in said
    assert ("seal 1", "the entries that it is over have been changed") in said
    assert ("certificate 1", "seal 1 is not the one that is printed on it") in said


def test_11_a_seal_is_taken_out():
    worlds.run(f"DELETE FROM members_ledgerseal WHERE number = 2 AND society_id = {HERE}")
    assert ("seal 3", "seal 2 is missing before it") in found()


def test_12_what_a_certificate_says_is_edited():
    worlds.run(
        "UPDATE compliance_certificate SET facts = jsonb_set(facts, '{holder,name}', '\"Eve\"')"
        f" WHERE number = 1 AND society_id = {HERE}"
    )
    assert ("certificate 1", "its facts are not those it was issued with") in found()


def test_12_what_a_certificate_says_is_edited_and_hashed_anew(kept):
    """The row fits itself again; the file that the member has carries the society's signature, and says otherwise."""
    certificate, file = a_file()
    facts = certificate.facts | {"shares": certificate.facts["shares"] * 10}
    worlds.run(
        "UPDATE compliance_certificate SET facts = %(facts)s, facts_sha256 = %(hash)s WHERE id = %(id)s",
        params={"facts": json.dumps(facts), "hash": canonical.sha256(facts), "id": certificate.pk},
    )
    assert checking.look_at(file).result == "otherwise"


def a_file():
    """A certificate, and its file as a member gets it."""
    certificate = Certificate.objects.get(society__slug="drill", number=1)
    return certificate, signing_keys.signed_file(certificate)


def test_12_the_file_of_a_certificate_is_edited(kept):
    """Another name put into the file in the place of the holder's, each time anew with all hashes that a PDF has."""
    certificate, file = a_file()
    assert checking.look_at(file) == checking.Finding("signed", certificate, 1, True)
    eve = certificate.facts | {"holder": certificate.facts["holder"] | {"name": "Eve"}}
    drawn = certificate_pdf.draw(eve, token=certificate.token)
    assert checking.look_at(drawn).result == "changed"
    with_old_signature = drawn + file[len(certificate_pdf.draw(certificate.facts, token=certificate.token)) :]
    assert checking.look_at(with_old_signature).result == "changed"
    stranger = keys_of_compliance.make(
        society_name="The drill", register_number=certificate.society.register_number, number=1, at=clock.now()
    )
    by_another = signing.signed(drawn, keys_of_compliance.ready(*stranger), at=clock.now())
    assert checking.look_at(by_another).result == "changed"
    for at in range(0, len(file), len(file) // 60):
        edited = file[:at] + bytes([file[at] ^ 4]) + file[at + 1 :]
        assert not checking.look_at(edited).is_ours, at


@pytest.mark.parametrize("line", ["no seal at all", "RS1 one 2 ff", "RS1 1 2", "RS1 1 2 ff ff"])
def test_a_file_that_holds_something_else_is_said_to(line):
    assert found([line, "", "  "]) == [("the file", f"this is no line of a seal: {line}")]
