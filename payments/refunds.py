"""Money that goes back. A verb that owes a refund writes the row in its own transaction; sending comes after commit."""

from __future__ import annotations

from collections.abc import Iterable

from common import clock, outbox
from common.models import OutgoingMail
from offers.models import Application
from payments import balances
from payments.choices import RefundWay
from payments.models import Receipt, Refund


def owe(application: Application, amount_pence: int, *, rule: str, reason: str) -> list[Refund]:
    """Owe part or all of what is held, by the way it came, newest money first.

    The caller holds the application's row. ValueError for more than is held; the table's trigger refuses it too.
    `rule`: id of the rule that asks for it, such as "OFF-2"; `reason` is told to the applicant.
    """
    if not amount_pence:
        return []
    left = balances.refundable(society_id=application.society_id, application=application)
    return owe_rows(split(application, amount_pence, left.get(application.pk, []), rule=rule, reason=reason))


def split(
    application: Application, amount_pence: int, available: list[tuple[Receipt, int]], *, rule: str, reason: str
) -> list[Refund]:
    """Refund rows, not written yet, for a sum over what is left of an application's receipts."""
    rows, missing = [], amount_pence
    for receipt, available_pence in available:
        part = min(missing, available_pence)
        if part:
            rows.append(_row(application, receipt, part, rule=rule, reason=reason))
        missing -= part
    if missing:
        raise ValueError(f"{missing} pence more than is held for application {application.pk}.")
    return rows


def owe_all(application: Application, *, rule: str, reason: str) -> list[Refund]:
    """Owe back all that is held for an application, perhaps nothing."""
    return owe(application, balances.held_pence(application), rule=rule, reason=reason)


def _row(application: Application, receipt: Receipt, amount_pence: int, *, rule: str, reason: str) -> Refund:
    now, through_stripe = clock.now(), receipt.attempt_id is not None
    return Refund(
        society_id=application.society_id,
        receipt=receipt,
        application=application,
        amount_pence=amount_pence,
        rule=rule,
        reason=reason,
        way=RefundWay.STRIPE if through_stripe else RefundWay.SOCIETY,
        due_at=now,
        next_try_at=now if through_stripe else None,
    )


def owe_rows(rows: Iterable[Refund]) -> list[Refund]:
    """Write refund rows at once, with a message to each applicant."""
    rows = Refund.objects.bulk_create(list(rows), batch_size=1000)
    now = clock.now()
    outbox.post_all(
        [
            OutgoingMail(
                society_id=row.society_id,
                kind="refund-due",
                subject_id=row.pk,
                to=row.application.email,
                language=row.application.language,
                due_at=now,
                next_try_at=now,
            )
            for row in rows
            if row.application.email
        ]
    )
    return rows


def tell(refund: Refund, kind: str) -> None:
    """Tell the payer what became of a refund: "refund-sent", "refund-done" or "refund-failed", each once.

    One that arrived, came back and went again is told of again, in the words of the first time.
    """
    application = refund.application
    if kind == "refund-done" and OutgoingMail.objects.filter(kind=kind, subject_id=refund.pk).exists():
        kind = "refund-done-after-all"
    outbox.post(kind, refund, to=application.email, language=application.language)
