"""A page of a table on the screen."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import cached_property

from common import exports
from common.exports import Table

A_PAGE = 50


def query(request: HttpRequest) -> str:
    """What was asked of a list, to stand before the number of another page of it; empty where nothing was."""
    said = [(name, value) for name, value in request.GET.items() if name != "page" and value]
    return f"{urlencode(said)}&" if said else ""


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
