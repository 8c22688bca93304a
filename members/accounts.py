"""Accounts of people who sign in. Applicants have one from the start and need no password: a code by mail opens it."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from members.models import User


def account_for(email: str, *, name: str = "") -> User | None:
    """The account of an e-mail address, made where there is none; None without an address.

    It proves nothing: only who can read mail sent to the address gets in, and only then is the address verified.
    """
    email = email.strip().lower()
    if not email:
        return None
    user, made = User.objects.get_or_create(email=email, defaults={"name": name[:200]})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True})
    return user


def verified_addresses(user: User) -> list[str]:
    """The e-mail addresses that a person has shown to be theirs, in lower case."""
    return [
        email.lower() for email in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    ]
