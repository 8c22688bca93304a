"""Asking for a code by e-mail instead of a password."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context

from common import sign_in


class CodeForm(RequestLoginCodeForm):
    """allauth's own, whose codes are counted so that nobody's asking keeps the owner from getting one."""

    def clean_email(self) -> str:
        email = super().clean_email()
        if email and not sign_in.may_go_on(context.request, email, action="login_code"):
            raise get_adapter().validation_error("too_many_login_attempts")
        return email
