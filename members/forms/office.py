"""Forms of officers: moving the last day, money that came in, who may act, which day to look at."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateField
from common.forms import LineField, PoundsField, Radios
from common.money import as_pounds
from members.register import CURRENT, EVERYBODY, FORMER, REPLACED, VALID, WITHDRAWN
from offers.choices import OFFLINE, ApplicationState, OfficerRole
from offers.models import ShareOffer


class FindForm(forms.Form):
    """Which applications to list; nothing chosen lists all."""

    is_search = True

    search = forms.CharField(label=_("Name, e-mail, postcode or reference"), max_length=100, required=False)
    offer = forms.ModelChoiceField(label=_("Offer"), queryset=ShareOffer.objects.none(), required=False,
                                   empty_label=_("All offers"))  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All states")), *ApplicationState.choices], required=False
    )

    def __init__(self, *args, society, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["offer"].queryset = ShareOffer.objects.filter(society=society)


class CertificatesForm(forms.Form):
    """Which certificates to list; nothing chosen lists every number."""

    is_search = True

    search = forms.CharField(label=_("Holder’s name or certificate number"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), (VALID, _("Valid")), (REPLACED, _("Replaced")), (WITHDRAWN, _("Withdrawn"))],
        required=False,
    )


class ReplaceForm(forms.Form):
    """Why a certificate is replaced; kept with the old one, for officers only."""

    reason = LineField(
        label=_("Why is it replaced?"),
        help_text=_("Lost, spoilt, or another name. Officers see this, the public page does not."),
        max_length=200,
        error_messages={"required": _("Say why it is replaced: lost, spoilt, or another name.")},
    )


class ReverseForm(forms.Form):
    """Why an entry was wrong; the words stand in the ledger for good."""

    reason = LineField(
        label=_("Why is this entry wrong?"),
        help_text=_("The reason stands in the ledger for good. Name no other person in it."),
        max_length=200,
        error_messages={"required": _("Say why the entry is wrong: the reason stands in the ledger.")},
    )


class ExtendForm(forms.Form):
    closes_on = DateField(label=_("New last day"), what=_("The new last day"), earliest=clock.today)
    reason = LineField(
        label=_("Why, if good practice warns of it"),
        help_text=_("Asked where the offer has ended below its minimum or above its maximum. Kept with your name."),
        max_length=300,
        required=False,
    )


class ReceiptForm(forms.Form):
    """Money that came by transfer, cheque or cash. `wanting_pence`: what is due still; more is asked about once.

    `key` is the receipt's own, so that sending the form twice records it once.
    """

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    amount_pence = PoundsField(label=_("Amount received"), min_pence=1)
    method = forms.ChoiceField(
        label=_("How it came"),
        choices=[(method.value, method.label) for method in OFFLINE],
        widget=Radios,
    )
    received_on = DateField(label=_("Day it arrived"), what=_("The day it arrived"), latest=clock.today)
    note = LineField(
        label=_("Note"),
        help_text=_("For example, the payer’s name or the cheque number"),
        max_length=200,
        required=False,
    )
    sure = forms.BooleanField(label=_("The bank has credited this sum, though it is more than is due"), required=False)

    def __init__(self, *args, wanting_pence: int = 0, **kwargs):
        self.wanting_pence = wanting_pence
        super().__init__(*args, **kwargs)

    @property
    def is_too_much(self) -> bool:
        """Whether what was typed is more than is due, so that the page asks once more."""
        return self.is_bound and (self.cleaned_data.get("amount_pence") or 0) > self.wanting_pence

    def clean(self):
        said = super().clean()
        if self.is_too_much and not said.get("sure"):
            words = _("%(sum)s is more than the %(due)s that is due. Correct it, or tick the box if it is what came.")
            sums = {"sum": as_pounds(said["amount_pence"]), "due": as_pounds(self.wanting_pence)}
            self.add_error("sure", words % sums)
        return said


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the e-mail address of the person you invite.")},
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=OfficerRole.choices,
        widget=Radios,
        error_messages={"required": _("Choose what the person will be.")},
    )


class RegisterForm(forms.Form):
    """Which register to look at: on a day, as known at the end of another day, whom, in which order."""

    is_search = True

    on = DateField(label=_("As at"), help_text=_("The day the register shows"), required=False)
    known_on = DateField(label=_("As known on"), help_text=_("Leaves out what was recorded later"), required=False)
    who = forms.ChoiceField(
        label=_("Who"),
        choices=[(CURRENT, _("Members on that day")), (FORMER, _("Former members")), (EVERYBODY, _("Everybody"))],
        required=False,
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("number", _("Member number")), ("name", _("Name")), ("shares", _("Largest holding first"))],
        required=False,
    )
    search = forms.CharField(label=_("Name or number"), max_length=100, required=False)
