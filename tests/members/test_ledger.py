"""The ledger: one line of entries for each society, written once, each holding the hash of the one before."""

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from common import clock
from common.append_only import AppendOnlyError
from members import books, chain, holdings, ledger
from members.models import LedgerEntry, Member, Numbering
from offers.models import Exposure
from tests.factories import close_and_decide, make_offer, make_society, make_user, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    offer = make_offer()
    for _ in range(3):
        paid(offer, 500_00)
    close_and_decide(offer)
    with clock.stopped(clock.now() + timedelta(days=100)):
        yield LedgerEntry.objects.filter(offer=offer).first()


def test_entries_count_up_without_gaps_and_chain(entry):
    rows = list(LedgerEntry.objects.filter(society=entry.society).order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5, 6]
    assert bytes(rows[0].previous_hash) == chain.NOTHING_BEFORE
    assert all(bytes(b.previous_hash) == bytes(a.hash) for a, b in pairwise(rows))


def test_the_encoding_is_what_the_documentation_says():
    """A golden vector, computed here from the description alone (docs/ledger.md)."""
    fields = dict(
        society_id="s", seq=1, member_id="m", share_class_id="c", kind="allotment", shares=5, amount_pence=500,
        effective_on=datetime(2026, 1, 2).date(), recorded_at=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        recorded_by_id=None, offer_id="o", application_id=None, certificate_number=7, reverses_seq=None,
        authority="Board £", party_ids=["q", "p"], particulars_commitment=b"\x01", previous_hash=bytes(32),
    )  # fmt: skip
    texts = ["toad-lane/ledger-entry/v1", "s", "1", "m", "c", "allotment", "5", "500", "2026-01-02",
             "2026-01-02T03:04:05.000006Z", "", "o", "", "7", "", "Board £", "p,q", "01", "00" * 32]  # fmt: skip
    raw = b"".join(len(text.encode()).to_bytes(4, "big") + text.encode() for text in texts)
    assert chain.entry_hash(**fields) == hashlib.sha256(raw).digest()


def test_no_two_entries_have_the_same_bytes():
    assert chain.encode("d", ["ab", "c"]) != chain.encode("d", ["a", "bc"])
    with pytest.raises(TypeError, match="no floats"):
        chain.encode("d", [1.5])


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except (DatabaseError, AppendOnlyError):
        return True
    return False


def sql(statement: str):
    def run():
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_ledgerentry SET shares = shares + 1",
        "DELETE FROM members_ledgerentry",
        "TRUNCATE members_ledgerentry CASCADE",
        "ALTER TABLE members_ledgerentry DISABLE TRIGGER ALL",
        "DROP TABLE members_ledgerentry CASCADE",
        "SET pgtrigger.ignore = '{all}'; UPDATE members_ledgerentry SET shares = 1",
    ],
)
def test_the_role_of_the_site_may_not_touch_what_is_written(entry, statement):
    assert refused(sql(statement))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_ledgerentry SET shares = 1",
        "DELETE FROM members_ledgerentry",
        "TRUNCATE members_ledgerentry CASCADE",
    ],
)
def test_the_triggers_refuse_the_owner_too(as_owner, statement):
    make_society()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="is append-only"):
        as_owner.execute(statement)


def test_the_model_refuses_before_the_database_does(entry):
    for change in (
        entry.save,
        entry.delete,
        lambda: LedgerEntry.objects.update(shares=1),
        LedgerEntry.objects.all().delete,
    ):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 9},  # a gap
        {"previous_hash": bytes(32)},  # a fork
        {"seq": 3},  # a place that is taken
        {"recorded_at": datetime(2020, 1, 1, tzinfo=UTC)},  # before the one before it
        {"shares": -1},  # signs that differ
        {"shares": 0, "amount_pence": 0},
        {"kind": "reversal"},  # of nothing
        {"shares": -5, "amount_pence": -500},  # an allotment that takes away
    ],
)
def test_the_table_refuses_an_entry_that_does_not_follow(entry, change):
    last = LedgerEntry.objects.filter(society=entry.society).order_by("seq").last()
    fields = {name: getattr(last, name) for name in (
        "society_id", "member_id", "share_class_id", "kind", "shares", "amount_pence", "effective_on", "recorded_at",
        "authority", "particulars_commitment")}  # fmt: skip
    fields |= {"seq": last.seq + 1, "previous_hash": bytes(last.hash), "hash": bytes(31) + b"\x01"}
    assert refused(lambda: LedgerEntry.objects.create(**fields | change))
    assert not refused(lambda: LedgerEntry.objects.create(**fields))


def test_a_reversal_mirrors_its_entry_and_frees_the_caps(entry):
    party = entry.interests.get().party
    mirror = ledger.reverse(entry, reason="Entered twice by mistake.", by=make_user())
    assert (mirror.shares, mirror.reverses, mirror.authority) == (-500, entry, "Entered twice by mistake.")
    assert holdings.shares(entry.member) == 0
    assert Exposure.objects.get(party=party).held_pence == 0


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reversal_needs_a_reason(entry, reason):
    with pytest.raises(ValidationError, match="Say why"):
        ledger.reverse(entry, reason=reason, by=make_user())


FIELDS = ("society_id", "member_id", "share_class_id", "effective_on", "authority", "particulars_commitment")


def test_an_entry_is_reversed_once_and_a_reversal_never(entry):
    mirror = ledger.reverse(entry, reason="Wrong.", by=make_user())
    with pytest.raises(ValidationError, match="reversed already"):
        ledger.reverse(entry, reason="Wrong.", by=make_user())
    with pytest.raises(ValidationError, match="A reversal is not reversed"):
        ledger.reverse(mirror, reason="Wrong.", by=make_user())


def test_a_reversal_that_is_no_mirror_is_refused_by_the_table(entry):
    numbers = Numbering.objects.get(society=entry.society)
    fields = {name: getattr(entry, name) for name in FIELDS}
    last = LedgerEntry.objects.filter(society=entry.society).order_by("seq").last()
    fields |= {"seq": last.seq + 1, "previous_hash": bytes(numbers.last_hash), "hash": bytes(32), "kind": "reversal",
               "recorded_at": last.recorded_at, "reverses": entry}  # fmt: skip
    assert refused(lambda: LedgerEntry.objects.create(**fields, shares=-499, amount_pence=-499_00))


def test_a_holding_is_the_sum_on_a_day_as_known_at_a_moment(entry):
    before = entry.recorded_at
    ledger.reverse(entry, reason="Wrong.", by=make_user())
    assert holdings.held_pence(entry.member, on=entry.effective_on, known_at=before) == 500_00
    assert holdings.held_pence(entry.member, on=entry.effective_on) == 0


def test_a_clock_that_stands_behind_never_makes_recorded_time_run_back(entry):
    with clock.stopped(entry.recorded_at - timedelta(days=1)):
        assert ledger.reverse(entry, reason="Wrong.", by=make_user()).recorded_at == entry.recorded_at


def test_founders_hold_one_share_each_and_the_books_are_right():
    society = make_society()
    members = Member.objects.filter(society=society).order_by("number")
    assert [(member.number, holdings.shares(member)) for member in members] == [(1, 1), (2, 1), (3, 1)]
    assert list(books.faults()) == []
