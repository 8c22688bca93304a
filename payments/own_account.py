"""The society's own bank account: payers are told to send money there, and files of refunds leave from it.

Whoever can change it can lead money away. So one officer enters it, another approves exactly what they read, and every
officer is told by e-mail of both. The table refuses a change that was not approved so.
"""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, outbox
from compliance import approvals
from compliance.models import Approval
from offers import officers
from offers.models import Society
from payments import bank_details
from payments.bank_files import for_banks

COLUMNS = {"account_name": "bank_name", "sort_code": "bank_sort_code", "account_number": "bank_account"}


def current(society: Society) -> dict[str, str]:
    """The account that stands now, each part empty where there is none."""
    return {name: getattr(society, column) for name, column in COLUMNS.items()}


def waiting(society: Society) -> Approval | None:
    """The account that waits for a second officer."""
    return approvals.waiting_for(society_id=society.pk, act=Approval.OWN_ACCOUNT, subject_id=society.pk)


@transaction.atomic
def prepare(society: Society, *, account_name: str, sort_code: str, account_number: str, by) -> Approval:
    """Put another account before a second officer and tell all of them; what waited before is void.

    ValidationError says why it cannot be an account, or that it stands here already.
    """
    society = _locked(society)
    said = {
        "account_name": _name(account_name),
        "sort_code": _shown(bank_details.sort_code(sort_code)),
        "account_number": bank_details.account_number(account_number),
    }
    before = current(society)
    if said == before:
        raise ValidationError(_("This account stands here already."))
    facts = said | {"before": before}
    earlier = waiting(society)
    approval = approvals.prepare(society_id=society.pk, act=Approval.OWN_ACCOUNT, subject_id=society.pk, facts=facts,
                                 by=by)  # fmt: skip
    if earlier is None or earlier.pk != approval.pk:
        audit.note("own-account.prepare", society_id=society.pk, subject_id=approval.pk, by=by)
        _tell(society, "own-account-prepared", approval, by)
    return approval


def _locked(society: Society) -> Society:
    return Society.objects.select_for_update(no_key=True).get(pk=society.pk)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise ValidationError({"account_name": _("Enter the name on the account.")})
    if not for_banks(name, 18):
        words = _("Enter the name on the account in the letters A to Z, as the bank writes it.")
        raise ValidationError({"account_name": words})
    return name


def _shown(digits: str) -> str:
    """A sort code as payers are used to read it."""
    return f"{digits[:2]}-{digits[2:4]}-{digits[4:]}"


@transaction.atomic
def change(society: Society, *, approval_id: uuid.UUID, by) -> Society:
    """Approve what another officer prepared, and let it hold from now on; all officers are told.

    `approval_id`: what the second officer has before them, so that nothing else is put in its place meanwhile.
    approvals.NotApproved, with words, where it is the same person, or it no longer is what waits.
    """
    society = _locked(society)
    found = waiting(society)
    if found is None or found.pk != approval_id:
        raise approvals.NotApproved(_("What you read no longer waits. Look at the page again."))
    said = {name: found.facts[name] for name in COLUMNS}
    of_it = {"society_id": society.pk, "act": Approval.OWN_ACCOUNT, "subject_id": society.pk,
             "facts": said | {"before": current(society)}}  # fmt: skip
    approvals.approve(**of_it, by=by)
    used = approvals.use(**of_it)
    for name, column in COLUMNS.items():
        setattr(society, column, said[name])
    society.save(update_fields=list(COLUMNS.values()))
    audit.note("own-account.change", society_id=society.pk, subject_id=used.pk, by=by)
    _tell(society, "own-account-changed", used, by)
    return society


@transaction.atomic
def withdraw(society: Society, *, by) -> bool:
    """Take back what waits; False where nothing does."""
    society = _locked(society)
    found = waiting(society)
    if found is None:
        return False
    audit.note("own-account.withdraw", society_id=society.pk, subject_id=found.pk, by=by)
    return approvals.withdraw(society_id=society.pk, act=Approval.OWN_ACCOUNT, subject_id=society.pk)


def _tell(society: Society, kind: str, approval: Approval, by) -> None:
    """A message to everybody who holds an office now, one each."""
    for user in {officer.user for officer in officers.serving(society.pk)}:
        event = audit.note(
            "own-account.tell", society_id=society.pk, subject_id=user.pk, by=by, approval=str(approval.pk)
        )
        outbox.post(kind, event, to=user.email)
