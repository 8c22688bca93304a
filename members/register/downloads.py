"""What may be taken away, in one table: each download's words, columns, options and sums.

A download is added here and nowhere else: the page, the addresses, the seals and the tests walk this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from common.exports import Table
from members.register import books_tables, journal, members_table, open_cap_format
from members.register.certificate_book import certificate_book
from members.register.chain_table import chain
from members.register.ledger_table import ledger
from offers.models import ShareClass, Society

CSV, XLSX, PDF, JSON, ZIP, JOURNAL = "csv", "xlsx", "pdf", "json", "zip", "journal"
DAY, CLASS, WHO, ADDRESS, JOINT, SINCE = "on", "share_class", "who", "address", "joint", "since"


@dataclass(frozen=True)
class Options:
    """What somebody asks of a download. Every one is told, so that the same question can be asked again."""

    on: date
    known_at: datetime
    since: date | None = None
    share_class: ShareClass | None = None
    who: str = members_table.CURRENT
    address: str = members_table.FULL
    joint: str = members_table.TOGETHER

    def as_json(self) -> dict[str, str]:
        """For keeping with the seal; texts only."""
        return {
            "on": self.on.isoformat(),
            "known_at": self.known_at.isoformat(),
            "since": self.since.isoformat() if self.since else "",
            "share_class": str(self.share_class.pk) if self.share_class else "",
            "who": self.who,
            "address": self.address,
            "joint": self.joint,
        }

    @classmethod
    def from_json(cls, said: dict[str, str], society: Society) -> Options:
        """The options that were kept."""
        chosen = said["share_class"]
        return cls(
            on=date.fromisoformat(said["on"]),
            known_at=datetime.fromisoformat(said["known_at"]),
            since=date.fromisoformat(said["since"]) if said["since"] else None,
            share_class=ShareClass.objects.get(pk=chosen, society=society) if chosen else None,
            who=said["who"],
            address=said["address"],
            joint=said["joint"],
        )


@dataclass(frozen=True)
class Download:
    """One thing to take away. `options`: what it takes besides the moment of knowledge; `sums`: columns added up.

    `key`: the columns that name a row, by which two of the same kind are compared; `printed`: headings on paper with
    how wide each is. `own`: what writes a file that is no table, of the one kind it has; its rows are the table's.
    """

    name: str
    title: Any
    hint: Any
    table: Callable[..., Table]
    options: frozenset[str]
    key: tuple[str, ...]
    printed: dict[str, int]
    sums: tuple[str, ...] = ()
    fixed: dict = field(default_factory=dict)
    own: Callable[..., IO[bytes]] | None = None
    kinds: tuple[str, ...] = (CSV, XLSX, PDF, JSON)

    def made(self, society: Society, options: Options) -> Table:
        """Its table with these options; those that it does not take are left out."""
        taken = {name: getattr(options, name) for name in self.options | {"known_at"}}
        return self.table(society, **taken, **self.fixed)


MEMBER = {"member_no": 5, "name": 18, "joint_holders": 14}
DOWNLOADS = [
    Download(
        "register", _("Register of members"), _("Every particular of section 30. For the secretary and the registrar"),
        members_table.statutory, frozenset({DAY, CLASS, WHO, ADDRESS, JOINT}), ("member_no", "name"),
        {"member_no": 5, "name": 17, "joint_holders": 12, "postal_address": 24, "postcode": 8, "electronic_address": 22,
         "shares_held": 7, "amount_paid": 9, "other_property": 9, "date_entered": 9, "date_ceased": 9},
        sums=("shares_held", "amount_paid"),
    ),
    Download(
        "inspection", _("Copy for inspection"), _("Section 103: without holdings and other property"),
        members_table.inspection_copy, frozenset({DAY, ADDRESS, JOINT}), ("member_no", "name"),
        {"member_no": 5, "name": 18, "joint_holders": 14, "postal_address": 28, "postcode": 8, "electronic_address": 20,
         "electronic_address_purposes": 14, "date_entered": 8, "date_ceased": 8},
    ),
    Download(
        "ledger", _("Share ledger"), _("One row for each entry, with its seal, from the first on"),
        ledger, frozenset({DAY}), ("entry_no",),
        {"entry_no": 6, "effective_date": 8, "member_no": 6, "holder_name": 18, "share_class": 12, "entry_type": 8,
         "certificate_no": 7, "shares_change": 8, "shares_after": 8, "amount_paid": 9, "authority": 26,
         "reverses_entry": 7},
        sums=("shares_change", "amount_paid"),
    ),
    Download(
        "chain", _("Ledger with its chain"), _("All that the hashes are over, for tools/verify.py; take it as JSON"),
        chain, frozenset({DAY}), ("seq",),
        {"seq": 6, "kind": 9, "shares": 8, "amount": 9, "effective_on": 9, "authority": 26, "hash": 40},
        sums=("shares", "amount"),
    ),
    Download(
        "allotments", _("Allotments"), _("The schedule behind the board’s minutes"),
        books_tables.allotments, frozenset({DAY, SINCE}), ("entry_no",),
        {"allotted_on": 8, "entry_no": 6, **MEMBER, "share_class": 12, "issue": 14, "application": 8, "shares": 7,
         "amount_paid": 9, "certificate_no": 7},
        sums=("shares", "amount_paid"),
    ),
    Download(
        "certificates", _("Certificate book"), _("Every certificate, and what became of it"),
        certificate_book, frozenset({DAY}), ("certificate_no",),
        {"certificate_no": 7, "issued_on": 8, "member_no": 6, "holder_name": 20, "share_class": 14,
         "shares": 8, "amount_paid": 10, "state": 9, "replaced_by_certificate": 8, "ended_on": 8, "ended_because": 20},
    ),
    Download(
        "former", _("Former members"), _("Who had ceased before the day, and when"),
        members_table.statutory, frozenset({DAY, ADDRESS, JOINT}), ("member_no", "name"),
        {"member_no": 5, "name": 20, "joint_holders": 14, "postal_address": 30, "postcode": 8, "date_entered": 9,
         "date_ceased": 9},
        fixed={"who": members_table.FORMER},
    ),
    Download(
        "officers", _("Register of officers"), _("Section 30(3): who held which office, and when"),
        books_tables.officers, frozenset({DAY}), ("name", "office", "took_office"),
        {"name": 20, "postal_address": 30, "electronic_address": 20, "office": 14, "took_office": 9, "left_office": 9},
    ),
    Download(
        "voting", _("Voting list"), _("As at a record date: one row and one vote for each member"),
        members_table.voting_list, frozenset({DAY, ADDRESS}), ("member_no",),
        {**MEMBER, "votes_by": 18, "votes": 5, "postal_address": 24},
        sums=("votes",),
    ),
    Download(
        "movement", _("Movement of share capital"), _("Opening + in − out = closing, by class, tied to the money"),
        books_tables.capital_movement, frozenset({DAY, SINCE}), ("share_class",),
        {"share_class": 16, "opening": 10, "added": 10, "taken_out": 10, "closing": 10, "received_for_it": 10,
         "other_sources": 10, "difference": 10},
        sums=("opening", "added", "taken_out", "closing", "received_for_it", "other_sources", "difference"),
    ),
    Download(
        "largest", _("Largest holdings"), _("How much of the capital each holding is, the largest first"),
        members_table.largest_holdings, frozenset({DAY}), ("member_no",),
        {"place": 5, **MEMBER, "shares_held": 9, "amount_paid": 10, "percent_of_capital": 9, "percent_down_to_here": 9},
        sums=("shares_held", "amount_paid"),
    ),
    Download(
        "mailing-email", _("Notices by e-mail"), _("Members who gave an address for notices"),
        partial(members_table.mailing_list, way="email"), frozenset({DAY}), ("member_no",),
        {**MEMBER, "electronic_address": 28},
    ),
    Download(
        "mailing-post", _("Notices by post"), _("All other members, with their postal address"),
        partial(members_table.mailing_list, way="post"), frozenset({DAY}), ("member_no",),
        {**MEMBER, "postal_address": 30, "postcode": 8},
    ),
    Download(
        "open-cap-format", _("Open Cap Format"), _("The open format of cap tables, for another program"),
        ledger, frozenset({DAY}), ("entry_no",), {}, sums=("shares_change", "amount_paid"),
        own=open_cap_format.package, kinds=(ZIP,),
    ),
    Download(
        "accounts", _("Accounting journal"), _("Share capital for hledger and other plain-text accounting"),
        ledger, frozenset({DAY}), ("entry_no",), {}, sums=("shares_change", "amount_paid"),
        own=journal.file, kinds=(JOURNAL,),
    ),
]  # fmt: skip
BY_NAME = {download.name: download for download in DOWNLOADS}
