"""What an applicant says about paying."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Radios
from offers.choices import Method


class AnotherWayForm(forms.Form):
    """methods: the ways that are offered; hints: for each, one line on what it takes and how long."""

    method = forms.ChoiceField(
        label=_("How will you pay?"),
        widget=Radios,
        error_messages={"required": _("Choose how you will pay."), "invalid_choice": _("Choose one of these.")},
    )

    def __init__(self, *args, methods: list[str], hints: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(method, Method(method).label) for method in methods]
        self.fields["method"].widget.hints = hints
