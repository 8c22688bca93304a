"""What allauth says when somebody cannot be let in: what is wrong and what to do about it."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _


class Adapter(DefaultAccountAdapter):
    """settings.ACCOUNT_ADAPTER: allauth's own, with our words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. If you hold shares, you still hold them: ask your society."),
        "cannot_remove_primary_email": _("This is your main address. Make another the main one first."),
        "duplicate_email": _("This address is among yours already."),
        "email_password_mismatch": _("The e-mail address or the password is not right. Check both, or ask for a code."),
        "email_taken": _("This address belongs to another account. Give another, or sign in with it."),
        "enter_current_password": _("Enter your present password."),
        "incorrect_code": _("This is not the code that we sent last. Check it, letter by letter."),
        "incorrect_password": _("This is not your password. Check capital letters, or choose a new one."),
        "rate_limited": _("We have just sent one. Wait a minute before you ask again."),
        "too_many_login_attempts": _("There have been too many tries. Wait five minutes, then start again."),
        "unverified_primary_email": _("Confirm the address first, then make it the main one."),
    }
