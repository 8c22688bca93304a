"""What was done about an exception."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import LineField, Radios


class SettleForm(forms.Form):
    """The words that stay, and for a refund whether Stripe is asked once more or somebody has paid it."""

    AGAIN, BY_HAND = "again", "by-hand"

    what = forms.ChoiceField(
        label=_("What happens with the refund?"),
        choices=[
            (BY_HAND, _("I have paid it back another way")),
            (AGAIN, _("Ask Stripe to pay it back once more")),
        ],
        widget=Radios,
        error_messages={"required": _("Choose what happens with the refund.")},
    )
    words = LineField(
        label=_("What was done, and why?"),
        help_text=_("These words stay in the books for good. Name no more people than needed."),
        max_length=500,
        error_messages={"required": _("Say what was done about it.")},
    )

    def __init__(self, *args, asks_again: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_again:
            del self.fields["what"]
