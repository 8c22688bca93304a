"""A download on paper: the table with a title, what it is as at, sums carried forward, and room to sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from common import clock
from common.exports import DAY, MONEY, NUMBER, Column, Table
from common.exports.tables import copied
from common.printing import Heading, Paper, print_table
from members.register.downloads import Download, Options
from offers.models import Society

# Where a heading has shorter words on paper.
WORDS = {"member_no": "No.", "entry_no": "Entry", "shares_held": "Shares", "certificate_no": "Cert.", "votes": "Votes"}
SIGNED = {"register", "inspection", "officers", "ledger"}


def write_pdf(download: Download, society: Society, options: Options, target: IO[bytes]) -> None:
    """The download as an A4 PDF. The same question gives the same bytes, except where another font is needed."""
    table = download.made(society, options)
    by_heading = {column.heading: column for column in table.columns}
    chosen = [by_heading[heading] for heading in download.printed if heading in by_heading]
    chosen += [by_heading[heading] for heading in by_heading if heading.startswith(("joint_holder_", "holder_place"))]
    with override("en-gb"):
        paper = _paper(download, society, options, chosen)
        print_table(paper, _rows(table, chosen, download), target)


def _paper(download: Download, society: Society, options: Options, columns: list[Column]) -> Paper:
    day = formats.date_format(options.on, "j F Y")
    known = formats.date_format(timezone.localtime(options.known_at, clock.LONDON), "j F Y, H:i")
    said = _("As at %(day)s, as known on %(known)s · registered number %(number)s")
    return Paper(
        owner=society.registered_name,
        title=str(download.title),
        said=said % {"day": day, "known": known, "number": society.register_number},
        headings=[
            Heading(
                words=WORDS.get(column.heading, column.heading.replace("_", " ").capitalize()),
                part=download.printed.get(column.heading, 10),
                right=column.kind in (NUMBER, MONEY),
                sum=column.heading in download.sums,
                money=column.kind == MONEY,
            )
            for column in columns
        ],
        closing=[f"{download.title}, {day}: " + _("%(rows)s rows on %(pages)s pages.")],
        signed_by=[_("Secretary"), _("Date")] if download.name in SIGNED else [],
        words={"page": _("Page"), "carried": _("Carried forward"), "total": _("Total")},
    )


def _rows(table: Table, columns: list[Column], download: Download) -> Iterator[tuple]:
    sums = [column.sql for column in columns if column.heading in download.sums]
    statement = table.select([*(_printed(column) for column in columns), *sums])
    with copied(f"COPY ({statement}) TO STDOUT", table.params) as copy:
        yield from copy.rows()


def _printed(column: Column) -> str:
    if column.kind == MONEY:
        return f"to_char(({column.sql}) * 0.01, 'FM999,999,999,990.00')"
    if column.kind == DAY:
        return f"to_char({column.sql}, 'FMDD Mon YYYY')"
    return f"({column.sql})::text"
