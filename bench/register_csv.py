"""The register and the ledger of 100,000 members with three entries each as CSV, beside PostgreSQL's own COPY."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import psql, seeding
from bench.figure import Figure
from bench.timing import in_turns, seconds
from common import exports
from members import register

MEMBERS, ROUNDS = 100_000, 3
# What anybody would type into psql for the same rows: no guard against formulas, no London time, no past moment.
MEMBERS_PLAIN = """
    SELECT p.name, p.joint_names, p.address, p.postcode, p.country, p.email, p.email_purposes, held.shares,
           held.pence / 100.0, 'none', m.entered_on, m.ceased_on, m.number, h.kind, p.representative
    FROM members_member m
    JOIN offers_holder h ON h.id = m.holder_id
    JOIN (SELECT DISTINCT ON (member_id) * FROM members_particulars
          ORDER BY member_id, effective_on DESC, recorded_at DESC) p ON p.member_id = m.id
    JOIN (SELECT member_id, sum(shares) AS shares, sum(amount_pence) AS pence FROM members_ledgerentry
          GROUP BY member_id) held ON held.member_id = m.id
    WHERE m.society_id = '{society}' ORDER BY m.number
"""
ENTRIES_PLAIN = """
    SELECT e.seq, e.recorded_at, e.effective_on, s.register_number, m.number, m.number || '-' || c.name, p.name,
           p.joint_names, p.representative, c.name, o.title, e.kind, certificate.number, e.shares,
           sum(e.shares) OVER (PARTITION BY e.member_id, e.share_class_id ORDER BY e.seq), c.nominal_pence / 100.0,
           e.amount_pence / 100.0, e.authority, e.recorded_by_id, encode(e.hash, 'hex')
    FROM members_ledgerentry e
    JOIN members_member m ON m.id = e.member_id
    JOIN offers_society s ON s.id = e.society_id
    JOIN offers_shareclass c ON c.id = e.share_class_id
    JOIN (SELECT DISTINCT ON (member_id) * FROM members_particulars
          ORDER BY member_id, effective_on DESC, recorded_at DESC) p ON p.member_id = m.id
    LEFT JOIN offers_shareoffer o ON o.id = e.offer_id
    LEFT JOIN compliance_certificate certificate ON certificate.id = e.certificate_id
    WHERE e.society_id = '{society}' ORDER BY e.seq
"""


def tables(society) -> dict[str, exports.Table]:
    return {"members": register.statutory(society), "entries": register.ledger(society)}


def copied(society, folder: Path) -> float:
    """Seconds that psql needs for both."""
    plain = {"members": MEMBERS_PLAIN, "entries": ENTRIES_PLAIN}
    return sum(
        seconds(lambda name=name, sql=sql: psql.copy_out(sql.format(society=society.pk), folder / f"{name}.psql"))
        for name, sql in plain.items()
    )


def streamed(society, folder: Path) -> float:
    """Seconds that our downloads need for both."""

    def write(name: str, table: exports.Table) -> None:
        with (folder / f"{name}.csv").open("wb") as file:
            file.writelines(exports.csv_lines(table))

    return sum(seconds(lambda name=name, table=table: write(name, table)) for name, table in tables(society).items())


def lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in file)


def measure() -> list[Figure]:
    society = seeding.society(members=MEMBERS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, limit = in_turns(lambda: streamed(society, folder), lambda: copied(society, folder), rounds=ROUNDS)
        assert lines(folder / "entries.csv") == lines(folder / "entries.psql") + 1 == 3 * MEMBERS + 1
    said = "100,000 members and their 300,000 entries as CSV; psql's own COPY of the same rows"
    return [Figure("register_csv", ours, limit, "s", bar=1.3, of=said)]
