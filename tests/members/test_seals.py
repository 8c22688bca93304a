"""Seals of the ledger: made once a day where there is something new, sent away, and refused where they do not fit."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from common import clock, merkle, outbox
from common.append_only import AppendOnlyError
from compliance.models import Certificate
from members import books, seals
from members.models import LedgerEntry, LedgerSeal, SealNotice
from offers.choices import OfficerRole
from tests.factories import close_and_decide, make_offer, make_officer, make_society, make_user, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def society():
    return make_society()


def refused(**changes):
    """What the database says to a seal that differs from what the verb would make."""
    kept = LedgerSeal.objects.latest("number")
    values = {
        "society_id": kept.society_id,
        "number": kept.number + 1,
        "entries": kept.entries + 1,
        "head_hash": bytes(kept.head_hash),
        "root": bytes(kept.root),
        "sealed_at": kept.sealed_at,
        "previous_hash": bytes(kept.hash),
    } | changes
    with pytest.raises(IntegrityError) as wrong, transaction.atomic():
        LedgerSeal.objects.create(**values, hash=seals.hash_of(**values))
    return str(wrong.value)


def test_a_seal_is_the_root_over_all_entries(society):
    sealed = seals.seal(society)
    hashes = [bytes(entry.hash) for entry in LedgerEntry.objects.filter(society=society).order_by("seq")]
    assert (sealed.number, sealed.entries) == (1, 3)
    assert bytes(sealed.root) == merkle.root(hashes)
    assert bytes(sealed.head_hash) == hashes[-1]
    assert list(books.faults()) == []


def test_nothing_new_is_sealed_once_only(society):
    assert seals.seal(society)
    assert seals.seal(society) is None
    assert seals.seal_all() == 0
    assert LedgerSeal.objects.count() == 1


def test_the_next_seal_follows_and_never_goes_back_in_time(society):
    first = seals.seal(society)
    offer = make_offer(society)
    paid(offer, 2_000_00)
    close_and_decide(offer)
    with clock.stopped(first.sealed_at - timedelta(days=2)):
        second = seals.seal(society)
    assert (second.number, second.entries, bytes(second.previous_hash)) == (2, 4, bytes(first.hash))
    assert second.sealed_at == first.sealed_at
    assert list(books.faults()) == []


def test_a_certificate_says_which_seal_was_the_last_before_it(society):
    sealed = seals.seal(society)
    offer = make_offer(society)
    paid(offer, 2_000_00)
    close_and_decide(offer)
    facts = Certificate.objects.get().facts
    assert facts["seal"] == {"number": 1, "entries": 3, "root": bytes(sealed.root).hex()}


def test_secretaries_and_auditors_get_each_seal_once(society):
    secretary = make_officer(society)
    make_officer(society, OfficerRole.AUDITOR, user=secretary)
    auditor = make_officer(society, OfficerRole.AUDITOR)
    make_officer(society, OfficerRole.TREASURER)
    make_officer(make_society())
    sealed = seals.seal(society)
    assert SealNotice.objects.count() == 2
    assert outbox.send_due() == 2
    assert {address for message in mail.outbox for address in message.to} == {secretary.email, auditor.email}
    line = f"{society.register_number} 1 3 {bytes(sealed.root).hex()}"
    for message in mail.outbox:
        assert line in message.body.splitlines()
        assert f"/societies/{society.slug}/ledger/" in message.body


def test_a_seal_is_never_changed_or_deleted(society):
    sealed = seals.seal(society)
    with pytest.raises(AppendOnlyError):
        sealed.save()
    with pytest.raises(AppendOnlyError):
        LedgerSeal.objects.all().delete()


def test_the_database_refuses_a_seal_that_does_not_follow(society):
    seals.seal(society)
    assert "does not follow" in refused(number=3)
    assert "does not follow" in refused(previous_hash=bytes(32))
    assert "does not follow" in refused(entries=3)
    assert "does not follow" in refused(sealed_at=clock.now() - timedelta(days=1))
    assert "is not over the entries" in refused()
    assert "is not over the entries" in refused(number=1, previous_hash=bytes(32), entries=2)


class TestThePage:
    def test_it_says_whether_a_seal_is_ours(self, client, society):
        sealed = seals.seal(society)
        address, root = f"/societies/{society.slug}/ledger/", bytes(sealed.root).hex()
        assert root in client.get(address).content.decode()
        for typed in (root, root[:16].upper(), f" {root[:8]} {root[8:20]} "):
            assert "The seal is ours" in client.get(address, {"root": typed}).content.decode()
        other = ("0" if root[0] != "0" else "1") + root[1:]
        assert "We know no such seal" in client.get(address, {"root": other}).content.decode()

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("", "Enter the figures and letters of a seal."),
            ("abc", "at least the first 16"),
            ("zz" * 10, "only the figures 0 to 9"),
        ],
    )
    def test_what_is_no_seal_is_told_at_the_field_and_kept(self, client, society, typed, words):
        page = client.get(f"/societies/{society.slug}/ledger/", {"root": typed}).content.decode()
        assert page.count(words) == 2  # in the summary and at the field
        assert f'value="{typed}"' in page or not typed

    def test_another_societys_seal_is_not_ours(self, client, society):
        root = bytes(seals.seal(make_society()).root).hex()
        seals.seal(society)
        assert (
            "We know no such seal" in client.get(f"/societies/{society.slug}/ledger/", {"root": root}).content.decode()
        )

    def test_all_seals_can_be_kept_as_text(self, client, society):
        sealed = seals.seal(society)
        text = client.get(f"/societies/{society.slug}/ledger/seals.txt")
        assert text["Content-Type"] == "text/plain; charset=utf-8"
        assert text.content.decode() == seals.line(society, sealed) + "\n"
        assert list(books.faults_against(text.content.decode().splitlines())) == []

    def test_there_is_a_page_before_the_first_seal_and_none_for_no_society(self, client, society):
        assert "No seal yet" in client.get(f"/societies/{society.slug}/ledger/").content.decode()
        assert client.get(f"/societies/{society.slug}/ledger/seals.txt").content == b""
        assert client.get("/societies/nowhere/ledger/").status_code == 404
        assert client.post(f"/societies/{society.slug}/ledger/").status_code == 405

    def test_it_names_nobody(self, client, society):
        make_user(name="Secretary Somebody")
        seals.seal(society)
        assert "Founder" not in client.get(f"/societies/{society.slug}/ledger/").content.decode()
