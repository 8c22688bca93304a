"""Forms of payouts: seen at the bank on paper."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.dates import DateField
from common.forms import PoundsField


class SeenForm(forms.Form):
    """Which day, and what sum, the bank's statement has."""

    seen_on = DateField(label=_("Day on the statement"), what=_("The day on the statement"))
    amount_pence = PoundsField(label=_("Sum on the statement"))
