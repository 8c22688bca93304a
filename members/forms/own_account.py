"""The society's own bank account, as an officer copies it from a statement."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.forms import BankDetailsForm


class OwnAccountForm(BankDetailsForm):
    """Asked as of anybody else, without a roll number: payers cannot give one with a transfer."""

    roll_number = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name = self.fields["account_name"]
        name.help_text = _("Exactly as the bank has it: payers’ banks compare it")
        name.widget = forms.TextInput({"autocomplete": "off", "spellcheck": "false", "maxlength": "70"})
