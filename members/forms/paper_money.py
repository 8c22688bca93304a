"""Cheques and cash: what the second officer says of one, and what the first one puts right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField
from common.forms import LineField, PoundsField, Radios
from offers.choices import BY_HAND


class ConfirmForm(forms.Form):
    """`asks`: whether the sum is more than is due, so that the page asks once more."""

    banked_on = DateField(
        label=_("Day it was paid into the bank"), what=_("The day it was paid into the bank"), latest=clock.today
    )
    surplus_seen = forms.BooleanField(label=_("It came as well, though it is more than is due"), required=False)

    def __init__(self, *args, asks: bool = False, **kwargs):
        self.asks = asks
        super().__init__(*args, **kwargs)


class RefuseForm(forms.Form):
    why = LineField(
        label=_("What is not right"),
        help_text=_("Whoever recorded it gets this by e-mail. For example: the cheque is for £50, and not signed"),
        max_length=200,
        error_messages={"required": _("Say what is not right, for whoever recorded it.")},
    )


class CorrectForm(forms.Form):
    """`key` is the new row's own, so that sending the form twice records it once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    amount_pence = PoundsField(label=_("Amount received"), min_pence=1)
    method = forms.ChoiceField(
        label=_("How it came"), choices=[(method.value, method.label) for method in BY_HAND], widget=Radios
    )
    received_on = DateField(label=_("Day it arrived"), what=_("The day it arrived"), latest=clock.today)
    note = LineField(
        label=_("Note"),
        help_text=_("For example, the payer’s name or the cheque number"),
        max_length=200,
        required=False,
    )
