"""What the second officer says of a cheque or of cash."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField


class ConfirmForm(forms.Form):
    banked_on = DateField(
        label=_("Day it was paid into the bank"), what=_("The day it was paid into the bank"), latest=clock.today
    )
