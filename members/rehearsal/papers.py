"""What a rehearsal leaves behind: the outcome, the registers, the ledger, and the papers of the decision."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from common import clock, exports
from common.exports import DAY, MONEY, Column, Table
from compliance import certificate_pdf
from compliance.models import Certificate
from members import minute_pdf, register
from members.rehearsal.playing import Played

Progress = Callable[[str, int, int], None]

REFUNDS = [
    Column("reference", "application.reference"),
    Column("name", "application.name"),
    Column("method", "receipt.method"),
    Column("amount", "refund.amount_pence", MONEY),
    Column("rule", "refund.rule"),
    Column("reason", "refund.reason"),
    Column("due_on", "(refund.due_at AT TIME ZONE 'Europe/London')::date", DAY),
    Column("state", "refund.state"),
]
REFUNDS_FROM = """
    FROM payments_refund refund
    JOIN payments_receipt receipt ON receipt.id = refund.receipt_id
    JOIN offers_application application ON application.id = refund.application_id
    WHERE refund.society_id = %(society)s
"""
DECISIONS = [
    Column("decided_at", "to_char(decision.decided_at AT TIME ZONE 'Europe/London', 'YYYY-MM-DD\"T\"HH24:MI:SS')"),
    Column("occasion", "decision.occasion"),
    Column("application", "coalesce(application.reference, '')"),
    Column("subject", "decision.subject_id::text"),
    Column("rule", "decision.rule"),
    Column("level", "decision.level"),
    Column("answer", "CASE WHEN decision.passed THEN 'yes' ELSE 'no' END"),
    Column("arithmetic", "decision.arithmetic"),
    Column("message", "decision.message"),
    Column("source", "decision.source"),
    Column("inputs", "decision.facts::text"),
    Column("rule_set", "decision.rule_set"),
]
DECISIONS_FROM = """
    FROM compliance_decision decision
    LEFT JOIN offers_application application
      ON application.id = decision.subject_id AND application.society_id = decision.society_id
    WHERE decision.society_id = %(society)s
"""


def write(played: Played, outcome: dict, folder: Path, *, certificates: bool, progress: Progress) -> None:
    """Write every file of a rehearsal into an existing folder. The clock must stand at the end of the play."""
    society = played.stage.society
    (folder / "outcome.json").write_text(json.dumps(outcome, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    of_society = {"society": society.pk}
    tables = {
        "register.csv": register.statutory(society),
        "inspection.csv": register.inspection_copy(society),
        "ledger.csv": register.ledger(society),
        "refunds.csv": Table(REFUNDS, REFUNDS_FROM, "refund.due_at, refund.id", of_society),
        "decisions.csv": Table(DECISIONS, DECISIONS_FROM, "decision.decided_at, decision.id", of_society),
    }
    for name, table in tables.items():
        (folder / name).write_bytes(b"".join(exports.csv_lines(table)))
    with open(folder / "register.xlsx", "wb") as target:
        exports.write_xlsx(register.statutory(society), target, title="Register of members")
    if certificates:
        _write_pdfs(played, folder, progress)


def _write_pdfs(played: Played, folder: Path, progress: Progress) -> None:
    """The minute and a certificate for each holder."""
    (folder / "minute.pdf").write_bytes(minute_pdf.draw(played.working, decided_on=clock.today()))
    (folder / "certificates").mkdir(exist_ok=True)
    issued = Certificate.objects.filter(society=played.stage.society).order_by("number")
    total = issued.count()
    for done, certificate in enumerate(issued.iterator(), start=1):
        name = f"{certificate.number:05}.pdf"
        (folder / "certificates" / name).write_bytes(certificate_pdf.draw(certificate.facts, token=certificate.token))
        progress("certificates", done, total)
