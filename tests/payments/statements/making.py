"""Builders: an account with lines on it, as if a file had been imported."""

from __future__ import annotations

import itertools
from datetime import date

from common import clock
from payments import by_hand
from payments.models import BankAccount, BankLine, StatementImport
from payments.statements import importing
from payments.statements.facts import Line, Statement
from tests.factories import make_user

_files = itertools.count(1)


def make_account(society, name: str = "") -> BankAccount:
    return importing.open_account(society, name=name or f"Account {next(_files)}", last_four="1234", by=make_user())


def line(amount_pence: int, text: str = "", *, on: date | None = None, **fields) -> Line:
    return Line(number=1, booked_on=on or clock.today(), amount_pence=amount_pence, text=text, **fields)


def take(account: BankAccount, *lines: Line, opening_pence: int | None = 0, by=None, content=None) -> StatementImport:
    """A statement of these lines, with balances that fit unless opening_pence is None."""
    statement = Statement("csv", list(lines))
    closing_pence = None if opening_pence is None else opening_pence + statement.total_pence
    return importing.take(
        account, statement, content=content or f"file {next(_files)}".encode(), file_name="statement.csv",
        opening_pence=opening_pence, closing_pence=closing_pence, by=by or make_user(),
    )  # fmt: skip


def arrived(society, amount_pence: int, text: str = "", *, account: BankAccount | None = None, **fields) -> BankLine:
    """One line that has come in, or gone out for less than nought."""
    taken = take(account or make_account(society), line(amount_pence, text, **fields))
    return BankLine.objects.get(statement=taken)


def pay_by_hand(refund) -> None:
    """Two officers record that a refund was paid by transfer."""
    by_hand.prepare(refund, how="transfer", note="By the bank's site", by=make_user())
    by_hand.approve(refund, by=make_user())
