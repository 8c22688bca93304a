"""Forms of bank statements: an account, a file, which column is what, the balances, what a line is."""

from __future__ import annotations

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from common import references
from common.forms import Checkboxes, LineField, PoundsField, PoundsInput, Radios
from common.money import as_decimal
from members.models import User
from offers import officers
from offers.models import Application
from payments.models import BankLine
from payments.statements import csv_cells, csv_maps
from payments.statements.csv_maps import Spec
from payments.statements.facts import MOST_BYTES

NONE = ("", _("– none –"))
SINGLE = {
    "date": _("Date"),
    "amount": _("Sum, with a minus for money out"),
    "direction": _("Word for in or out, such as CR or DR"),
    "money_in": _("Money in"),
    "money_out": _("Money out"),
    "payer": _("Name of who paid"),
    "reference": _("Reference"),
    "balance": _("Balance after the line"),
    "bank_reference": _("The bank’s own number of the line"),
}


class AccountForm(forms.Form):
    name = LineField(
        label=_("What you call this account"),
        help_text=_("For example, Share account"),
        max_length=80,
        error_messages={"required": _("Give the account a name.")},
    )
    last_four = forms.RegexField(
        "^[0-9]{4}$",
        label=_("Last four figures of its number"),
        help_text=_("The rest of the number is not kept."),
        error_messages={"required": _("Enter four figures."), "invalid": _("Enter four figures, such as 1234.")},
        widget=forms.TextInput({"class": "w-5", "inputmode": "numeric", "autocomplete": "off"}),
    )


class FileForm(forms.Form):
    """A statement as the bank gave it. `is_cut`: the body was too large to be kept at all."""

    file = forms.FileField(
        label=_("Statement from the bank"),
        help_text=_("CAMT.053, OFX or CSV, at most 2 MB. The file itself is not kept."),
        max_length=200,
        allow_empty_file=True,
        error_messages={"required": _("Choose the file that you downloaded from the bank.")},
    )

    def __init__(self, *args, is_cut: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_cut:
            words = _("The file is larger than %(most)s MB. Download a shorter time from the bank.")
            self.fields["file"].error_messages["required"] = words % {"most": MOST_BYTES // 1_000_000}


class ColumnsForm(forms.Form):
    """Which column is what. Columns are shown by letter, heading and a first value."""

    header = forms.ChoiceField(label=_("Line with the names of the columns"), required=False)
    order = forms.ChoiceField(
        label=_("Order of the figures of a date"),
        choices=[
            (csv_cells.DAY_FIRST, _("Day first: 31/12/2026")),
            (csv_cells.MONTH_FIRST, _("Month first: 12/31/2026")),
        ],
        widget=Radios,
    )
    text = forms.MultipleChoiceField(label=_("Words of the line"), required=False, widget=Checkboxes)
    name = LineField(
        label=_("Keep these columns as"),
        help_text=_("The next file with the same names of columns is read without asking."),
        max_length=80,
        error_messages={"required": _("Give these columns a name, such as the bank’s.")},
    )

    def __init__(self, *args, rows: list[list[str]], **kwargs):
        self.rows = rows
        super().__init__(*args, **kwargs)
        choices = column_choices(rows)
        for name, label in SINGLE.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=[NONE, *choices], required=name == "date")
        self.fields["date"].error_messages["required"] = _("Say which column has the date.")
        self.fields["text"].choices = choices
        top = enumerate(rows[: csv_maps.TOP])
        heads = [(str(n), f"{n + 1}: {' · '.join(filter(None, row))[:60]}") for n, row in top if any(row)]
        self.fields["header"].choices = [("", _("– there is none –")), *heads]

    @staticmethod
    def initial_of(spec: Spec, rows: list[list[str]]) -> dict:
        """The boxes as a map fills them."""
        place = csv_maps.header_place(rows, spec.header) if spec.header else None
        single = {name: getattr(spec, name) for name in SINGLE}
        return {
            **{name: "" if column is None else str(column) for name, column in single.items()},
            "text": [str(column) for column in spec.text],
            "order": spec.order,
            "header": "" if place is None else str(place),
        }

    def clean(self):
        said = super().clean()
        has = {name for name in SINGLE if said.get(name)}
        if "amount" in has and has & {"money_in", "money_out"}:
            self.add_error("amount", _("A sum is in one column, or in two for in and out: choose one way."))
        elif not has & {"amount", "money_in", "money_out"}:
            self.add_error("amount", _("Say which column has the sum, or which have money in and money out."))
        return said

    def spec(self) -> Spec:
        """What was said, as a map."""
        said = self.cleaned_data
        header = self.rows[int(said["header"])] if said["header"] else []
        plain = [csv_maps.plain(cell) for cell in header]
        while plain and not plain[-1]:
            plain.pop()
        columns = {name: int(said[name]) if said[name] else None for name in SINGLE}
        return Spec(**columns, text=tuple(map(int, said["text"])), order=said["order"], header=tuple(plain))


def column_choices(rows: list[list[str]]) -> list[tuple[str, str]]:
    """Each column by its letter and what stands first in it."""
    width = max(map(len, rows[:50]), default=0)
    found = []
    for place in range(width):
        seen = [row[place] for row in rows[:30] if place < len(row) and row[place]]
        found.append((str(place), f"{letter(place)}: {' · '.join(seen[:2])[:40] or '–'}"))
    return found


def letter(place: int) -> str:
    """A column as a spreadsheet names it."""
    return (letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


class BalanceField(PoundsField):
    """A balance, which may be overdrawn."""

    widget = PoundsInput

    def to_python(self, value):
        if value in self.empty_values or not str(value).strip():
            return None
        pence = csv_cells.pence(str(value))
        if pence is None:
            raise forms.ValidationError(_("Enter a balance such as 1,250.40, with a minus if it is overdrawn."))
        return pence

    def prepare_value(self, value):
        return as_decimal(value) if isinstance(value, int) else value


class BalancesForm(forms.Form):
    """What the account held before and after, where the file does not say so itself."""

    opening_pence = BalanceField(label=_("Balance before the first line"), required=False)
    closing_pence = BalanceField(label=_("Balance after the last line"), required=False)
    no_balances = forms.BooleanField(
        label=_("The bank gives no balances"),
        help_text=_("It is written down that you said so. A missing line is then not noticed."),
        required=False,
    )

    def clean(self):
        said = super().clean()
        given = [name for name in ("opening_pence", "closing_pence") if said.get(name) is not None]
        if said.get("no_balances"):
            said["opening_pence"] = said["closing_pence"] = None
        elif len(given) < 2 and not self.errors:
            missing = "opening_pence" if "opening_pence" not in given else "closing_pence"
            self.add_error(missing, _("Enter both balances, or say that the bank gives none."))
        return said


class KeepForm(forms.Form):
    """Money that is for nobody: what is known of it, and who looks after it."""

    why = LineField(
        label=_("What is known of it"),
        help_text=_("For example: no such reference; I have written to the bank"),
        max_length=200,
        error_messages={"required": _("Say what is known of this money.")},
    )
    owner = forms.ModelChoiceField(label=_("Who looks after it"), queryset=None, empty_label=None)

    def __init__(self, *args, society, **kwargs):
        super().__init__(*args, **kwargs)
        may = [
            officer.user_id
            for officer in officers.serving(society.pk)
            if officers.MONEY in officers.RIGHTS[officer.role]
        ]
        self.fields["owner"].queryset = User.objects.filter(pk__in=may)


class PartsForm(forms.Form):
    """A line shared out by hand over at most five applications. One alone, without a sum, gets the whole line."""

    ROWS = (1, 2, 3, 4, 5)

    def __init__(self, *args, line: BankLine, **kwargs):
        super().__init__(*args, **kwargs)
        self.line = line
        for row in self.ROWS:
            self.fields[f"reference_{row}"] = LineField(label=_("Reference"), max_length=20, required=False)
            self.fields[f"pence_{row}"] = PoundsField(label=_("Sum"), min_pence=1, required=False)
        self.fields["anew"] = forms.BooleanField(
            label=_("This is other money than the cheque or cash that was confirmed by hand"), required=False
        )

    @classmethod
    def initial_of(cls, parts: list[tuple[str, int]]) -> dict:
        """The boxes as a proposal fills them."""
        filled = {}
        for row, (reference, amount_pence) in zip(cls.ROWS, parts, strict=False):
            filled |= {f"reference_{row}": references.shown(reference), f"pence_{row}": amount_pence}
        return filled

    @property
    def asks_anew(self) -> bool:
        """Whether a part is of the very sum of a cheque or cash that counts already, so that the page asks."""
        return self.has_error(NON_FIELD_ERRORS, "by-hand") or bool(self.data.get("anew"))

    @property
    def pairs(self):
        """The boxes two by two, for the page."""
        return [(self[f"reference_{row}"], self[f"pence_{row}"]) for row in self.ROWS]

    def clean(self):
        said = super().clean()
        self.parts = []
        filled = [row for row in self.ROWS if said.get(f"reference_{row}") or said.get(f"pence_{row}")]
        if not filled and not self.errors:
            self.add_error("reference_1", _("Enter the reference of an application."))
        for row in filled:
            text, amount_pence = said.get(f"reference_{row}") or "", said.get(f"pence_{row}")
            found = Application.objects.filter(
                society_id=self.line.society_id, reference=references.read(text) or "-"
            ).first()
            if found is None:
                words = _("There is no application with the reference “%(text)s”.")
                self.add_error(f"reference_{row}", words % {"text": text})
            elif amount_pence is None and len(filled) > 1:
                self.add_error(f"pence_{row}", _("Say how much of the line is for this application."))
            else:
                self.parts.append((found.pk, amount_pence or self.line.amount_pence))
        return said


class LinesForm(forms.Form):
    """Which lines of the bank to list."""

    is_search = True

    search = LineField(label=_("Words, reference or sum"), max_length=100, required=False)
    what = forms.ChoiceField(label=_("What they are"), required=False)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", _("All lines")), *choices]
