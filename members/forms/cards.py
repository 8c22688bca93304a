"""What an officer says about payments at Stripe."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField
from common.forms import PoundsField


class AnswerForm(forms.Form):
    answered_on = DateField(
        label=_("Day of Stripe’s written answer"), what=_("The day of Stripe’s answer"), latest=clock.today
    )


class LimitsForm(forms.Form):
    """What Stripe has agreed to take in one payment; an empty box is Stripe's usual limit."""

    pay_by_bank_pence = PoundsField(label=_("Largest payment by Pay by Bank"), required=False)
    debit_pence = PoundsField(label=_("Largest payment by Direct Debit"), required=False)


class SwitchForm(forms.Form):
    cards = forms.BooleanField(label=_("Take debit cards, Pay by Bank and Direct Debit"), required=False)
    cash = forms.BooleanField(label=_("Take cash, with two officers counting it"), required=False)
