"""What allauth says when somebody cannot be let in, and whose tries count against whom.

Tries are counted for each computer and for each e-mail address as it is tried from that computer, so nobody shuts
another out of their account by trying passwords for it. Tries for one address from anywhere are counted too, at far
more; that count does not hold for a browser in which the owner has signed in before.
"""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

KNOWN = ("__Host-" if settings.PRODUCTION else "") + "known-browser"
KNOWN_SECONDS = 180 * 24 * 3600


def is_known_browser(request, email: str) -> bool:
    """Whether the owner of an e-mail address has signed in with this browser within half a year."""
    said = request.get_signed_cookie(KNOWN, default="", salt=KNOWN, max_age=KNOWN_SECONDS)
    return bool(said) and get_user_model().objects.filter(pk=said, email=email.strip().lower()).exists()


def computer(request) -> str:
    """The address of the computer that asks, or its IPv6 network: as our own proxies say, never as the visitor does."""
    return get_ip(request)


def here(request, email: str) -> str:
    """An e-mail address as it is tried from one computer, for counting."""
    return f"{email.strip().lower()} from {get_ip(request)}"


def may_go_on(request, email: str, *, action: str) -> bool:
    """Count a try for an e-mail address from this computer and, unless its owner uses this browser, from anywhere."""
    if not ratelimit.consume(request, action=f"{action}_here", key=here(request, email)):
        return False
    return is_known_browser(request, email) or _counts_anywhere(request, email, action)


def _counts_anywhere(request, email: str, action: str) -> bool:
    return ratelimit.consume(request, action=f"{action}_anywhere", key=email.strip().lower())


class Adapter(DefaultAccountAdapter):
    """settings.ACCOUNT_ADAPTER: allauth's own, with our words and our way of counting."""

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
        "too_many_from_elsewhere": _(
            "Somebody has tried many passwords for this account, so passwords are not taken from a new browser for an "
            "hour. Ask for a code by e-mail instead."
        ),
        "too_many_login_attempts": _("There have been too many tries. Wait five minutes, then start again."),
        "unverified_primary_email": _("Confirm the address first, then make it the main one."),
    }

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Wrong passwords are counted for an e-mail address as it is tried from one computer."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)} from {get_ip(request)}"

    def pre_authenticate(self, request, **credentials) -> None:
        """Refuse a password that would be one try too many."""
        super().pre_authenticate(request, **credentials)
        email = credentials.get("email", "")
        if not is_known_browser(request, email) and not _counts_anywhere(request, email, "login_failed"):
            raise self.validation_error("too_many_from_elsewhere")

    def post_login(self, request, user, **kwargs):
        """Remember the browser: what others try for its owner's account is not counted against it."""
        response = super().post_login(request, user, **kwargs)
        response.set_signed_cookie(
            KNOWN,
            str(user.pk),
            salt=KNOWN,
            max_age=KNOWN_SECONDS,
            secure=settings.PRODUCTION,
            httponly=True,
            samesite="Lax",
        )
        return response
