"""events.csv as facts: one event a line, in order of time on London's wall clock."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from compliance.eligibility import HOLDER_KINDS
from members.rehearsal import values
from members.rehearsal.faults import Fault
from offers.choices import Method

FILE = "events.csv"
COLUMNS = (
    "at", "event", "applicant", "kind", "name", "born_on", "postcode", "country", "amount", "accept_less", "method",
    "with", "people", "note",
)  # fmt: skip
METHODS = (Method.CARD, Method.BANK_TRANSFER, Method.CHEQUE)  # of the file format
OF_AN_APPLICANT = ("apply", "pay", "pay-fails", "cancel")
EVENTS = (*OF_AN_APPLICANT, "extend", "close")


@dataclass(frozen=True)
class Event:
    """One line. `wall` is the time that London's clock shows; amount_pence None where the file leaves it out."""

    line: int
    wall: datetime
    event: str
    applicant: str
    kind: str
    name: str
    born_on: date | None
    postcode: str
    country: str
    amount_pence: int | None
    accept_less: bool
    method: str
    others: tuple[str, ...]
    people: int
    day: date | None


def read(path: Path, faults: list[Fault]) -> list[Event]:
    """Every event, faults appended to `faults`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        faults.append(Fault(FILE, line, 1, "the file is not UTF-8", "save it as UTF-8"))
        return []
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        if not _header_is_right(header, faults):
            return []
        return _events(rows, header, faults)
    except csv.Error as error:
        faults.append(Fault(FILE, rows.line_num, 1, f"not a CSV line ({error})", 'close every "quote"'))
        return []


def _header_is_right(header: list[str], faults: list[Fault]) -> bool:
    for name in COLUMNS:
        if header.count(name) != 1:
            wrong = f"the header has no column {name}" if name not in header else f"column {name} stands twice"
            faults.append(Fault(FILE, 1, 1, wrong, f"write {','.join(COLUMNS)}"))
    for place, name in enumerate(header, start=1):
        if name not in COLUMNS:
            faults.append(Fault(FILE, 1, place, f"column {name!r} is not known", f"write {','.join(COLUMNS)}"))
    return not faults or all(fault.file != FILE for fault in faults)


def _events(rows, header: list[str], faults: list[Fault]) -> list[Event]:
    found: list[Event] = []
    last_line = rows.line_num
    for cells in rows:
        line, last_line = last_line + 1, rows.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            wrong = f"{len(cells)} fields where the header has {len(header)}"
            faults.append(Fault(FILE, line, min(len(cells), len(header)) or 1, wrong, "count the commas"))
            continue
        event = _Line(line, dict(zip(header, cells, strict=True)), header, faults).event()
        if event and found and event.wall < found[-1].wall:
            wrong = f"at: {event.wall.isoformat()} is earlier than the line before"
            faults.append(Fault(FILE, line, header.index("at") + 1, wrong, "put the lines in order of time"))
        if event:
            found.append(event)
    return found


class _Line:
    """One line on its way to an event."""

    def __init__(self, number: int, cells: dict[str, str], header: list[str], faults: list[Fault]):
        self.number, self.header, self.faults = number, header, faults
        self.cells = {name: cell.strip() for name, cell in cells.items()}

    def get(self, name: str, reader: Callable, *, needed: bool = False):
        cell = self.cells[name]
        if not cell and not needed:
            return None
        try:
            if not cell:
                raise ValueError("is empty", "this event needs it")
            return reader(cell)
        except ValueError as fault:
            wrong, right = fault.args if len(fault.args) == 2 else ("cannot be read", "look at the line above")
            self.faults.append(Fault(FILE, self.number, self.header.index(name) + 1, f"{name}: {wrong}", right))
            return None

    def event(self) -> Event | None:
        before = len(self.faults)
        event = self.get("event", values.one_of(EVENTS), needed=True)
        apply = event == "apply"
        amount = values.positive_pounds if event == "pay" else values.pounds
        found = Event(
            line=self.number,
            wall=self.get("at", _moment, needed=True),
            event=event,
            applicant=self.get("applicant", str, needed=event in OF_AN_APPLICANT) or "",
            kind=self.get("kind", values.one_of(HOLDER_KINDS), needed=apply) or "",
            name=self.cells["name"],
            born_on=self.get("born_on", _day),
            postcode=self.cells["postcode"],
            country=self.cells["country"] or "GB",
            amount_pence=self.get("amount", amount, needed=apply),
            accept_less=(self.get("accept_less", values.one_of(["y", "n"])) or "n") == "y",
            method=self.get("method", values.one_of(METHODS), needed=apply) or "",
            others=tuple(part.strip() for part in self.cells["with"].split(";") if part.strip()),
            people=self.get("people", _people) or 1,
            day=self.get("note", _day, needed=True) if event == "extend" else None,
        )
        return found if len(self.faults) == before else None


def _moment(cell: str) -> datetime:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is no moment", "write it such as 2026-07-28T18:39:50") from None
    if moment.tzinfo is not None:
        raise ValueError(f"{cell!r} names a time zone", "write London's wall clock, without a zone")
    return moment


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is no day", "write it such as 2026-07-28") from None


def _people(cell: str) -> int:
    if not cell.isascii() or not cell.isdigit() or not 0 < int(cell) < 100_000:
        raise ValueError(f"{cell!r} is no number of people", "write a whole number, such as 4")
    return int(cell)
