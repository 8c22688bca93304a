"""A certificate as PDF: one page, A4 on its side, drawn anew from the frozen facts whenever somebody asks for it.

The same facts and token give the same bytes on the same release. Words are in English whatever the reader's language:
they are part of what was issued. What it says follows the Community Shares Handbook 3.2.13 and 4.2.
"""

from __future__ import annotations

import hashlib
import io
from bisect import bisect_left
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from common import pdf
from common.money import as_pounds
from common.number_words import in_words, pounds_in_words
from compliance import canonical
from compliance.certificate_paper import ACCENTS, paper_of
from compliance.engraving import put_under

# Up to how many letters each size of type is right for; longer text gets the next size.
SOCIETY_SIZES = (38, 58, 100)
HOLDER_SIZES = (26, 42, 80, 130, 260)
FIGURE_SIZES = (8, 12)
ADDRESS_SIZES = (70,)
TIGHTER = (0, 9, 8, 7, 6, 5, 4.2)  # points of the root size to try in turn until all is on one page; 0: as designed


class TooLong(Exception):
    """The facts do not fit on one page even in the smallest type that can be read."""


def draw(facts: dict, *, token: str) -> bytes:
    """The PDF of a certificate. `facts` as `certificates.facts_of` froze them; `token` opens its public page.

    Raises TooLong where names and address do not fit on one page; the registers' own limits keep them shorter.
    """
    society = facts["society"]
    with override("en-gb"):
        said = _said(facts, public_address(token))
        document = _on_one_page(said)
    paper = paper_of(society["register_number"], society["accent"])
    identifier = hashlib.sha256(f"{canonical.sha256(facts)} {token}".encode()).digest()[:16]
    return pdf.write(document, identifier=identifier, finisher=lambda _document, made: put_under(made, paper))


def public_address(token: str) -> str:
    """Where anybody may see whether the certificate stands. Kept short: it is printed, scanned and typed."""
    return f"{settings.SITE_URL}/v/{token}/"


def _on_one_page(said: dict):
    for tight in TIGHTER:
        html = render_to_string("pdf/certificate.html", said | {"tight": tight})
        document = pdf.lay_out(html, style="certificate")
        if len(document.pages) == 1:
            return document
    raise TooLong(f"Certificate {said['number']} does not fit on one page.")


def _size(text: str, limits: tuple[int, ...]) -> int:
    return bisect_left(limits, len(text)) + 1


def _said(facts: dict, address: str) -> dict:
    """What the template says, from the facts."""
    holder, shares = facts["holder"], facts["shares"]
    names = [name.strip() for name in (holder["name"], *holder["joint_names"])]
    together = together_named(names)
    accent, deep, _tint = ACCENTS.get(facts["society"]["accent"], ACCENTS["tide"])
    return {
        "society": facts["society"],
        "society_size": _size(facts["society"]["registered_name"], SOCIETY_SIZES),
        "accent": accent,
        "deep": deep,
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
        "issued_on": date.fromisoformat(facts["issued_on"]),
        "member_number": facts["member_number"],
        "entries": _entries(facts["entries"]),
        "wording_template": f"pdf/wording/{facts['wording']}.html",
        "address": address,
        "address_size": _size(address, ADDRESS_SIZES),
        "address_parts": address.rpartition("/v/"),
        "qr": qr_code(address),
    }


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


def _entries(entries: list[dict]) -> str:
    """The ledger entries behind it, and the beginning of the last one's hash, which later entries rest upon."""
    numbers = [entry["seq"] for entry in entries]
    runs = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        runs = ", ".join(str(number) for number in numbers)
    return f"{runs} · {entries[-1]['hash'][:8]}"


def qr_code(address: str) -> SafeString:
    """The address as a QR code in inline SVG, whose alternative text is the address itself. Level M, no margin."""
    import segno

    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, nl=False, dark="#10222e"
    )
    head, _bracket, rest = drawn.getvalue().decode().partition(">")
    title = format_html("<title>{}</title>", _("QR code that opens %(address)s") % {"address": address})
    return mark_safe(f"{head}>{title}{rest}")
