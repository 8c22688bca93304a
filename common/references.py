"""References that people copy by hand into a bank's form and that still find their application.

Seven characters: six at random and a check character over the alphabet's 31 signs. Since 31 is prime, any
one wrong character and any two swapped ones are noticed. 0, 1, I, L and O are left out.
"""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 7


def _check_sign(body: str) -> str:
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def new() -> str:
    """A new reference in its stored form, such as "7K3F9QX"."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check_sign(body)


def shown(reference: str) -> str:
    """As people see it: "7K3-F9QX"."""
    return f"{reference[:3]}-{reference[3:]}"


def read(text: str) -> str | None:
    """The stored form of what somebody typed, in any case, with spaces or hyphens; None if it is no reference."""
    plain = "".join(sign for sign in text.upper() if sign not in " -–\t")
    if len(plain) != LENGTH or any(sign not in ALPHABET for sign in plain):
        return None
    return plain if _check_sign(plain[:-1]) == plain[-1] else None
