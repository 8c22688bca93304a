"""Tables of the office: a page of one on the screen, all of one as CSV or XLSX, and who took it."""

from __future__ import annotations

from datetime import date

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import cached_property

from common import audit, clock, exports
from common.exports import Table
from offers.models import Society

A_PAGE = 50
CSV, XLSX = "csv", "xlsx"
KIND_OF_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TablePages:
    """A table's rows for Django's paginator: counted once, read a page at a time."""

    def __init__(self, table: Table):
        self.table = table

    @cached_property
    def number(self) -> int:
        return exports.count(self.table)

    def count(self) -> int:
        return self.number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, part: slice) -> list[dict]:
        return exports.rows(self.table, most=part.stop - part.start, skip=part.start)


def as_download(
    request, society: Society, table: Table, *, what: str, kind: str, on: date | None = None
) -> HttpResponseBase:
    """The table as CSV or XLSX, streamed. Who took which is written down. `on`: the day it is of; today if none."""
    day = (on or clock.today()).isoformat()
    name = f"{society.slug}-{what}-{day}.{kind}"
    audit.note("register.download", society_id=society.pk, subject_id=society.pk, by=request.user, what=what,
               kind=kind, on=day)  # fmt: skip
    if kind == CSV:
        response = StreamingHttpResponse(exports.csv_lines(table), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    file = exports.xlsx_file(table, title=what.capitalize())
    return FileResponse(file, as_attachment=True, filename=name, content_type=KIND_OF_XLSX)
