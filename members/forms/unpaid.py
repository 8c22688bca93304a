"""What an officer says of places that are not paid: how much one address may hold, and why one is let go."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import LineField


class LimitForm(forms.Form):
    percent = forms.IntegerField(
        label=_("Most that may wait unpaid from one address, in per cent of the maximum"),
        help_text=_("A first application is always taken. Leave it empty for no limit."),
        required=False,
        min_value=1,
        max_value=100,
        error_messages={
            "invalid": _("Enter a whole number from 1 to 100, or nothing."),
            "min_value": _("Enter a whole number from 1 to 100, or nothing."),
            "max_value": _("Enter a whole number from 1 to 100, or nothing."),
        },
        widget=forms.TextInput({"inputmode": "numeric"}),
    )


class ReleaseForm(forms.Form):
    reason = LineField(
        label=_("Why is the place let go?"),
        help_text=_("The applicant is told this, word for word."),
        max_length=200,
        error_messages={"required": _("Say why: the reason is told to the applicant.")},
    )
