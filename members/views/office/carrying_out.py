"""What a form on an officer's page asks for is done, or the reason why not is told where the officer looks."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest

from compliance import approvals


def carried_out(request: HttpRequest, form: Form, do: Callable[[], object]) -> bool:
    """Whether `do` went through; its refusal stands at the form, if that was sent, or in a message."""
    try:
        do()
    except ValidationError as refusal:
        if form.is_bound:
            form.add_error(None, refusal)
        else:
            messages.error(request, refusal.messages[0])
        return False
    except approvals.NotApproved as refusal:
        messages.error(request, str(refusal))
        return False
    return True
