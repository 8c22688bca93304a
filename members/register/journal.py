"""Share capital as a plain-text accounting journal for hledger and its kin: each movement balances to the penny."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO

from common.exports.tables import copied
from offers.models import Society

# What stands against share capital: the money that came, what the society promised, or what was never there.
AGAINST = {
    "founding": "Assets:Founding shares",
    "allotment": "Assets:Application money",
    "match": "Assets:Match funding",
}
ENTRIES = """
    SELECT entry.effective_on::text, entry.seq::text, entry.kind, coalesce(reversed.kind, entry.kind),
           m.number::text, class.name, entry.shares::text, (entry.amount_pence * 0.01)::text, entry.authority
    FROM members_ledgerentry entry
    JOIN members_member m ON m.id = entry.member_id
    JOIN offers_shareclass class ON class.id = entry.share_class_id
    LEFT JOIN members_ledgerentry reversed ON reversed.id = entry.reverses_id
    WHERE entry.society_id = %(society)s AND entry.effective_on <= %(on)s AND entry.recorded_at <= %(known_at)s
    ORDER BY entry.effective_on, entry.seq
"""


def lines(society: Society, *, on: date, known_at: datetime) -> Iterator[bytes]:
    """The journal, oldest first: names of members are not in it, their numbers are."""
    head = f"; Share ledger of {_plain(society.registered_name)}, {society.register_number}, as at {on.isoformat()}\n"
    yield (head + "commodity £1,000.00\n\n").encode()
    params = {"society": society.pk, "on": on, "known_at": known_at}
    with copied(f"COPY ({ENTRIES}) TO STDOUT", params) as copy:
        for day, seq, kind, answered, member, name, shares, pounds, authority in copy.rows():
            yield (
                f"{day} ({seq}) {kind}, member {member}, {shares} shares  ; {_plain(authority)}\n"
                f"    {AGAINST[answered]}  £{pounds}\n"
                f"    Equity:Share capital:{_account(name)}:{member}  £{_negated(pounds)}\n\n"
            ).encode()


def file(society: Society, *, on: date, known_at: datetime) -> IO[bytes]:
    """The journal in a temporary file, open at its beginning."""
    made = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it when it has been sent
    made.writelines(lines(society, on=on, known_at=known_at))
    made.seek(0)
    return made


def _negated(pounds: str) -> str:
    return pounds[1:] if pounds.startswith("-") else f"-{pounds}"


def _plain(text: str) -> str:
    """One line without what a journal reads as something else."""
    return re.sub(r"[\s;]+", " ", text).strip()


def _account(name: str) -> str:
    """A class's name as a part of an account: no colon, no two blanks."""
    return re.sub(r"[\s:;]+", " ", name).strip()
