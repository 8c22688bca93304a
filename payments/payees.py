"""Whose account money goes back to: given by the payer behind their own link, or entered by an officer."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, clock, outbox
from offers.models import Application
from payments import bank_details
from payments.bank_files import for_banks
from payments.choices import RefundState, RefundWay
from payments.models import PayeeAccount, Refund


def wanted(application: Application) -> bool:
    """Whether money waits to go back from the society's own account, so that bank details are of use."""
    return Refund.objects.filter(
        society_id=application.society_id,
        application=application,
        way=RefundWay.SOCIETY,
        state__in=[RefundState.DUE, RefundState.FAILED],
    ).exists()


@transaction.atomic
def give(
    application: Application, *, account_name: str, sort_code: str, account_number: str, roll_number: str = "", by=None
) -> PayeeAccount:
    """Keep the details, checked for their shape, in place of what was there; ValidationError says what is wrong.

    A change is a new version: what was approved with the old one is void. The applicant is told by e-mail of both, so
    that nobody leads the money elsewhere unseen. `by`: the officer; None for the applicant.
    """
    locked = Application.objects.select_for_update(no_key=True).get(
        pk=application.pk, society_id=application.society_id
    )
    if not wanted(locked):
        raise ValidationError(_("No refund waits for bank details."))
    details = {
        "account_name": " ".join(account_name.split()),
        "sort_code": bank_details.sort_code(sort_code),
        "account_number": bank_details.account_number(account_number),
        "roll_number": bank_details.roll_number(roll_number),
    }
    if not details["account_name"]:
        raise ValidationError(_("Enter the name on the account."))
    if not for_banks(details["account_name"], 18):
        raise ValidationError(_("Enter the name on the account in the letters A to Z, as the bank writes it."))
    row = PayeeAccount.objects.filter(society_id=locked.society_id, application=locked).first()
    if row and all(getattr(row, name) == value for name, value in details.items()):
        return row
    version = row.version + 1 if row else 1
    row = row or PayeeAccount(society_id=locked.society_id, application=locked)
    for name, value in {**details, "version": version, "given_at": clock.now(), "given_by": by}.items():
        setattr(row, name, value)
    row.save()
    event = audit.note("payee.give", society_id=row.society_id, subject_id=locked.pk, by=by, version=version)
    kind = "bank-details-given" if version == 1 else "bank-details-changed"
    outbox.post(kind, event, to=locked.email, language=locked.language)
    return row


def show_whole(payee: PayeeAccount, *, by) -> dict:
    """The details unmasked, for an officer who pays at the bank's own pages; written down that they looked."""
    audit.note("payee.look", society_id=payee.society_id, subject_id=payee.application_id, by=by)
    code = payee.sort_code
    return {
        "account_name": payee.account_name,
        "sort_code": f"{code[:2]}-{code[2:4]}-{code[4:]}",
        "account_number": payee.account_number,
        "roll_number": payee.roll_number,
    }


def seen(application_id, society_id) -> dict:
    """What an approval names of a payee: which version, and not the numbers."""
    row = PayeeAccount.objects.filter(society_id=society_id, application_id=application_id).first()
    return {"payee": str(row.pk), "version": row.version} if row else {"payee": "", "version": 0}
