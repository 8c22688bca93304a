"""Bank accounts on an officer's desk: what each holds, its statements, and taking the next one."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from common.forms import posted
from members import office_todo
from members.forms.bank import AccountForm, BalancesForm, ColumnsForm, FileForm, letter
from members.views.office import guards
from offers import officers
from payments.models import BankAccount, ColumnMap, StatementImport, UploadedStatement
from payments.statements import account as accounts
from payments.statements import csv_lines, csv_maps, csv_text, importing, reading
from payments.statements.csv_maps import Spec

PREVIEW = 8


@require_safe
@guards.officer(officers.LOOK)
def overview(request, society):
    """The accounts with what they hold, what waits to be matched, and money for nobody with its age."""
    rows = BankAccount.objects.filter(society=society)
    context = guards.page(
        request,
        society,
        "office:bank",
        accounts=[{"account": account, "standing": accounts.standing(account)} for account in rows],
        waiting=office_todo.bank_waiting(society),
        kept=office_todo.bank_kept(society),
    )
    return render(request, "office/bank.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def new(request, society):
    """Say that the society has another account."""
    form = AccountForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            account = importing.open_account(society, **form.cleaned_data, by=request.user)
            return redirect("office:bank-account", society.slug, account.pk)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    return render(request, "office/bank_account_new.html", guards.page(request, society, "office:bank", form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.LOOK)
def account(request, society, key):
    """One account: what it holds, its statements; a treasurer gives the next file here."""
    found = get_object_or_404(BankAccount, society=society, pk=key)
    is_cut = int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    form = FileForm(posted(request), request.FILES or None, is_cut=is_cut)
    if request.method == "POST":
        if officers.MONEY not in request.rights:
            raise PermissionDenied
        if form.is_valid() and (upload := _uploaded(request, found, form)):
            return redirect("office:bank-upload", society.slug, upload.pk)
    imports = StatementImport.objects.filter(society=society, account=found).select_related("imported_by")
    context = guards.page(
        request,
        society,
        "office:bank",
        account=found,
        form=form,
        standing=accounts.standing(found),
        imports=Paginator(imports.order_by("-imported_at"), 50).get_page(request.GET.get("page")),
    )
    return render(request, "office/bank_account.html", context)


def _uploaded(request, found: BankAccount, form: FileForm) -> UploadedStatement | None:
    file = form.cleaned_data["file"]
    try:
        return importing.upload(found, file_name=file.name, content=file.read(), by=request.user)
    except ValidationError as refusal:
        form.add_error("file", refusal.messages)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@guards.officer(officers.MONEY)
def upload(request, society, key):
    """A file on its way in: which columns it has, if it is a CSV file, and then what it says, to be confirmed."""
    rows = UploadedStatement.objects.select_related("account")
    found = get_object_or_404(rows, society=society, pk=key)
    act = request.POST.get("act", "")
    if request.method == "POST" and act == "forget":
        account_key = found.account_id
        found.delete()
        messages.success(request, _("The file is forgotten. Nothing was imported."))
        return redirect("office:bank-account", society.slug, account_key)
    content = bytes(found.content)
    if reading.kind(content) == reading.CSV:
        table = _rows(content)
        spec = _spec(found, table) if table is not None else None
        if table is None or spec is None or act == "columns" or "columns" in request.GET:
            return _columns(request, society, found, table, spec)
        return _check(request, society, found, spec)
    return _check(request, society, found, None)


def _rows(content: bytes) -> list[list[str]] | None:
    """The rows of a CSV file, or None where it cannot be read at all."""
    try:
        return csv_text.rows(content)
    except ValidationError:
        return None


def _spec(found: UploadedStatement, table) -> Spec | None:
    """The columns that were said for this file, or kept for files with its header, or known."""
    if found.columns is not None:
        return Spec.of(found.columns)
    for kept in ColumnMap.objects.filter(society_id=found.society_id).exclude(header=[]):
        if csv_maps.header_place(table, kept.header) is not None:
            return Spec.of(kept.columns)
    return csv_maps.known(table)


def _columns(request, society, found: UploadedStatement, table, spec: Spec | None):
    """Say which column is what, with the file's first lines and how they would be read."""
    problem, form, start = "", None, None
    if table is None:
        problem = _problem(lambda: csv_text.rows(bytes(found.content)))
    else:
        start = _starting_from(request, society, table) or spec or csv_maps.guess(table)
        initial = {**ColumnsForm.initial_of(start, table), "name": _name_of(society, start) or str(found.account.name)}
        form = ColumnsForm(posted(request), rows=table, initial=initial)
        if request.method == "POST" and form.is_valid():
            start = form.spec()
            problem = _problem(lambda: csv_lines.read(table, start))
            if not problem:
                importing.save_map(society, name=form.cleaned_data["name"], spec=start, by=request.user)
                found.columns = start.kept()
                found.save(update_fields=["columns"])
                return redirect("office:bank-upload", society.slug, found.pk)
    context = guards.page(
        request,
        society,
        "office:bank",
        upload=found,
        form=form,
        problem=problem,
        starts=_starts(society),
        chosen=request.GET.get("from", ""),
        letters=[letter(place) for place in range(max(map(len, table[:PREVIEW]), default=0))] if table else [],
        first_rows=[(number, _padded(row, table)) for number, row in enumerate(table[:PREVIEW], 1)] if table else [],
        read_as=_read_as(table, start) if table and start else [],
    )
    return render(request, "office/bank_columns.html", context)


def _padded(row: list[str], table) -> list[str]:
    width = max(map(len, table[:PREVIEW]))
    return row + [""] * (width - len(row))


def _problem(act) -> str:
    try:
        act()
    except ValidationError as refusal:
        return refusal.messages[0]
    return ""


def _read_as(table, spec: Spec) -> list:
    """The first lines as a map reads them; none where it reads nothing."""
    try:
        return csv_lines.read(table, spec).lines[:PREVIEW]
    except ValidationError:
        return []


def _starts(society) -> list[tuple[str, str]]:
    """What the boxes may be filled from: the society's own maps, then the known shapes."""
    own = ColumnMap.objects.filter(society=society).values_list("pk", "name")
    return [*((str(key), name) for key, name in own), *((f"known:{name}", name) for name in csv_maps.KNOWN)]


def _starting_from(request, society, table) -> Spec | None:
    asked = request.GET.get("from", "")
    if asked.startswith("known:"):
        spec = csv_maps.KNOWN.get(asked.removeprefix("known:"))
    else:
        spec = next((Spec.of(row.columns) for row in ColumnMap.objects.filter(society=society) if str(row.pk) == asked),
                    None)  # fmt: skip
    if spec and csv_maps.header_place(table, spec.header) is None:
        spec = replace(spec, header=())
    return spec


def _name_of(society, spec: Spec) -> str:
    kept = ColumnMap.objects.filter(society=society, header=list(spec.header)).exclude(header=[]).first()
    return kept.name if kept else ""


def _check(request, society, found: UploadedStatement, spec: Spec | None):
    """What the file says: its days, its sum, its balances, what is new. Confirmed, it is imported."""
    content, statement, problem = bytes(found.content), None, ""
    try:
        statement = reading.read(content, spec)
        importing.refuse_days_to_come(statement)
        importing.refuse_second_time(found.account, content)
    except ValidationError as refusal:
        problem = refusal.messages[0]
    form = None
    if statement and not problem:
        form = BalancesForm(posted(request), initial=_balances(found.account, statement))
        if request.method == "POST" and (taken := _taken(request, found, statement, form)):
            words = ngettext("%(n)s new line was imported.", "%(n)s new lines were imported.", taken.lines_new)
            messages.success(request, words % {"n": taken.lines_new})
            return redirect("office:bank-match", society.slug)
    new_lines = importing.unseen(found.account, statement) if form else []
    days = [line.booked_on for line in statement.lines] if statement else []
    context = guards.page(
        request,
        society,
        "office:bank",
        upload=found,
        form=form,
        problem=problem,
        statement=statement,
        days=(min(days), max(days)) if days else None,
        lines_in=sum(line.amount_pence for line in statement.lines if line.amount_pence > 0) if statement else 0,
        lines_out=sum(line.amount_pence for line in statement.lines if line.amount_pence < 0) if statement else 0,
        new_lines=new_lines,
        there=len(statement.lines) - len(new_lines) if statement else 0,
        asks=bool(statement) and (statement.opening_pence is None or statement.closing_pence is None),
        first_lines=[line for line, _nth in new_lines[:PREVIEW]],
        is_csv=spec is not None,
    )
    return render(request, "office/bank_check.html", context)


def _balances(found: BankAccount, statement) -> dict:
    """What is known already: of the file, or what the last statement closed with, if this one follows it."""
    standing = accounts.standing(found)
    follows = standing and standing.last.last_on <= min(line.booked_on for line in statement.lines)
    opening_pence = statement.opening_pence
    if opening_pence is None and follows:
        opening_pence = standing.last.closing_pence
    return {"opening_pence": opening_pence, "closing_pence": statement.closing_pence}


def _taken(request, found: UploadedStatement, statement, form: BalancesForm) -> StatementImport | None:
    in_file = statement.opening_pence is not None and statement.closing_pence is not None
    if not in_file and not form.is_valid():
        return None
    said = {} if in_file else form.cleaned_data
    try:
        taken = importing.take(
            found.account,
            statement,
            content=bytes(found.content),
            file_name=found.file_name,
            opening_pence=said.get("opening_pence"),
            closing_pence=said.get("closing_pence"),
            by=request.user,
        )
    except ValidationError as refusal:
        form.is_valid()
        form.add_error(None, refusal.messages)
        return None
    found.delete()
    return taken
