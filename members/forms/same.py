"""How an officer knows that two parties are two."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import LineField


class ApartForm(forms.Form):
    """The reason stands beside the pair for good."""

    reason = LineField(
        label=_("How do you know?"),
        help_text=_("For example, “spoke to both by telephone”"),
        max_length=200,
        error_messages={"required": _("Say how you know that they are two.")},
    )
