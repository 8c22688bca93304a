"""What a certificate says, from its frozen facts. Its PDF and its page on the screen say the same words.

Words are in English whatever the reader's language: they are part of what was issued. What it says follows the
Community Shares Handbook 3.2.13 and 4.2.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date

from django.conf import settings
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from common.money import as_pounds
from common.number_words import in_words, pounds_in_words
from compliance.certificate_paper import ACCENTS

# Up to how many letters each size of type is right for; longer text gets the next size.
SOCIETY_SIZES = (38, 58, 100)
HOLDER_SIZES = (26, 42, 80, 130, 260)
FIGURE_SIZES = (8, 12)
ADDRESS_SIZES = (70,)
ROOT_SHOWN = 16  # digits of a seal's root: what somebody types to find it


def public_address(token: str) -> str:
    """Where anybody may see whether the certificate stands. Kept short: it is printed, scanned and typed."""
    return f"{before_token()}{token}/"


def before_token() -> str:
    """What all public addresses begin with."""
    return f"{settings.SITE_URL}/v/"


def said(facts: dict, *, token: str) -> dict:
    """What the templates say. `facts` as `certificates.facts_of` froze them; `token` opens the public page."""
    with override("en-gb"):
        return _said(facts, token)


def _size(text: str, limits: tuple[int, ...]) -> int:
    return bisect_left(limits, len(text)) + 1


def _said(facts: dict, token: str) -> dict:
    holder, shares, society = facts["holder"], facts["shares"], facts["society"]
    names = [name.strip() for name in (holder["name"], *holder["joint_names"])]
    together = together_named(names)
    address = public_address(token)
    return {
        "society": society,
        "legal": _legal(society),
        "society_size": _size(society["registered_name"], SOCIETY_SIZES),
        "colours": ACCENTS.get(society["accent"], ACCENTS["tide"]),
        "number": str(facts["number"]),
        "number_size": _size(str(facts["number"]), FIGURE_SIZES),
        "shares_figures": f"{shares:,}",
        "shares_size": _size(f"{shares:,}", FIGURE_SIZES),
        "shares_words": _shares_in_words(shares),
        "value_figures": as_pounds(facts["amount_pence"]),
        "value_words": _capital(pounds_in_words(facts["amount_pence"])),
        "holder_names": together,
        "holder_size": _size(together, HOLDER_SIZES),
        "holder_address": _one_line(holder["address"], holder["postcode"]),
        "is_joint": len(names) > 1,
        "share_class": facts["share_class"],
        "issued_day": facts["issued_on"],
        "issued_on": dateformat.format(date.fromisoformat(facts["issued_on"]), "j F Y"),
        "member_number": str(facts["member_number"]),
        "entries": _entries(facts["entries"]),
        "seal": _seal(facts.get("seal")),
        "in_place_of": _in_place_of(facts.get("in_place_of")),
        "wording_template": f"pdf/wording/{facts['wording']}.html",
        "address": address,
        "address_size": _size(address, ADDRESS_SIZES),
        "address_start": before_token(),
        "token": token,
    }


def _legal(society: dict) -> str:
    """What kind of body it is, under which Act. A form that is not known is a community benefit society's."""
    words = {
        "co-operative": _("A co-operative society registered under the %(act)s, register number %(number)s"),
        "charitable-community-benefit": _(
            "A charitable community benefit society registered under the %(act)s, register number %(number)s"
        ),
    }
    other = _("A community benefit society registered under the %(act)s, register number %(number)s")
    return words.get(society["legal_form"], other) % {"act": society["act"], "number": society["register_number"]}


def together_named(names: list[str]) -> str:
    """Joint holders in the order of the register: "A, B and C"."""
    if len(names) == 1:
        return names[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shares_in_words(shares: int) -> str:
    words = _capital(in_words(shares))
    return _("%(count)s share") % {"count": words} if shares == 1 else _("%(count)s shares") % {"count": words}


def _one_line(address: str, postcode: str) -> str:
    lines = [line.strip().rstrip(",") for line in address.splitlines() if line.strip()]
    if postcode and postcode not in " ".join(lines):
        lines.append(postcode)
    return ", ".join(lines)


def _seal(seal: dict | None) -> str:
    """The last seal of the ledger before it, by which a history that was written anew would be found out."""
    if seal is None:
        return ""
    words = ngettext(
        "Seal %(number)s over %(entries)s entry: %(root)s",
        "Seal %(number)s over %(entries)s entries: %(root)s",
        seal["entries"],
    )
    return words % {
        "number": seal["number"],
        "entries": f"{seal['entries']:,}",
        "root": seal["root"][:ROOT_SHOWN],
    }


def _in_place_of(number: int | None) -> str:
    """Which certificate it took the place of, so that a reader knows there was another."""
    return "" if number is None else _("In place of certificate %(number)s") % {"number": number}


def _entries(entries: list[dict]) -> str:
    """The ledger entries behind it, and the beginning of the last one's hash, which later entries rest upon."""
    numbers = [entry["seq"] for entry in entries]
    runs = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        runs = ", ".join(str(number) for number in numbers)
    return f"{runs} · {entries[-1]['hash'][:8]}"
