"""What makes two applications come from one place: their e-mail addresses, postal address and account, written one way.

People write one address in many ways, and whoever wants to hold more than their share writes it in more. So an e-mail
address counts without its capitals, its "+tag" and, at Google, its dots; a postal address as its postcode with the
numbers of the house and flat, however the street is spelt. What is kept with the application is a digest.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

DOTS_SAY_NOTHING = {"gmail.com", "googlemail.com"}  # https://support.google.com/mail/answer/7436150
NUMBER = re.compile(r"(\d+)\s?([a-z]\b)?")


def of(*, emails: Iterable[str], address: str, postcode: str, country: str, account_id=None) -> list[str]:
    """The keys of an application, such as "email:…", in order and each once; what is empty makes none."""
    said = {("email", plain_email(email)) for email in emails}
    said |= {("address", plain_address(address, postcode, country)), ("account", str(account_id or ""))}
    return sorted(f"{what}:{hashlib.sha256(text.encode()).hexdigest()[:40]}" for what, text in said if text)


def plain_email(email: str) -> str:
    """An e-mail address as all its spellings are written; empty for none."""
    local, _at, domain = _seen(unicodedata.normalize("NFKC", email).casefold()).strip().rpartition("@")
    local, domain = local.strip('" ').partition("+")[0], _in_ascii(domain.strip(" ."))
    if domain in DOTS_SAY_NOTHING:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}" if local else ""


def plain_address(address: str, postcode: str, country: str) -> str:
    """A postal address as all its spellings are written; empty for none.

    With a postcode, which in the United Kingdom is some fifteen doors, the numbers tell the door; where there are none,
    the letters of the first line. Without one, all the letters and digits.
    """
    lines = [_plain(line) for line in address.splitlines()]
    code = _signs(postcode)
    street = [line for line in lines if _signs(line) != code] if code else lines
    if not code:
        return f"{country}/{''.join(map(_signs, street))}" if street else ""
    numbers = sorted({digits.lstrip("0") + letter for line in street for digits, letter in NUMBER.findall(line)})
    return f"{code}/{','.join(numbers) or ''.join(map(_signs, street[:1]))}"


def _plain(text: str) -> str:
    """Without capitals, accents and wide or invisible signs."""
    text = unicodedata.normalize("NFKD", text).casefold()
    return _seen("".join(sign for sign in text if not unicodedata.combining(sign)))


def _seen(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def _signs(text: str) -> str:
    return "".join(sign for sign in _plain(text) if sign.isalnum())


def _in_ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
