"""Which column of a CSV file is what: maps that a society saves, shapes that are known, and a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from payments.statements import csv_cells
from payments.statements.csv_cells import DAY_FIRST

TOP = 15  # how far down a header is looked for: banks put the account's name above it


@dataclass(frozen=True)
class Spec:
    """A map. Columns are counted from 0; None or () where the file has none. `header`: the first line, in plain words.

    A sum is in `amount`, with its sign or the word in `direction`, or else in `money_in` and `money_out`.
    """

    date: int | None = None
    amount: int | None = None
    money_in: int | None = None
    money_out: int | None = None
    direction: int | None = None
    text: tuple[int, ...] = ()
    payer: int | None = None
    reference: int | None = None
    balance: int | None = None
    bank_reference: int | None = None
    order: str = DAY_FIRST
    header: tuple[str, ...] = ()

    @property
    def columns(self) -> list[int]:
        """Every column that is read."""
        single = (self.date, self.amount, self.money_in, self.money_out, self.direction, self.payer, self.reference,
                  self.balance, self.bank_reference)  # fmt: skip
        return sorted({*self.text, *(column for column in single if column is not None)})

    @property
    def is_whole(self) -> bool:
        """Whether lines can be read with it: a day and a sum."""
        return self.date is not None and any(c is not None for c in (self.amount, self.money_in, self.money_out))

    def kept(self) -> dict:
        """As JSON keeps it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def of(cls, kept: dict) -> Spec:
        """From JSON."""
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()})


def plain(cell: str) -> str:
    """A header's cell without case, stars and signs: "*Amount (GBP)" is "amount gbp"."""
    return " ".join(re.sub(r"[^a-z0-9£]+", " ", cell.lower()).split())


def _known(header: str, **columns) -> Spec:
    return Spec(header=tuple(header.split("|")), **columns)


# Names of shapes, with their columns. The first two are those that an importer for the banks named describes, the
# next two those of two accounting programs; the others are the two ways in which sums stand in any bank's file.
KNOWN: dict[str, Spec] = {
    "Lloyds": _known("date|account||type|value|reference|description", date=0, amount=4, reference=5, text=(3, 6)),
    "HSBCnet": _known("account|date|currency|amount|description|type", date=1, amount=3, text=(4, 5)),
    "Xero": _known("date|amount|payee|description|reference", date=0, amount=1, payer=2, text=(3,), reference=4),
    "QuickBooks": _known("date|description|amount", date=0, text=(1,), amount=2),
    "Paid in, paid out": _known(
        "date|description|paid in|paid out|balance", date=0, text=(1,), money_in=2, money_out=3, balance=4
    ),
    "Debit, credit": _known(
        "date|type|description|debit|credit|balance", date=0, text=(1, 2), money_out=3, money_in=4, balance=5
    ),
}
WORDS: dict[str, tuple[str, ...]] = {
    "date": ("date", "transaction date", "posting date", "booking date", "date posted", "completed date", "dyddiad"),
    "money_in": ("paid in", "money in", "credit", "credit amount", "credits", "in", "receipts", "deposit",
                 "credit gbp"),
    "money_out": ("paid out", "money out", "debit", "debit amount", "debits", "out", "payments", "withdrawal",
                  "debit gbp"),
    "amount": ("amount", "value", "amount gbp", "transaction amount", "amount £", "sum", "swm"),
    "direction": ("debit credit", "credit debit", "dr cr", "cr dr", "credit debit indicator", "d c"),
    "balance": ("balance", "balance gbp", "running balance", "account balance", "balance £", "ledger balance"),
    "payer": ("payee", "counter party", "counterparty", "name", "payer", "from", "other party", "counterparty name"),
    "reference": ("reference", "payment reference", "customer reference", "their reference", "cyfeirnod"),
    "bank_reference": ("transaction id", "bank reference", "transaction reference", "id", "fitid"),
    "text": ("description", "transaction description", "narrative", "details", "memo", "transaction type", "type",
             "narration", "particulars", "notes", "disgrifiad"),
}  # fmt: skip


def header_place(rows: Sequence[Sequence[str]], header: Sequence[str]) -> int | None:
    """In which of the first rows a header stands; None where it does not."""
    for place, row in enumerate(rows[:TOP]):
        cells = [plain(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells == list(header):
            return place
    return None


def known(rows: Sequence[Sequence[str]]) -> Spec | None:
    """The known shape whose header the file has."""
    return next((spec for spec in KNOWN.values() if header_place(rows, spec.header) is not None), None)


def guess(rows: Sequence[Sequence[str]]) -> Spec:
    """What the columns seem to be: by the words of a header, else by what stands in them. A person looks at it."""
    best: Spec | None = None
    for row in rows[:TOP]:
        found = _by_words([plain(cell) for cell in row])
        if found.is_whole and (best is None or len(found.columns) > len(best.columns)):
            best = found
    return best or _by_cells(rows)


def _by_words(cells: list[str]) -> Spec:
    found: dict = {}
    for name, words in WORDS.items():
        columns = [column for word in words for column, cell in enumerate(cells) if cell == word]
        if columns:
            found[name] = tuple(sorted(columns)) if name == "text" else columns[0]
    if found.get("money_in") is not None and found.get("money_out") is not None:
        found.pop("amount", None)
    else:
        found.pop("money_in", None)
        found.pop("money_out", None)
    while cells and not cells[-1]:
        cells = cells[:-1]
    return Spec(**found, header=tuple(cells))


def _by_cells(rows: Sequence[Sequence[str]]) -> Spec:
    """Where no words are known: the first column of days, the first of sums with pence, the rest words.

    A first line without a day above lines that have one is a header, whatever its words.
    """
    rows = [row for row in rows[:50] if any(row)]
    width = max(map(len, rows), default=0)
    columns = [[row[place] if place < len(row) else "" for row in rows] for place in range(width)]
    days = [place for place, cells in enumerate(columns) if _most(csv_cells.day(cell) for cell in cells)]
    sums = [
        place
        for place, cells in enumerate(columns)
        if place not in days and _most("." in cell and csv_cells.pence(cell) is not None for cell in cells)
    ]
    if not days or not sums:
        return Spec()
    rest = [place for place, cells in enumerate(columns) if place not in {*days, *sums} and any(cells)]
    balance = sums[-1] if len(sums) > 1 else None
    head = [plain(cell) for cell in rows[0]]
    while head and not head[-1]:
        head.pop()
    is_head = csv_cells.day(columns[days[0]][0]) is None
    header = tuple(head) if is_head else ()
    return Spec(date=days[0], amount=sums[0], balance=balance, text=tuple(rest[:6]), header=header)


def _most(found) -> bool:
    answers = [bool(one) for one in found]
    return bool(answers) and sum(answers) * 2 > len(answers)
