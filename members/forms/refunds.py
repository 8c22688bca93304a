"""Forms of officers who give money back: how one refund was paid, which refunds go into a file for the bank."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField
from common.forms import Checkboxes, LineField, Radios
from common.money import as_pounds
from payments import by_hand
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
