"""Forms of officers who give money back: how one refund was paid, which refunds go into a file for the bank."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock, references
from common.dates import DateField
from common.forms import Checkboxes, LineField, Radios
from common.money import as_pounds
from offers.models import Application
from payments import by_hand, giving_back
from payments.choices import BankFormat, PaidHow


class ByHandForm(forms.Form):
    """How a refund is paid outside Stripe, for another officer to approve."""

    how = forms.ChoiceField(
        label=_("How it is paid back"), widget=Radios, error_messages={"required": _("Choose how it is paid back.")}
    )
    note = LineField(
        label=_("Cheque number, bank’s reference, or who saw it"),
        max_length=100,
        error_messages={"required": _("Give the cheque number, the bank’s reference, or who saw it.")},
    )

    def __init__(self, *args, came_by_stripe: bool, leaves_stripe: bool, **kwargs):
        super().__init__(*args, **kwargs)
        ways = [how for how in PaidHow if how not in by_hand.ELSEWHERE]
        if came_by_stripe:
            ways = [*by_hand.ELSEWHERE, *(ways if leaves_stripe else [])]
        self.fields["how"].choices = [(how.value, how.label) for how in ways]


class BatchForm(forms.Form):
    """Which refunds go into a file, of which kind, to be paid on which day."""

    refunds = forms.TypedMultipleChoiceField(
        label=_("Refunds"), widget=Checkboxes, error_messages={"required": _("Choose at least one refund.")}
    )
    bank_format = forms.ChoiceField(
        label=_("Kind of file"),
        help_text=_("Ask your bank which it takes. Most online banking for business takes one of these."),
        choices=BankFormat.choices,
        widget=Radios,
        error_messages={"required": _("Choose the kind of file.")},
    )
    pay_on = DateField(
        label=_("Day of payment"),
        help_text=_("A working day, no bank holiday. Bacs needs two working days before it."),
        what=_("The day of payment"),
        earliest=clock.today,
    )

    def __init__(self, *args, payable, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["refunds"]
        field.choices = [
            (str(row.pk), f"{as_pounds(row.amount_pence)} · {row.application.name} · {row.application.payee.masked}")
            for row in payable
        ]
        field.initial = [value for value, _label in field.choices]


class GiveBackForm(forms.Form):
    """What of an application's money goes back, and why. `ways`: the sums that may, in pence."""

    what = forms.ChoiceField(
        label=_("What goes back"), widget=Radios, error_messages={"required": _("Choose what goes back.")}
    )
    reason = LineField(
        label=_("Why"),
        help_text=_("The applicant is told in these words. Write a sentence, such as: You asked us to."),
        max_length=300,
        error_messages={"required": _("Say why: the reason is told to the applicant.")},
    )

    def __init__(self, *args, ways: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        words = {
            giving_back.ALL: _("All of it, %(sum)s, and the application ends"),
            giving_back.EXCESS: _("What is too much, %(sum)s, and the application is paid"),
        }
        self.fields["what"].choices = [(what, words[what] % {"sum": as_pounds(pence)}) for what, pence in ways.items()]


class UndoForm(forms.Form):
    """Why a receipt is wrong, and whose money it is."""

    reason = LineField(
        label=_("What is wrong with it"),
        help_text=_("For example: the statement says £50, or: it was another Ann Brown’s."),
        max_length=200,
        error_messages={"required": _("Say why the receipt is wrong.")},
    )
    to = LineField(
        label=_("Reference of the application that it belongs to"),
        help_text=_("Leave it empty if the sum was wrong or the money never came: record the right sum afterwards."),
        max_length=12,
        required=False,
    )

    def __init__(self, *args, receipt, **kwargs):
        super().__init__(*args, **kwargs)
        self.receipt = receipt

    def clean_to(self):
        typed = self.cleaned_data["to"]
        if not typed:
            return None
        rows = Application.objects.filter(society_id=self.receipt.society_id, reference=references.read(typed) or "-")
        found = rows.exclude(pk=self.receipt.application_id).first()
        if found is None:
            raise forms.ValidationError(_("There is no other application with this reference. Check its letters."))
        return found
