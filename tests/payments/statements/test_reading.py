"""Every shape of file gives the same three lines; what cannot be read is refused in words, and never crashes."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.statements import csv_cells, csv_maps, csv_text, reading
from payments.statements.csv_maps import KNOWN, Spec

FILES = Path(__file__).parent / "files"
DAYS_AND_SUMS = [(date(2026, 3, 2), 250_00), (date(2026, 3, 2), -31_20), (date(2026, 3, 3), 1_000_00)]
BALANCES = {"camt053.xml", "paid-in-paid-out.csv", "debit-credit.csv", "by-words-utf16.csv", "no-header.csv"}


def golden(name: str) -> bytes:
    return (FILES / name).read_bytes()


def read(data: bytes):
    """As the site reads a file: with the map that is known for it, or else the one that is guessed."""
    spec = None
    if reading.kind(data) == reading.CSV:
        rows = csv_text.rows(data)
        spec = csv_maps.known(rows) or csv_maps.guess(rows)
    return reading.read(data, spec)


def refusal(data: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        read(data)
    return caught.value.messages[0]


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.iterdir()))
def test_every_shape_gives_the_same_lines(name):
    found = read(golden(name))
    assert [(line.booked_on, line.amount_pence) for line in found.lines] == DAYS_AND_SUMS
    assert "7K3" in f"{found.lines[0].reference} {found.lines[0].text}"
    words = [f"{line.text} {line.payer} {line.reference}".upper() for line in found.lines]
    assert all(part in line for part, line in zip(("A PERSON", "POWER", "B PERSON"), words, strict=True))
    assert ((found.opening_pence, found.closing_pence) == (100_00, 1_318_80)) == (name in BALANCES)


@pytest.mark.parametrize("name", ["ofx1.ofx", "ofx2.ofx"])
def test_ofx_says_its_closing_balance_and_numbers_its_lines(name):
    found = read(golden(name))
    assert (found.format, found.opening_pence, found.closing_pence) == ("ofx", None, 1_318_80)
    assert [line.bank_reference for line in found.lines] == ["F1", "F2", "F3"]


def test_camt_names_its_account_and_leaves_out_what_is_not_booked():
    found = read(golden("camt053.xml"))
    assert (found.account, [line.bank_reference for line in found.lines]) == (
        "GB00TEST00000000001234",
        ["B1", "B2", "B3"],
    )
    assert [line.reference for line in found.lines] == ["7K3-F9QX", "Electricity", "SHARES"]
    assert found.lines[1].payer == "Marlpit Power"


def test_what_is_no_movement_is_left_out_and_said():
    assert read(golden("debit-credit.csv")).left_out == [(2, "01/03/2026 BALANCE BROUGHT FORWARD 100.00")]


def test_windows_letters_survive():
    assert "– CAFÉ" in read(golden("paid-in-paid-out.csv")).lines[-1].text


# == Cells ==


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("01/02/2026", "day-first", date(2026, 2, 1)),
        ("01/02/2026", "month-first", date(2026, 1, 2)),
        ("1/2/26", "day-first", date(2026, 2, 1)),
        ("2026-02-01", "day-first", date(2026, 2, 1)),
        ("2026-02-01T09:30:00Z", "day-first", date(2026, 2, 1)),
        ("01/02/2026 09:30", "day-first", date(2026, 2, 1)),
        ("20260201", "day-first", date(2026, 2, 1)),
        ("1 Feb 2026", "day-first", date(2026, 2, 1)),
        ("01-Feb-26", "day-first", date(2026, 2, 1)),
        ("1 Chwefror 2026", "day-first", date(2026, 2, 1)),
        ("31/02/2026", "day-first", None),
        ("25/12/2026", "month-first", None),
        ("", "day-first", None),
        ("Total", "day-first", None),
        ("46054", "day-first", None),
        ("01/02/0026", "day-first", None),
        ("01/02/2126", "day-first", None),
        ("١/٢/٢٠٢٦", "day-first", None),
    ],
)
def test_days(text, order, expected):
    assert csv_cells.day(text, order) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("£1,000.00", 1_000_00),
        ("1000", 1_000_00),
        ("12.5", 12_50),
        ("-3.50", -3_50),
        ("£-3.50", -3_50),
        ("-£3.50", -3_50),
        ("−3.50", -3_50),
        ("3.50-", -3_50),
        ("(3.50)", -3_50),
        ("3.50 DR", -3_50),
        ("3.50CR", 3_50),
        ("+3.50", 3_50),
        ("GBP 3.50", 3_50),
        (".50", 50),
        ("0.00", 0),
        ("", None),
        (".", None),
        ("1,00.00", None),
        ("1.234,56", None),
        ("1.234", None),
        ("1e3", None),
        ("99999999999999", None),
        ("NaN", None),
        ("٣", None),
    ],
)
def test_sums(text, expected):
    assert csv_cells.pence(text) == expected


# == What is refused ==

HEAD = b"Date,Description,Amount,Balance\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"x" * 2_000_001, "larger than 2 MB"),
        (b"%PDF-1.7 ...", "PDF file"),
        (b"PK\x03\x04 zip bomb", "XLSX file"),
        (b"\x00\x01\x02\x03" * 100, "not a CSV file"),
        (HEAD, "no movement"),
        (b"a,b\n1,2\n", "which column"),
        (HEAD + b"02/03/2026,A,ten,\n", "sum in line 2 cannot be read: “ten”"),
        (HEAD + b"soon,A,10.00,\n", "Line 2 has a sum, and its date cannot be read: “soon”"),
        (HEAD + b"02/03/2026,A,10.00,ten\n", "balance in line 2"),
        (HEAD + b"02/03/2026,A,10.00,10.00\n03/03/2026,B,5.00,16.00\n", "balance in line 3 is not what"),
        (b"Date,Description,Paid in,Paid out\n02/03/2026,A,10.00,5.00\n", "money in and money out at once"),
        (HEAD + b"," * 70, "too many columns"),
        (HEAD + b"02/03/2026," + b"A" * 3000 + b",1.00,\n", "too long a text"),
        (b'Date,Description,Amount\n"' + b"A" * 200_000, "cannot be read as CSV"),
        (HEAD + b"02/03/2026,A,1.00,\n" * 5_001, "more than 5,000 lines"),
        (b"<html><body>Your session has ended</body></html>", "not a CAMT.053"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(data, words):
    assert words in refusal(data)


def test_a_word_says_which_way_money_went_where_the_map_says_so():
    rows = csv_text.rows(b"Date,Amount,DR/CR\n02/03/2026,10.00,D\n02/03/2026,5.00,CR\n")
    spec = csv_maps.guess(rows)
    assert spec.direction == 2
    found = reading.read(b"Date,Amount,DR/CR\n02/03/2026,10.00,D\n02/03/2026,5.00,CR\n", spec)
    assert [line.amount_pence for line in found.lines] == [-10_00, 5_00]
    with pytest.raises(ValidationError, match="does not say whether"):
        reading.read(b"Date,Amount,DR/CR\n02/03/2026,10.00,X\n", spec)


def test_a_header_of_unknown_words_is_seen_as_one():
    rows = csv_text.rows(b"When,What,How much,Left\n02/03/2026,A,10.00,10.00\n03/03/2026,B,5.00,15.00\n")
    spec = csv_maps.guess(rows)
    assert (spec.header, spec.date, spec.amount, spec.balance, spec.text) == (
        ("when", "what", "how much", "left"), 0, 2, 3, (1,))  # fmt: skip


def test_a_map_of_another_file_is_refused():
    with pytest.raises(ValidationError, match="not the one that these columns were saved for"):
        reading.read(golden("xero.csv"), KNOWN["HSBCnet"])


@pytest.mark.parametrize("name", KNOWN)
def test_a_map_survives_its_keeping(name):
    assert Spec.of(KNOWN[name].kept()) == KNOWN[name]


CAMT = golden("camt053.xml").decode()
OFX1 = golden("ofx1.ofx").decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (CAMT.replace(">1318.80<", ">1318.81<"), "closing balance is £1,318.81"),
        (CAMT.replace(">250.00<", ">250.001<"), "sum of entry 1 cannot be read"),
        (CAMT.replace(">250.00<", ">9999999999999<"), "sum of entry 1"),
        (CAMT.replace("<BookgDt><Dt>2026-03-02", "<BookgDt><Dt>2026-13-02"), "day of entry 1"),
        (CAMT.replace('"GBP">250', '"EUR">250'), "not in pounds"),
        (CAMT.replace("</Document>", ""), "broken"),
        (CAMT.replace("Stmt>", "Ntfctn>"), "not a CAMT.053"),
        (OFX1.replace("<CURDEF>GBP", "<CURDEF>USD"), "not in pounds"),
        (OFX1.replace("<TRNAMT>250.00", "<TRNAMT>lots"), "sum of entry 1"),
        (OFX1.replace("<DTPOSTED>20260302", "<DTPOSTED>20261302", 1), "day of entry 1"),
        (OFX1.replace("</STMTTRN>", "</STMTTRX>", 1), "broken"),
        (OFX1.replace("STMTRS>", "OTHERS>"), "one account"),
    ],
)
def test_statements_in_markup_are_checked(data, words):
    assert words in refusal(data.encode())


def test_payments_under_one_entry_are_told_apart():
    parts = "".join(
        f"<TxDtls><Refs><EndToEndId>{e2e}</EndToEndId></Refs><Amt Ccy='GBP'>125.00</Amt></TxDtls>" for e2e in ("X", "Y")
    )
    start = CAMT.index("<TxDtls>")
    data = CAMT[:start] + parts + CAMT[CAMT.index("</TxDtls>") + len("</TxDtls>") :]
    found = read(data.encode())
    assert [(line.amount_pence, line.bank_reference) for line in found.lines[:2]] == [
        (125_00, "B1 X"),
        (125_00, "B1 Y"),
    ]


LOL = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
) + "]>"  # fmt: skip
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HOSTILE = {
    "billion laughs": CAMT.replace("<Document", LOL + "<Document").replace("A Person", "&j;"),
    "a file of the machine": CAMT.replace("<Document", FILE + "<Document").replace("A Person", "&a;"),
    "ofx with entities": OFX1.replace("<OFX>", LOL + "<OFX>"),
    "ofx with a file": OFX1.replace("<OFX>", FILE + "<OFX>"),
    "a tower": "<BkToCstmrStmt>" * 100_000,
    "many elements": "<BkToCstmrStmt>" + "<a/>" * 400_000 + "</BkToCstmrStmt>",
    "many entries": CAMT.replace("</Stmt>", "<Ntry/>" * 250_000 + "</Stmt>"),
    "entries in entries": CAMT.replace("<AcctSvcrRef>B1", "<Ntry>" * 30 + "</Ntry>" * 30 + "<AcctSvcrRef>B1"),
    "a tower of tags": OFX1.replace("<BANKTRANLIST>", "<A>" * 600_000),
    "cdata without end": OFX1.replace("<MEMO>SHARES", "<MEMO><![CDATA[" * 100_000),
    "tags without end": OFX1.replace("<MEMO>SHARES", "<A" * 900_000),
    "one long tag": OFX1.replace("<MEMO>SHARES", "<" + "A" * 1_900_000),
    "quotes": 'Date,Amount\n"' + '""' * 900_000,
    "commas": "," * 1_900_000,
    "lines": "\n" * 1_900_000,
    "a cell of figures": "Date,Amount\n02/03/2026," + "1," * 900_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name):
    data = HOSTILE[name].encode()[:1_999_999]
    assert "root:" not in refusal(data)


def test_a_full_year_of_camt_is_read():
    """5,000 entries, the most that is taken."""
    entry = CAMT[CAMT.index("   <Ntry>") : CAMT.index("</Ntry>") + 8]
    many = "".join(entry.replace(">B1<", f">N{n}<").replace("250.00", "1.00") for n in range(4_000))
    data = CAMT.replace(entry, many).replace(">1318.80<", ">5068.80<").encode()
    assert len(read(data).lines) == 4_002


# == Fuzz ==

cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["02/03/2026", "1.00", "-£1,000.00", "Date", "Amount", "Balance", "(3)", "3 DR", '"', "\x00", "\ufeff", "ŵ"]
    ),
)
tables = st.lists(st.lists(cells, max_size=6), max_size=8)
columns = st.one_of(st.none(), st.integers(0, 7))
specs = st.builds(
    Spec, date=columns, amount=columns, money_in=columns, money_out=columns, direction=columns, payer=columns,
    reference=columns, balance=columns, bank_reference=columns, text=st.lists(st.integers(0, 7), max_size=3).map(tuple),
    order=st.sampled_from(["day-first", "month-first"]),
)  # fmt: skip


def only_words(act) -> None:
    """It works, or it refuses in words; nothing else is raised."""
    try:
        lines = act().lines
    except ValidationError as refused:
        words, lines = refused.messages[0], []
    else:
        words = "read"
    assert words
    assert all(line.amount_pence and line.booked_on.year >= 1990 for line in lines)


@given(tables, specs, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
@settings(max_examples=300, deadline=None)
def test_any_table_with_any_map_gives_lines_or_words(table, spec, separator, encoding):
    data = "\n".join(separator.join(row) for row in table).encode(encoding, errors="replace")
    only_words(lambda: reading.read(data, spec))


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_lines_or_words(data):
    only_words(lambda: read(data))


@given(st.sampled_from(sorted(path.name for path in FILES.iterdir())), st.integers(), st.integers(1, 12))
@settings(max_examples=150, deadline=None)
def test_a_file_broken_anywhere_gives_lines_or_words(name, seed, wounds):
    dice, data = random.Random(seed), bytearray(golden(name))
    for _ in range(wounds):
        place = dice.randrange(len(data))
        data[place : place + dice.randrange(4)] = dice.randbytes(dice.randrange(4))
    only_words(lambda: read(bytes(data)))
