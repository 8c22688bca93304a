"""Every part of the look in its states, with invented content: /gallery/, in development and demonstrations only."""

from datetime import date
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from common.dates import DateBoxes, DateField
from common.forms import Affixed, Checkboxes, PoundsField, Radios
from common.gallery_content import ACCENTS, CONTENT

PAGES = {
    "": "gallery/parts.html",
    "offer": "gallery/offer.html",
    "question": "gallery/question.html",
    "choice": "gallery/choice.html",
    "answers": "gallery/answers.html",
    "confirmation": "gallery/confirmation.html",
    "desk": "gallery/desk.html",
}


class Amount(forms.Form):
    """One question, its label the h1."""

    amount = PoundsField(
        label="How much do you want to invest?",
        help_text="In pounds. From £50 to £20,000, which is the most that our rules let one member hold.",
        min_pence=50_00,
        max_pence=20_000_00,
        error_messages={"required": "Enter how much you want to invest, such as 250."},
    )


class ForWhom(forms.Form):
    """A choice of one."""

    holder = forms.ChoiceField(
        label="Who are the shares for?",
        choices=[
            ("me", "Me alone"),
            ("joint", "Me and somebody else"),
            ("child", "A child"),
            ("body", "An organisation"),
        ],
        widget=Radios(
            hints={
                "me": "You will be the member, with one vote.",
                "joint": "You will hold the shares together. The person named first has the vote.",
                "child": "You hold the shares for a child under 16.",
            }
        ),
        error_messages={"required": "Choose who the shares are for."},
    )


class Everything(forms.Form):
    """Each kind of field."""

    full_name = forms.CharField(
        label="Full name",
        help_text="As it should stand on the register of members.",
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your full name."},
    )
    known_as = forms.CharField(
        label="What should we call you?", required=False, widget=forms.TextInput({"class": "w-20"})
    )
    postcode = forms.CharField(
        label="Postcode", widget=forms.TextInput({"class": "w-10", "autocomplete": "postal-code"})
    )
    amount = PoundsField(label="Amount", min_pence=50_00)
    rate = forms.DecimalField(
        label="Interest target", widget=Affixed({"class": "w-10", "inputmode": "decimal"}, suffix="% a year")
    )
    born_on = DateField(
        label="Your date of birth",
        what="Your date of birth",
        help_text="For example, 27 3 1965",
        latest=date(2010, 1, 1),
        widget=DateBoxes({"autocomplete": "bday"}),
    )
    holder = forms.ChoiceField(
        label="Who are the shares for?",
        choices=[("me", "Me alone"), ("joint", "Me and somebody else")],
        widget=Radios(hints={"joint": "The person named first has the vote."}),
    )
    papers = forms.MultipleChoiceField(
        label="What may we send you by e-mail?",
        required=False,
        choices=[("notices", "Notices of meetings"), ("certificate", "My share certificate"), ("news", "News")],
        widget=Checkboxes(hints={"news": "About four times a year."}),
    )
    country = forms.ChoiceField(label="Country", choices=[("gb", "United Kingdom"), ("ie", "Ireland")])
    note = forms.CharField(
        label="Anything the board should know",
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="Up to 500 words.",
    )
    understood = forms.BooleanField(
        label="I understand that I may lose all the money I invest.",
        help_text="You can read the risks again before you tick this.",
        error_messages={"required": "Tick the box if you understand that you may lose all the money you invest."},
    )


WRONG = {
    "amount": "20",
    "born_on_day": "31",
    "born_on_month": "February",
    "born_on_year": "1965",
    "rate": "x",
    "known_as": "Ada",
}


def society(accent: str = "tide") -> SimpleNamespace:
    """A society that has never been registered."""
    return SimpleNamespace(
        registered_name="Brackenford Community Energy Society Limited",
        slug="brackenford-energy",
        register_number="RS007842",
        registered_office="The Old Reading Room\n4 Mill Lane\nBrackenford\nXX1 4AB",
        jurisdiction="GB-ENG",
        email="shares@brackenford.example",
        telephone="01632 960 142",
        accent=accent,
    )


@login_not_required
def gallery(request):
    """The parts; with ?page= a whole page as people see it, with ?accent= in another colour, with ?wrong=1 refused."""
    if settings.PRODUCTION or request.GET.get("page", "") not in PAGES:
        raise Http404
    page = request.GET.get("page", "")
    wrong = "wrong" in request.GET
    question = {"question": Amount, "choice": ForWhom}.get(page, Everything)
    if not page:
        messages.success(request, "Your changes are kept.")
    context = {
        **CONTENT,
        "accents": ACCENTS,
        "society": None if "plain" in request.GET else society(request.GET.get("accent", "tide")),
        "form": question({"amount": "20"} if page else WRONG) if wrong else question(),
        "empty_form": Everything(auto_id="empty_%s"),
        "wrong_form": Everything(WRONG, auto_id="wrong_%s"),
        "page": Paginator(range(480), 20).page(7),
    }
    return render(request, PAGES[page], context)
