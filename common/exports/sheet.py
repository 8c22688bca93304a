"""A download as XLSX: PostgreSQL writes the sheet's XML in the COPY, and Python only compresses it.

A sheet is an XML file in a zip. Text cells are typed as text ("inlineStr"), so that nothing in them is ever a
formula. The same rows give the same bytes: the zip carries no time.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain, islice
from typing import IO

from common.exports.sheet_parts import BOLD, HEAD, ISO_DAY, MAIN, POUNDS, other_parts
from common.exports.tables import CODE, DAY, MONEY, NUMBER, Column, Table, copied

MOST_ROWS = 1_048_575  # of a sheet besides its heading; what is more goes to another sheet
PIECE = 1 << 16  # bytes that are compressed at a time
# COPY parts the columns with 01 and quotes line breaks with 02. Neither these nor any other control character has a
# place in XML, so all go on the way; they are never part of a longer character in UTF-8.
CONTROL = bytes(code for code in range(32) if code not in (9, 10, 13))
# What else may not stand in a sheet, by a byte that gives it away and that our own markup has not: U+FFFE and U+FFFF,
# which are no characters; the end of a passage; and what a sheet reads as a code, as _x0041_ for an A.
RARE = {
    b"\xef": (re.compile(rb"\xef\xbf[\xbe\xbf]"), b""),
    b"]": (re.compile(rb"]]>"), b"]]&gt;"),
    b"_": (re.compile(rb"_(?=x[0-9A-Fa-f]{4}_)"), b"_x005F_"),
}


def write_xlsx(table: Table, target: IO[bytes], *, title: str) -> None:
    """The download as a workbook of one sheet, or of as many as its rows need."""
    statement = table.select(["'<row>'", *(_cell(column) for column in table.columns), "'</row>'"])
    way = "FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02'"
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book,
        copied(f"COPY ({statement}) TO STDOUT WITH ({way})", table.params) as copy,
    ):
        for sheets, rows in enumerate(_divided(copy), start=1):
            with book.open(_part(f"xl/worksheets/sheet{sheets}.xml"), "w", force_zip64=True) as sheet:
                _write_sheet(sheet, table.columns, rows)
        for name, text in other_parts(title, sheets).items():
            book.writestr(_part(name), text)


def xlsx_file(table: Table, *, title: str) -> IO[bytes]:
    """The XLSX in a temporary file, open at its beginning: a sheet is a zip, whose index comes last."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it when it has been sent
    write_xlsx(table, target, title=title)
    target.seek(0)
    return target


def _cell(column: Column) -> str:
    """SQL of a cell's XML. An empty cell is still a cell, since none says its place."""
    sql = f"({column.sql})"
    if column.kind == NUMBER:
        return _around("<c><v>", sql, "</v></c>")
    if column.kind == MONEY:
        return _around(f'<c s="{POUNDS}"><v>', f"{sql} * 0.01", "</v></c>")
    if column.kind == DAY:
        return _around(f'<c s="{ISO_DAY}"><v>', f"({sql} - date '1899-12-30')", "</v></c>")
    if column.kind == CODE:
        return _around('<c t="inlineStr"><is><t>', f"nullif({sql}, '')", "</t></is></c>")
    escaped = f"replace(replace(nullif({sql}, ''), '&', '&amp;'), '<', '&lt;')"
    return _around('<c t="inlineStr"><is><t xml:space="preserve">', escaped, "</t></is></c>")


def _around(begin: str, sql: str, end: str) -> str:
    return f"coalesce('{begin}' || {sql} || '{end}', '<c/>')"


def _divided(rows: Iterable) -> Iterator[Iterable]:
    """The rows, as many at a time as a sheet may have; once nothing where there are none."""
    rows = iter(rows)
    yield islice(rows, MOST_ROWS)
    for first in rows:
        yield chain([first], islice(rows, MOST_ROWS - 1))


def _write_sheet(sheet: IO[bytes], columns: Sequence[Column], rows: Iterable) -> None:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{column.width}" customWidth="1"/>'
        for place, column in enumerate(columns, start=1)
    )
    headings = "".join(
        f'<c s="{BOLD}" t="inlineStr"><is><t>{escape(column.heading)}</t></is></c>' for column in columns
    )
    view = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    sheet.write(
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{view}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{headings}</row>\n".encode()
    )
    waiting = bytearray()
    for row in rows:  # PostgreSQL sends each row as one piece
        waiting += row
        if len(waiting) > PIECE:
            sheet.write(_as_xml(waiting))
            waiting.clear()
    sheet.write(_as_xml(waiting) + b"</sheetData></worksheet>")


def _as_xml(rows: bytearray) -> bytes:
    """The rows without what XML cannot hold, or a sheet would read as something else."""
    cleaned = rows.translate(None, CONTROL)
    for sign, (found, instead) in RARE.items():
        if sign in cleaned:
            cleaned = found.sub(instead, cleaned)
    return cleaned


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name)  # dated 1980, whenever it is made
    part.compress_type, part._compresslevel = zipfile.ZIP_DEFLATED, 1
    return part
