"""Every download of the table: each in every kind of file, sealed, made again to the same bytes, and compared."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pikepdf
import pytest

from common import clock, exports
from members import ledger, membership_changes, other_property, seal_changes, sealed_downloads
from members.models import LedgerEntry, Member, SealedDownload
from members.officers_register import Told, enter
from members.register import BY_NAME, DOWNLOADS, Options
from members.register.members_table import IN_COLUMNS, IN_ROWS, SHORT
from tests.factories import make_user
from tests.members.test_register import DAY, member, offer  # noqa: F401 -- the fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def society(offer):  # noqa: F811
    """Ada 500, Ben and Cat 300, Dan 400 who left five days ago; a chair; a loan of Ada's."""
    membership_changes.cease(member("Dan Hill"), on=clock.today() - 5 * DAY, reason="Moved away", by=None)
    chair = Told(name="Eve Moss", address="3 Lane\nMarlpit", office="Chair", took_office_on=clock.today() - 9 * DAY)
    enter(offer.society, chair, by=None)
    other_property.record(member("Ada Lovelace"), kind="loan", description="A loan", amount_pence=1_250_00,
                          on=clock.today() - DAY, by=None)  # fmt: skip
    return offer.society


def asked(**options) -> Options:
    return Options(**{"on": clock.today(), "known_at": clock.now()} | options)


def rows(what: str, society, **options) -> list[dict]:
    return exports.rows(BY_NAME[what].made(society, asked(**options)))


def taken(what: str, kind: str, society, **options) -> tuple[SealedDownload, bytes]:
    ends = sealed_downloads.head(society)
    said = asked(known_at=ends.known_at, **options)
    sealed, file = sealed_downloads.take(BY_NAME[what], kind, society, said, ends=ends, by=make_user())
    with file:
        return sealed, file.read()


TABLES = [download for download in DOWNLOADS if not download.own]
FOUR = ("csv", "xlsx", "pdf", "json")


@pytest.mark.parametrize("download", TABLES, ids=lambda download: download.name)
def test_every_download_comes_in_every_kind_of_file_and_says_the_same(society, download):
    files = {kind: taken(download.name, kind, society)[1] for kind in FOUR}
    number = exports.count(download.made(society, asked()))
    headings = [column.heading for column in download.made(society, asked()).columns]
    as_csv = list(csv.reader(io.StringIO(files["csv"].decode(), newline="")))
    assert (as_csv[0], len(as_csv)) == (headings, number + 1)
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    assert (book.active.max_row, book.active.max_column) == (number + 1, len(headings))
    said = json.loads(files["json"])
    assert (said["download"], len(said["rows"])) == (download.name, number)
    assert set(download.printed) - {"joint_holders"} <= set(headings)
    with pikepdf.open(io.BytesIO(files["pdf"])) as paper:
        assert len(paper.pages) == 1


@pytest.mark.parametrize("kind", FOUR)
def test_a_seal_says_what_was_taken_and_the_same_question_gives_the_same_bytes(society, kind):
    sealed, content = taken("register", kind, society)
    assert hashlib.sha256(content).hexdigest() == sealed.sha256
    assert (sealed.rows, sealed.totals) == (5, {"shares_held": 803, "amount_paid": 803_00})
    assert sealed.size == len(content)
    last = LedgerEntry.objects.filter(society=society).last()
    assert (sealed.head_seq, sealed.head_hash) == (last.seq, bytes(last.hash).hex())
    with clock.stopped(clock.now() + 30 * DAY):
        ledger.reverse(LedgerEntry.objects.get(member=member("Ada Lovelace")), reason="Twice.", by=make_user())
        other_property.record(member("Ada Lovelace"), kind="deposit", description="More", amount_pence=5_00,
                              on=clock.today() - 30 * DAY, by=None)  # fmt: skip
        file, same = sealed_downloads.again(sealed)
        with file:
            assert same is True
            assert file.read() == content


def test_two_downloads_are_compared_row_by_row(society):
    earlier, _csv = taken("register", "csv", society, on=clock.today() - 6 * DAY)
    later, _json = taken("register", "json", society)
    found = seal_changes.between(earlier, later)
    assert found.numbers == {"added": 0, "gone": 1, "changed": 1}
    assert [row.said["name"] for row in found.gone] == ["Dan Hill"]
    assert [(row.said["name"], row.changed) for row in found.changed] == [
        ("Ada Lovelace", {"other_property": ("none recorded", "loan £1,250.00")})
    ]
    assert found.number == 2
    assert seal_changes.between(later, later).number == 0


def test_a_head_is_the_end_of_the_ledger_and_no_later_entry_is_known_by_its_moment(society):
    ends = sealed_downloads.head(society)
    entry = ledger.reverse(LedgerEntry.objects.get(member=member("Ada Lovelace")), reason="Twice.", by=make_user())
    assert (ends.seq, entry.seq) == (6, 7)
    assert entry.recorded_at >= ends.known_at


def test_joint_holders_may_stand_in_columns_or_in_rows_and_vote_once(society):
    ben = [row for row in rows("register", society, joint=IN_COLUMNS) if row["name"] == "Ben Hall"]
    assert [(row["joint_holder_2"], row["joint_holder_3"], row["shares_held"]) for row in ben] == [
        ("Cat Hall", "", 300)
    ]
    halls = [row for row in rows("register", society, joint=IN_ROWS) if row["member_no"] == 5]
    assert [(row["holder_place"], row["name"], row["shares_held"]) for row in halls] == [
        (1, "Ben Hall", 300), (2, "Cat Hall", None)]  # fmt: skip
    assert sum(row["shares_held"] or 0 for row in rows("register", society, joint=IN_ROWS)) == 803
    assert sum(row["votes"] for row in rows("voting", society)) == 5


def test_a_class_narrows_the_register_to_who_holds_some_of_it(society):
    ordinary = LedgerEntry.objects.first().share_class
    ledger.reverse(LedgerEntry.objects.get(member=member("Ada Lovelace")), reason="Twice.", by=make_user())
    assert "Ada Lovelace" in {row["name"] for row in rows("register", society)}
    assert "Ada Lovelace" not in {row["name"] for row in rows("register", society, share_class=ordinary)}


def test_a_short_address_is_the_town(society):
    assert {row["postal_address"] for row in rows("register", society, address=SHORT)} == {"Marlpit"}


def test_the_movement_of_capital_adds_up_and_is_tied_to_the_money(society):
    day = clock.today()
    whole = rows("movement", society, on=day)[0]
    assert (whole["opening"], whole["added"], whole["closing"]) == (0, 1_203_00, 1_203_00)
    assert (whole["received_for_it"], whole["other_sources"], whole["difference"]) == (1_200_00, 3_00, 0)
    ledger.reverse(LedgerEntry.objects.get(member=member("Ada Lovelace")), reason="Twice.", by=make_user())
    decided_on = LedgerEntry.objects.get(seq=4).effective_on
    since = rows("movement", society, on=day, since=decided_on)[0]
    assert (since["opening"], since["added"], since["taken_out"], since["closing"]) == (3_00, 1_200_00, 500_00, 703_00)
    assert since["opening_shares"] + since["shares_in"] - since["shares_out"] == since["closing_shares"]


def test_the_certificate_book_says_what_became_of_each(society):
    book = rows("certificates", society)
    assert [(row["certificate_no"], row["holder_name"], row["state"]) for row in book] == [
        (1, "Ada Lovelace", "valid"), (2, "Ben Hall", "valid"), (3, "Dan Hill", "valid")]  # fmt: skip


def test_largest_holdings_say_how_much_of_the_capital_each_is(society):
    found = rows("largest", society)
    assert [(row["place"], row["name"], row["amount_paid"]) for row in found[:2]] == [
        (1, "Ada Lovelace", 500_00), (2, "Ben Hall", 300_00)]  # fmt: skip
    assert found[-1]["percent_down_to_here"] == 100


def test_notices_go_by_mail_to_who_gave_an_address_for_them_and_by_post_to_all_others(society):
    by_mail = {row["member_no"] for row in rows("mailing-email", society)}
    by_post = {row["member_no"] for row in rows("mailing-post", society)}
    assert (by_mail, by_post) == ({4, 5}, {1, 2, 3})


def test_options_are_kept_as_text_and_read_back(society):
    ordinary = LedgerEntry.objects.first().share_class
    options = asked(share_class=ordinary, since=clock.today() - DAY, who="former", joint=IN_ROWS, address=SHORT)
    assert Options.from_json(options.as_json(), society) == options
    assert Options.from_json(asked().as_json(), society) == asked()


def test_the_officers_register_stands_as_it_was_on_a_day(society):
    today = clock.today()
    eve = rows("officers", society)[0]
    assert (eve["name"], eve["office"], eve["left_office"]) == ("Eve Moss", "Chair", None)
    known_before = clock.now()
    with clock.stopped(known_before + timedelta(hours=1)):
        from members import officers_register

        held = officers_register.now(society.pk)[0]
        left = Told(name="Eve Moss", address="9 New Lane", office="Chair", took_office_on=held.took_office_on,
                    left_office_on=today)  # fmt: skip
        enter(society, left, by=None, tenure=held.tenure, on=today)
        assert [(row["postal_address"], row["left_office"]) for row in rows("officers", society)] == [
            ("9 New Lane", today)]  # fmt: skip
        before = rows("officers", society, on=today - DAY)[0]
        assert (before["postal_address"], before["left_office"]) == ("3 Lane, Marlpit", None)
        assert rows("officers", society, known_at=known_before)[0]["left_office"] is None
        assert rows("officers", society, on=held.took_office_on - DAY) == []


def test_who_was_admitted_again_was_former_in_between(society):
    dan = Member.objects.get(particulars__name="Dan Hill")
    left_on = dan.ceased_on
    with clock.stopped(clock.now() + 10 * DAY):
        membership_changes.readmit([dan], on=clock.today(), reason="Shares allotted again", by=None)
        assert "Dan Hill" in {row["name"] for row in rows("register", society)}
        assert "Dan Hill" in {row["name"] for row in rows("register", society, on=left_on)}
        between = asked(on=left_on + DAY)
        assert "Dan Hill" not in {row["name"] for row in rows("register", society, on=between.on)}
        assert {row["name"] for row in rows("former", society, on=between.on)} == {"Dan Hill"}
        assert replace(between, on=clock.today()).as_json()["on"] == clock.today().isoformat()


def test_former_members_are_those_who_had_ceased_before_the_day(society):
    table = BY_NAME["former"].made(society, asked())
    assert [row["date_ceased"] for row in exports.rows(table)] == [clock.today() - 5 * DAY]
