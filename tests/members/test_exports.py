"""Downloads: no live formula in any cell, whole pence, and never more than a few rows in memory."""

import csv
import inspect
import io
import tracemalloc
from datetime import date, datetime
from itertools import islice

import openpyxl
import pytest
from django.db import connection

from common import exports
from common.exports import DAY, MONEY, NUMBER, TEXT, Column, Table

pytestmark = pytest.mark.django_db
LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u3000=1", "\uff1d1", "\uff0b1", "\uff0d1",
        "\uff201", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]  # fmt: skip
HARMLESS = [
    "Ada",
    "O'Brien",
    "12 High Street",
    "a=b",
    "Ann-Marie",
    "x@example.org",
    "£5",
    "Łódź",
    'The "Bell", Ltd',
    "",
]


def one(text: str) -> Table:
    return Table([Column("text", "given.text")], "FROM (SELECT %(text)s::text AS text) given", "1", {"text": text})


def as_csv(table: Table) -> list[dict]:
    text = b"".join(exports.csv_lines(table)).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", LIVE)
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text):
    assert as_csv(one(text)) == [{"text": "'" + text}]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_left_as_it_is(text):
    assert as_csv(one(text)) == [{"text": text}]


def sheet(table: Table):
    with exports.xlsx_file(table, title="A title that is longer than a sheet's name may be") as file:
        return openpyxl.load_workbook(file).active


@pytest.mark.parametrize("text", [*LIVE, *HARMLESS[:-1]])
def test_in_a_sheet_text_is_text_to_the_letter(text):
    cell = sheet(one(text))["A2"]
    plain = text.replace("\r", "\n")  # XML has one way to end a line
    assert (cell.data_type, cell.value.replace("_x000D_", "\n").replace("\r", "\n")) == ("s", plain)


@pytest.mark.parametrize(
    ("text", "read"),
    [("a & b < c > d", "a & b < c > d"), ("  two before, two after  ", "  two before, two after  "),
     ("one\ntwo", "one\ntwo"), ("\\ \x01\x02 '", "\\  '"), ("<row>&amp;]]>", "<row>&amp;]]>"),
     ("no\ufffe\uffffne", "none"),
     ("_x0041_", "_x005F_x0041_"), ("_x", "_x"), ("ŵ ŷ 漢 שלום e\u0301", "ŵ ŷ 漢 שלום e\u0301")],
)  # fmt: skip
def test_in_a_sheet_no_character_is_lost_or_taken_for_markup(text, read):
    """But for those that XML cannot hold. _x0041_ would be an A for a spreadsheet; openpyxl shows how it is written."""
    assert sheet(one(text))["A2"].value == read


def test_the_same_rows_are_the_same_bytes():
    with exports.xlsx_file(KINDS, title="Same") as first, exports.xlsx_file(KINDS, title="Same") as second:
        assert first.read() == second.read()


@pytest.mark.parametrize(("rows", "sheets"), [(0, [1]), (1, [2]), (3, [4]), (4, [4, 2]), (7, [4, 4, 2])])
def test_rows_beyond_a_sheets_most_go_to_another_sheet(rows, sheets, monkeypatch):
    monkeypatch.setattr(exports.sheet, "MOST_ROWS", 3)
    some = Table([Column("n", "n", NUMBER)], "FROM generate_series(1, %(rows)s) n", "n", {"rows": rows})
    with exports.xlsx_file(some, title="Members & others") as file:
        book = openpyxl.load_workbook(file)
        assert [part.max_row for part in book] == sheets
        assert book.sheetnames == ["Members & others", "Members & others (2)", "Members & others (3)"][: len(sheets)]
        numbers = [row[0] for part in book for row in part.iter_rows(min_row=2, values_only=True)]
    assert numbers == list(range(1, rows + 1))


KINDS = Table(
    [Column("no", "n", NUMBER), Column("sum", "p", MONEY), Column("day", "d", DAY), Column("word", "w", TEXT)],
    "FROM (VALUES (-7::bigint, -123456::bigint, date '2026-02-28', 'x'), (NULL, 5, NULL, NULL)) v (n, p, d, w)",
    "p",
    {},
)


def test_numbers_sums_and_days_keep_their_kinds_in_csv():
    assert as_csv(KINDS) == [
        {"no": "-7", "sum": "-1234.56", "day": "2026-02-28", "word": "x"},
        {"no": "", "sum": "0.05", "day": "", "word": ""},
    ]


def test_numbers_sums_and_days_keep_their_kinds_in_a_sheet():
    rows = list(sheet(KINDS).iter_rows(values_only=True))
    assert rows == [
        ("no", "sum", "day", "word"), (-7, -1234.56, datetime(2026, 2, 28), "x"), (None, 0.05, None, None)]  # fmt: skip
    assert (sheet(KINDS)["B2"].number_format, sheet(KINDS)["C2"].number_format) == ("#,##0.00", "yyyy-mm-dd")
    assert (sheet(KINDS).title, sheet(KINDS).freeze_panes) == ("A title that is longer than a s", "A2")


def test_on_a_screen_money_stays_whole_pence():
    assert exports.rows(KINDS, most=1) == [{"no": -7, "sum": -123456, "day": date(2026, 2, 28), "word": "x"}]
    assert exports.rows(KINDS, most=1, skip=1)[0]["sum"] == 5
    assert exports.count(KINDS) == 2


def test_csv_is_utf_8_without_a_mark_with_lf_and_a_heading():
    first = b"".join(exports.csv_lines(one("Łódź")))
    assert first == "text\nŁódź\n".encode()


MANY = Table([Column("n", "n", NUMBER), Column("t", "repeat('x', 100)")], "FROM generate_series(1, 200000) n", "1", {})


@pytest.mark.django_db(transaction=True)
def test_csv_comes_piece_by_piece_and_may_be_left_half_way():
    lines = exports.csv_lines(MANY)
    assert inspect.isgenerator(lines)
    tracemalloc.start()
    found = b"".join(islice(lines, 1000))
    lines.close()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.startswith(b"n,t\n1,xxx")
    assert found.count(b"\n") < 10_000
    assert peak < 2_000_000  # of 21 MB
    with connection.cursor() as cursor:  # the connection is as good as before
        cursor.execute("SELECT 1")


def test_a_sheet_is_made_row_by_row():
    """The peak stays far below the sheet's 4 MB of text."""
    some = Table([Column("t", "repeat('x', 500) || n")], "FROM generate_series(1, 8000) n", "n", {})
    tracemalloc.start()
    with exports.xlsx_file(some, title="Many") as file:
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        book = openpyxl.load_workbook(file, read_only=True)
        assert sum(1 for _row in book.active.iter_rows()) == 8_001
        book.close()
    assert peak < 1_500_000, peak
