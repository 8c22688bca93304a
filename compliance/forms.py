"""The one question of the page that checks a file."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from compliance.checking import MOST_BYTES


class CheckForm(forms.Form):
    """A certificate's file as it came. `is_cut`: the body was too large to be kept at all."""

    file = forms.FileField(
        label=_("File of a certificate"),
        help_text=_("The PDF as you got it, at most 2 MB. We look at it and do not keep it."),
        max_length=200,
        allow_empty_file=True,
        error_messages={
            "required": _("Choose the PDF of a certificate."),
            "max_length": _("The name of the file is too long. Give it a shorter one."),
        },
        widget=forms.FileInput({"accept": ".pdf,application/pdf"}),
    )

    def __init__(self, *args, is_cut: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_cut:
            self.fields["file"].error_messages["required"] = self._too_large()

    @staticmethod
    def _too_large() -> str:
        words = _("The file is larger than %(most)s MB, so it is not a certificate from here: those are far smaller.")
        return words % {"most": MOST_BYTES // 1_000_000}

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(self._too_large())
        if not file.size:
            raise ValidationError(_("The file is empty. Get it again from the message or page that it came from."))
        if not file.read(5).startswith(b"%PDF-"):
            raise ValidationError(_("This is not a PDF. Choose the file as it came, not a picture, a scan or a zip."))
        file.seek(0)
        return file
