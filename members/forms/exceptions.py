"""What was done about an exception."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import LineField


class SettleForm(forms.Form):
    """The words that stay."""

    words = LineField(
        label=_("What was done, and why?"),
        help_text=_("These words stay in the books for good. Name no more people than needed."),
        max_length=500,
        error_messages={"required": _("Say what was done about it.")},
    )
