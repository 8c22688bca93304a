"""Why the warnings of an offer's checklist may stand: one reason for each, kept with the officer's name."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _

from common.forms import LineField
from compliance.answers import Answer


class ReasonsForm(forms.Form):
    """A line for each warning. `reasons()` gives them by question."""

    def __init__(self, *args, warnings: Sequence[Answer], **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = {answer.question.replace(".", "-"): answer.question for answer in warnings}
        for name, answer in zip(self.questions, warnings, strict=True):
            self.fields[name] = LineField(
                label=_("Why may this stand? (%(rule)s)") % {"rule": answer.rule},
                help_text=answer.message,
                max_length=300,
                error_messages={"required": _("Say why the offer may be published all the same.")},
            )

    def reasons(self) -> dict[str, str]:
        """What was typed, by question."""
        return {question: self.cleaned_data.get(name, "") for name, question in self.questions.items()}
