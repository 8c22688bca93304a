"""The questions of an application, one form a page. What they take is plain values for the session."""

from __future__ import annotations

import contextlib

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common import clock
from common.dates import DateBoxes, DateField
from common.forms import LineField, NameField, PoundsField, Radios
from compliance import amounts, eligibility
from compliance.questions import CouldNotAsk
from offers import reservations
from offers.choices import HolderKind, Method
from offers.models import RuleBook, ShareOffer

COUNTRIES = [
    ("GB", _("United Kingdom")),
    ("IE", _("Ireland")),
    ("IM", _("Isle of Man")),
    ("JE", _("Jersey")),
    ("GG", _("Guernsey")),
]
ADULT_AGE = 18  # who is older applies in their own name
LONGEST_NAMES = 300  # of joint holders together, as one line of the register
LONGEST_EMAIL = 254  # RFC 5321
KIND_LABELS = {
    HolderKind.PERSON: (_("Myself"), _("You become a member with one vote.")),
    HolderKind.JOINT: (_("Myself and others, jointly"), _("Together you are one member with one vote.")),
    HolderKind.CHILD: (_("A child, held by me"), _("You sign and act for the child. The child is the member.")),
    HolderKind.ORGANISATION: (_("A company, charity or club"), _("You tell us who acts for it.")),
    HolderKind.REGISTERED_SOCIETY: (_("A registered society"), _("Another co-operative or community benefit society.")),
    HolderKind.SYNDICATE: (_("A group of people as a syndicate"), _("The group is one member with one vote.")),
}


class Question(forms.Form):
    """A page of the journey. `offer`: what is applied for; `answers`: what has been said so far."""

    def __init__(self, *args, offer: ShareOffer, rules: RuleBook, answers: dict, **kwargs):
        self.offer, self.rules, self.answers = offer, rules, answers
        super().__init__(*args, **kwargs)


class WhoForm(Question):
    kind = forms.ChoiceField(
        label=_("Who will own the shares?"),
        widget=Radios,
        error_messages={"required": _("Choose who will own the shares."), "invalid_choice": _("Choose one of these.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        admitted = [kind for kind in HolderKind if kind in self.rules.admits]
        field = self.fields["kind"]
        field.choices = [(kind.value, KIND_LABELS[kind][0]) for kind in admitted]
        field.widget.hints = {kind.value: KIND_LABELS[kind][1] for kind in admitted}


@contextlib.contextmanager
def refused_in_words():
    """A rule that cannot be asked is shown at the field, and nobody gets past it."""
    try:
        yield
    except CouldNotAsk as refusal:
        raise forms.ValidationError([problem.message for problem in refusal.problems]) from refusal


class AmountForm(Question):
    amount_pence = PoundsField(
        label=_("How much do you want to invest?"),
        error_messages={"required": _("Enter how much you want to invest, such as 250.")},
    )
    accept_less = forms.BooleanField(
        label=_("If less than this is left in the offer, I will take what is left"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.offer.oversubscription != "first-come" or self.offer.maximum_pence is None:
            del self.fields["accept_less"]

    def clean_amount_pence(self):
        """A friendly first check with the loosest terms of any area; the verb asks again with everything known."""
        amount_pence = self.cleaned_data["amount_pence"]
        largest = [tier.max_application_pence for tier in self.offer.tiers.all() if tier.max_application_pence]
        limit = self.offer.max_application_pence
        with refused_in_words():
            answer = amounts.amount(
                applied_pence=amount_pence,
                smallest_pence=reservations.smallest_pence(self.offer),
                largest_pence=max([limit, *largest]) if limit else None,
                unit_pence=self.offer.multiple_of_pence,
            )
        if not answer.passed:
            raise forms.ValidationError(answer.message)
        return amount_pence

    def clean(self):
        """Whether so much is left now, so that nobody fills in every page of a full offer. The verb asks again."""
        said = super().clean()
        if said.get("amount_pence"):
            with refused_in_words():
                left_pence, answer = amounts.cut_to_room(
                    applied_pence=said["amount_pence"],
                    room_pence=reservations.room_pence(self.offer),
                    smallest_pence=reservations.smallest_pence(self.offer),
                    unit_pence=self.offer.multiple_of_pence,
                    accept_less=bool(said.get("accept_less")),
                )
            if not left_pence:
                self.add_error("amount_pence", answer.message)
        return said


def name_field(label, hint="", **attrs):
    return NameField(
        label=label,
        help_text=hint,
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", **attrs}),
        error_messages={"required": format_lazy(_("Fill in “{label}”."), label=label)},
    )


def born_field(label, **attrs):
    return DateField(label=label, help_text=_("For example, 27 3 1958"), what=label, latest=clock.today, **attrs)


class PersonForm(Question):
    name = name_field(_("Full name"), _("As it should stand on the register of members"), autocomplete="name")
    born_on = born_field(_("Date of birth"), widget=DateBoxes({"autocomplete": "bday"}))


class JointForm(Question):
    name = name_field(_("Your full name"), _("The first name votes and gets the post"), autocomplete="name")
    born_on = born_field(_("Your date of birth"), widget=DateBoxes({"autocomplete": "bday"}))
    second_name = name_field(_("Second person’s full name"))
    second_email = forms.EmailField(label=_("Second person’s e-mail address"), required=False, max_length=LONGEST_EMAIL)
    third_name = name_field(_("Third person’s full name"))
    fourth_name = name_field(_("Fourth person’s full name"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("third_name", "fourth_name"):
            self.fields[name].required = False

    def clean(self):
        names = [self.cleaned_data.get(f"{place}name", "") for place in ("", "second_", "third_", "fourth_")]
        said = [" ".join(name.casefold().split()) for name in names if name]
        if len(said) != len(set(said)):
            self.add_error("second_name", _("Each joint holder is named once."))
        if len(" and ".join(name for name in names if name)) > LONGEST_NAMES:
            words = _("All names together may have 300 letters. Shorten some, for example to initials.")
            self.add_error("second_name", words)
        return self.cleaned_data


class ChildForm(Question):
    name = name_field(_("Child’s full name"), _("As it should stand on the register of members"))
    born_on = born_field(_("Child’s date of birth"))
    adult_name = name_field(_("Your full name"), _("You hold the shares for the child"), autocomplete="name")

    def clean_born_on(self):
        born_on = self.cleaned_data["born_on"]
        if eligibility.age_on(born_on, clock.today()) >= ADULT_AGE:
            raise forms.ValidationError(_("Somebody of 18 or over is no child: they apply in their own name."))
        return born_on


class BodyForm(Question):
    name = name_field(_("Name of the organisation"), _("Exactly as it is registered"), autocomplete="organization")
    registered_as = LineField(
        label=_("Registered number"),
        help_text=_("Company, charity or society number, if it has one"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"class": "w-10", "spellcheck": "false"}),
    )
    representative = name_field(_("Your full name"), _("You act for the organisation"), autocomplete="name")


class SyndicateForm(Question):
    name = name_field(_("Name of the syndicate"), _("For example, The Low Street Neighbours"))
    people = forms.IntegerField(
        label=_("How many people are in it?"),
        min_value=2,
        max_value=9999,
        widget=forms.NumberInput({"class": "w-4", "inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many people are in the syndicate."),
            "min_value": _("Enter 2 or more."),
        },
    )
    representative = name_field(_("Your full name"), _("You act for the syndicate"), autocomplete="name")


NAME_FORMS = {
    HolderKind.PERSON: PersonForm,
    HolderKind.JOINT: JointForm,
    HolderKind.CHILD: ChildForm,
    HolderKind.ORGANISATION: BodyForm,
    HolderKind.REGISTERED_SOCIETY: BodyForm,
    HolderKind.SYNDICATE: SyndicateForm,
}


class AddressForm(Question):
    line1 = LineField(
        label=_("Address line 1"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
        error_messages={"required": _("Enter the first line of the address: house and street.")},
    )
    line2 = LineField(
        label=_("Address line 2"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line2"}),
    )
    town = LineField(
        label=_("Town or city"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "address-level2", "class": "w-20"}),
        error_messages={"required": _("Enter the town or city.")},
    )
    postcode = LineField(
        label=_("Postcode"),
        max_length=12,
        widget=forms.TextInput({"autocomplete": "postal-code", "class": "w-10", "autocapitalize": "characters"}),
        error_messages={"required": _("Enter the postcode.")},
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=COUNTRIES, initial="GB", widget=forms.Select({"autocomplete": "country"})
    )

    def clean_postcode(self):
        return " ".join(self.cleaned_data["postcode"].upper().split())


class ContactForm(Question):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We send your receipt and your certificate here"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false", "inputmode": "email"}),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address such as name@example.org."),
        },
    )
    telephone = LineField(
        label=_("Telephone number"),
        help_text=_("In case there is a question about your application"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "class": "w-20"}),
    )
    notices = forms.BooleanField(
        label=_("Send me notices of meetings and other papers by e-mail instead of by post"), required=False
    )


class RisksForm(Question):
    understood = forms.BooleanField(
        label=_("I have read the offer and understand that I could lose some or all of this money"),
        error_messages={"required": _("Tick the box to say that you understand the risks.")},
    )
    rules = forms.BooleanField(
        label=_("I agree to be bound by the rules of the society"),
        error_messages={"required": _("Tick the box to say that you agree to the rules.")},
    )
    truth = forms.BooleanField(
        label=_("What I have said is true, and I know that the register can be inspected by members"),
        error_messages={"required": _("Tick the box to say that what you have said is true.")},
    )


class PayForm(Question):
    """How the sum is paid. methods: those that can be used for it; hints: for each, what it takes and how long."""

    method = forms.ChoiceField(
        label=_("How will you pay?"),
        widget=Radios,
        error_messages={"required": _("Choose how you will pay."), "invalid_choice": _("Choose one of these.")},
    )

    def __init__(self, *args, methods: list[str], hints: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(method, Method(method).label) for method in methods]
        self.fields["method"].widget.hints = hints
