"""One fault in the books, and how a check asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

Found = Iterator[tuple[str, str, str]]  # register number of the society, what the fault is in, what is wrong


@dataclass(frozen=True)
class Fault:
    """Which invariant does not hold, in which society, in which row, and how."""

    invariant: str
    society: str
    subject: str
    wrong: str

    def __str__(self):
        return f"{self.invariant}\t{self.society}\t{self.subject}\t{self.wrong}"


def ask(statement: str, params: dict | None = None) -> Found:
    """Rows of (register number, subject, what is wrong)."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params or {})
        yield from cursor.fetchall()
