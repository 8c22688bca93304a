"""Forms of the checklist: what the offer says to an item, and what a second officer makes of it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from offers import story
from offers.checklist.answering import MOST_BYTES, PDF
from offers.models import ChecklistAnswer, ShareOffer

MOST_LETTERS = 10_000


class AnswerForm(forms.Form):
    """In words, under a heading of the story, on a page elsewhere, in a paper: one of these at least.

    `is_cut`: the body was too large, so that the paper was not kept.
    """

    words = forms.CharField(
        label=_("In words, for applicants to read on the offer’s page"),
        help_text=_("Markdown: - begins a line of a list. Leave it empty if the offer’s own text says it."),
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea({"rows": 8}),
    )
    heading = forms.ChoiceField(label=_("Or said in the offer’s own text, under the heading"), required=False)
    url = forms.URLField(
        label=_("A page elsewhere"),
        help_text=_("Begins with https://"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput({"autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("A paper"),
        help_text=_("A PDF of at most 2 MB. Anybody can load it from the offer’s page."),
        max_length=120,
        required=False,
    )
    drop_file = forms.BooleanField(label=_("Take away the paper that is there now"), required=False)

    def __init__(self, *args, offer: ShareOffer, answer: ChecklistAnswer | None, is_cut: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_cut = is_cut
        headings = list(story.sections(offer.story))
        self.fields["heading"].choices = [("", _("– not in the offer’s own text –")), *((h, h) for h in headings)]
        if not (answer and answer.file_sha256):
            del self.fields["drop_file"]

    def clean_url(self):
        if (url := self.cleaned_data["url"]) and not url.startswith("https://"):
            raise ValidationError(_("Enter an address that begins with https://"))
        return self.cleaned_data["url"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if self.is_cut or (file and file.size > MOST_BYTES):
            raise ValidationError(_("The file is larger than 2 MB. Choose a smaller PDF."))
        if file and not file.read(len(PDF)) == PDF:
            raise ValidationError(_("This is not a PDF. Save the paper as a PDF and choose that file."))
        return file

    def said(self) -> dict:
        """What was typed, as `answering.answer` takes it."""
        of, file = self.cleaned_data, self.cleaned_data.get("file")
        if file:
            file.seek(0)
        return {
            "words": of["words"],
            "heading": of["heading"],
            "url": of["url"],
            "file_name": file.name[-120:] if file else "",
            "file": file.read() if file else None,
            "keep_file": not of.get("drop_file", False),
        }


class ReviewForm(forms.Form):
    """Why an answer will not do yet; nothing where it will."""

    note = forms.CharField(
        label=_("What is missing or wrong, if you send it back"), max_length=300, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
