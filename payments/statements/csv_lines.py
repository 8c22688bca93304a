"""A CSV file read with a map: each row is a movement, or is refused by its number, or is left out and said so."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from payments.statements import csv_cells
from payments.statements.csv_maps import Spec, header_place
from payments.statements.facts import Line, Statement, clean, refused

IN, OUT = {"C", "CR", "CREDIT", "CRDT", "IN"}, {"D", "DR", "DEBIT", "DBIT", "OUT"}


def read(rows: Sequence[Sequence[str]], spec: Spec) -> Statement:
    """The statement in a file's rows. Refused where a row has a sum without a day, a day without a sum, or both ways.

    Rows without a sum, such as a title or a total's empty line, are left out and named in `left_out`. Balances come
    from the running balance where the map has one.
    """
    if not spec.is_whole:
        raise refused(_("Say which column has the date and which the sum."))
    start = 0
    if spec.header:
        place = header_place(rows, spec.header)
        if place is None:
            raise refused(_("The first line of this file is not the one that these columns were saved for."))
        start = place + 1
    lines, left_out = [], []
    for number, row in enumerate(rows[start:], start=start + 1):
        if not any(row):
            continue
        line = _line(number, row, spec)
        if line is None:
            left_out.append((number, clean(" ".join(filter(None, row)), 120)))
        else:
            lines.append(line)
    opening, closing, newest_first = _balances(lines)
    if newest_first:
        lines.reverse()
    return Statement("csv", lines, opening, closing, left_out=left_out)


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _line(number: int, row: Sequence[str], spec: Spec) -> Line | None:
    """The movement in a row; None where it has no sum."""
    amount_pence = _amount(number, row, spec)
    if not amount_pence:
        return None
    day_text = _cell(row, spec.date)
    booked_on = csv_cells.day(day_text, spec.order)
    if booked_on is None:
        words = _("Line %(n)s has a sum, and its date cannot be read: “%(text)s”. Check the order of day and month.")
        raise refused(words % {"n": number, "text": clean(day_text, 40)})
    balance_text = _cell(row, spec.balance)
    balance_pence = csv_cells.pence(balance_text) if balance_text else None
    if balance_text and balance_pence is None:
        words = _("The balance in line %(n)s cannot be read: “%(text)s”.")
        raise refused(words % {"n": number, "text": clean(balance_text, 40)})
    return Line(
        number=number,
        booked_on=booked_on,
        amount_pence=amount_pence,
        text=clean(" ".join(filter(None, (_cell(row, column) for column in spec.text)))),
        payer=clean(_cell(row, spec.payer), 140),
        reference=clean(_cell(row, spec.reference), 140),
        bank_reference=clean(_cell(row, spec.bank_reference), 100),
        balance_pence=balance_pence,
    )


def _amount(number: int, row: Sequence[str], spec: Spec) -> int:
    if spec.amount is not None:
        amount_pence = _sum(number, _cell(row, spec.amount))
        word = _cell(row, spec.direction).upper().strip(". ")
        if not amount_pence or spec.direction is None:
            return amount_pence
        if word not in IN | OUT:
            words = _("Line %(n)s does not say whether money came in or went out: “%(text)s”.")
            raise refused(words % {"n": number, "text": clean(word, 40)})
        return -abs(amount_pence) if word in OUT else abs(amount_pence)
    came, went = (_sum(number, _cell(row, column)) for column in (spec.money_in, spec.money_out))
    if came and went:
        raise refused(_("Line %(n)s has money in and money out at once.") % {"n": number})
    if came < 0:
        raise refused(_("Line %(n)s has less than nothing as money in.") % {"n": number})
    return came or -abs(went)


def _sum(number: int, text: str) -> int:
    if not text or text in csv_cells.MINUS:
        return 0
    amount_pence = csv_cells.pence(text)
    if amount_pence is None:
        words = _("The sum in line %(n)s cannot be read: “%(text)s”.")
        raise refused(words % {"n": number, "text": clean(text, 40)})
    return amount_pence


def _balances(lines: list[Line]) -> tuple[int | None, int | None, bool]:
    """Opening and closing by the running balance, and whether the newest line stands first. Refused where it breaks."""
    known = [place for place, line in enumerate(lines) if line.balance_pence is not None]
    if not known:
        return None, None, False
    breaks = {}
    for newest_first in (False, True):
        ordered = lines[::-1] if newest_first else lines
        broken, opening, closing = _run(ordered)
        if broken is None:
            return opening, closing, newest_first
        breaks[newest_first] = broken
    newest_first = lines[0].booked_on > lines[-1].booked_on
    words = _("The balance in line %(n)s is not what the lines before it come to, so a line is missing or wrong.")
    raise refused(words % {"n": breaks[newest_first].number})


def _run(lines: list[Line]) -> tuple[Line | None, int, int]:
    """The first line whose balance does not follow, if any; opening and closing."""
    opening = running = None
    before = 0  # what came before the first known balance
    for line in lines:
        before += line.amount_pence
        if running is not None:
            running += line.amount_pence
        if line.balance_pence is None:
            continue
        if running is None:
            opening, running = line.balance_pence - before, line.balance_pence
        elif running != line.balance_pence:
            return line, 0, 0
    return None, opening, running
