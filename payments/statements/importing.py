"""Taking a statement: the file once, each of its lines once, and only where opening + lines = closing."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from common import audit, clock
from common.lines import one_line
from payments.choices import Balances
from payments.models import BankAccount, BankLine, ColumnMap, StatementImport, UploadedStatement
from payments.statements import reading
from payments.statements.csv_maps import Spec
from payments.statements.facts import Line, Statement, add_up, refused

KEPT_FOR = timedelta(days=1)  # an upload that nobody finished


@transaction.atomic
def open_account(society, *, name: str, last_four: str, by) -> BankAccount:
    """Say that the society has an account whose statements come here. Its name is the society's own word for it."""
    account = BankAccount(
        society=society, name=one_line(name), last_four=last_four, opened_at=clock.now(), opened_by=by
    )
    account.full_clean()
    account.save()
    audit.note("bank-account.open", society_id=society.pk, subject_id=account.pk, by=by)
    return account


@transaction.atomic
def upload(account: BankAccount, *, file_name: str, content: bytes, by) -> UploadedStatement:
    """Keep a file until it is imported. Refused where it is no statement, or was imported before."""
    reading.kind(content)
    refuse_second_time(account, content)
    UploadedStatement.objects.filter(society_id=account.society_id, uploaded_at__lt=clock.now() - KEPT_FOR).delete()
    return UploadedStatement.objects.create(
        society_id=account.society_id, account=account, file_name=one_line(file_name)[-120:] or "–", content=content,
        uploaded_at=clock.now(), uploaded_by=by,
    )  # fmt: skip


def refuse_second_time(account: BankAccount, content: bytes) -> None:
    """ValidationError with the day on which this very file was imported."""
    same = {"society_id": account.society_id, "account": account, "file_sha256": reading.sha256(content)}
    if earlier := StatementImport.objects.filter(**same).select_related("imported_by").first():
        words = _("This file was imported on %(day)s by %(who)s. Nothing was done again.")
        day = formats.date_format(clock.london(earlier.imported_at), "j F Y")
        raise ValidationError(words % {"day": day, "who": earlier.imported_by}, code="twice")


@transaction.atomic
def save_map(society, *, name: str, spec: Spec, by) -> ColumnMap:
    """Keep a map of columns under a name; the same name again changes it."""
    values = {"header": list(spec.header), "columns": spec.kept(), "saved_at": clock.now(), "saved_by": by}
    return ColumnMap.objects.update_or_create(society=society, name=one_line(name), defaults=values)[0]


@transaction.atomic
def take(
    account: BankAccount,
    statement: Statement,
    *,
    content: bytes,
    file_name: str,
    opening_pence: int | None,
    closing_pence: int | None,
    by,
) -> StatementImport:
    """Import a statement that was read. Lines that the account has already are left alone.

    Balances are the file's own where it has them, whatever is given here; else as given, or None for both where the
    bank gave none. ValidationError where they do not add up, for the same file again, and for days to come.
    """
    account = BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk, society_id=account.society_id)
    refuse_second_time(account, content)
    in_file = statement.opening_pence is not None and statement.closing_pence is not None
    if in_file:
        opening_pence, closing_pence = statement.opening_pence, statement.closing_pence
    elif opening_pence is not None and statement.closing_pence is not None:
        closing_pence = statement.closing_pence
    if (opening_pence is None) != (closing_pence is None):
        raise refused(_("Give both balances, or say that the bank gave none."))
    add_up(statement, opening_pence, closing_pence)
    refuse_days_to_come(statement)
    new = unseen(account, statement)
    days = [line.booked_on for line in statement.lines]
    taken = StatementImport.objects.create(
        society_id=account.society_id, account=account, file_name=one_line(file_name)[-120:] or "–",
        file_sha256=reading.sha256(content), format=statement.format, first_on=min(days), last_on=max(days),
        balances=Balances.FILE if in_file else Balances.NONE if opening_pence is None else Balances.TYPED,
        opening_pence=opening_pence, closing_pence=closing_pence, lines_pence=statement.total_pence,
        lines_in_file=len(statement.lines), lines_new=len(new), imported_at=clock.now(), imported_by=by,
    )  # fmt: skip
    BankLine.objects.bulk_create([_row(taken, line, nth) for line, nth in new], batch_size=500)
    facts = {"lines": len(new), "lines_pence": statement.total_pence}
    audit.note("statement.take", society_id=account.society_id, subject_id=taken.pk, by=by, **facts)
    return taken


def refuse_days_to_come(statement: Statement) -> None:
    """No bank has moved money tomorrow; day and month stand the other way round, or the file is another's."""
    today = clock.today()
    if late := next((line for line in statement.lines if line.booked_on > today), None):
        words = _("Line %(n)s is of %(day)s, which is still to come. Check the order of day and month.")
        raise refused(words % {"n": late.number, "day": formats.date_format(late.booked_on, "j F Y")})


def unseen(account: BankAccount, statement: Statement) -> list[tuple[Line, int]]:
    """The lines that the account does not have yet, each with how many like it come up to it.

    The bank's number of a line stands for one day and one sum. Where a bank gives it to another movement too, that
    one is known by what it says. The caller holds the account's row, or only wants to show them.
    """
    rows = BankLine.objects.filter(society_id=account.society_id, account=account)
    days = [line.booked_on for line in statement.lines]
    numbers = {line.bank_reference for line in statement.lines} - {""}
    numbered = rows.filter(bank_reference__in=numbers).values_list("bank_reference", "booked_on", "amount_pence")
    stands_for = {number: (booked_on, amount_pence) for number, booked_on, amount_pence in numbered}
    unnumbered = rows.filter(bank_reference="", booked_on__gte=min(days), booked_on__lte=max(days))
    there = set(unnumbered.values_list("booked_on", "amount_pence", "words_sha256", "nth"))
    found, used, alike = [], set(), Counter()
    for line in statement.lines:
        number, what = line.bank_reference, (line.booked_on, line.amount_pence)
        if number and number not in used and stands_for.get(number, what) == what:
            used.add(number)
            if number not in stands_for:
                found.append((line, 1))
            continue
        same = (*what, words_sha256(line))
        alike[same] += 1
        if (*same, alike[same]) not in there:
            found.append((replace(line, bank_reference=""), alike[same]))
    return found


def words_sha256(line: Line) -> str:
    """What makes two lines without a number say the same."""
    return hashlib.sha256("\x1f".join((line.text, line.payer, line.reference)).encode()).hexdigest()


def _row(taken: StatementImport, line: Line, nth: int) -> BankLine:
    return BankLine(
        society_id=taken.society_id, account_id=taken.account_id, statement=taken, number=line.number,
        booked_on=line.booked_on, amount_pence=line.amount_pence, text=line.text, payer=line.payer,
        reference=line.reference, bank_reference=line.bank_reference, words_sha256=words_sha256(line), nth=nth,
    )  # fmt: skip
