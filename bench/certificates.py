"""Certificates a second on one core, beside WeasyPrint used the plain way on the very same page."""

from __future__ import annotations

import time
from datetime import date

from bench.figure import Figure
from bench.timing import in_turns
from common import clock, ids, pdf
from compliance import (
    certificate_file,
    certificate_pdf,
    certificate_stamp,
    certificate_words,
    certificates,
    signing,
    signing_keys,
)

NAIVE, EACH, ROUNDS, PEERS, SIGNED, LEAST_SIGNED = 20, 1_000, 3, 200, 300, 30
FIRST = ["Ada", "Mohammed", "Siân", "Łukasz", "Olu", "Priya", "Grace", "Niamh", "Jean-Luc", "Zoë"]
LAST = ["Lovelace", "Patel", "Williams", "Nowak", "Okafor", "Brown", "MacDonald", "Khan", "Evans-Hughes", "Żółć"]
SOCIETY = {
    "registered_name": "Marlpit Community Shop Limited",
    "register_number": "RS004821",
    "registered_office": "1 High Street\nMarlpit\nNR11 7LG",
    "legal_form": "community-benefit",
    "jurisdiction": "GB-ENG",
    "act": "Co-operative and Community Benefit Societies Act 2014",
    "accent": "tide",
}


def facts(number: int) -> dict:
    return certificates.facts_of(
        number=number,
        society=SOCIETY,
        holder={
            "name": f"{FIRST[number % 10]} {LAST[number // 10 % 10]}",
            "joint_names": ["Bob Ash"] if number % 5 == 0 else [],
            "address": f"{number} Low Street\nMarlpit",
            "postcode": "NR11 7LG",
        },
        share_class={"name": "Ordinary shares", "nominal_pence": 100},
        shares=250 + number,
        amount_pence=(250 + number) * 100,
        issued_on=date(2026, 11, 24),
        member_number=number,
        entries=[{"seq": number, "hash": f"{number:064x}"}],
        offer_title="The shop",
    )


def drawn(count: int) -> float:
    """Certificates a second, drawn as the site draws them."""
    begin = time.process_time()
    for number in range(1, count + 1):
        assert certificate_pdf.draw(facts(number), token=ids.token()).startswith(b"%PDF")
    return count / (time.process_time() - begin)


def signed(count: int) -> float:
    """Certificates a second, drawn and signed, as a zip for the members has them."""
    named = {"society_name": SOCIETY["registered_name"], "register_number": SOCIETY["register_number"], "number": 1}
    key = signing_keys.ready(*signing_keys.make(**named, at=clock.now()))
    signing.signed(certificate_pdf.draw(facts(1), token=ids.token()), key, at=clock.now())  # loads pyHanko
    begin = time.process_time()
    for number in range(1, count + 1):
        signing.signed(certificate_pdf.draw(facts(number), token=ids.token()), key, at=clock.now())
    return count / (time.process_time() - begin)


def naive(count: int) -> float:
    """The same words and style by HTML(string=…).write_pdf(): fonts and style sheets parsed anew for each."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    faces = "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{(pdf.FONTS / file).as_uri()}"); }}'
        for family, weight, file in pdf.FACES
    )
    style = faces + (pdf.STYLES / "certificate.css").read_text(encoding="utf-8")
    begin = time.process_time()
    for number in range(1, count + 1):
        html = certificate_file.html_of(certificate_words.said(facts(number), token=ids.token()))
        fonts = FontConfiguration()
        sheet = CSS(string=style, font_config=fonts)
        made = HTML(string=html).write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
        assert made.startswith(b"%PDF")
    return count / (time.process_time() - begin)


def measure() -> list[Figure]:
    ours, limit = in_turns(lambda: drawn(EACH), lambda: naive(NAIVE), rounds=ROUNDS)
    certificate_stamp._blank.cache_clear()  # as in a process that has laid out no sheet yet
    whole = PEERS / drawn(PEERS)
    return [
        Figure("certificates", ours, limit, "a second", bar=50, more_is_better=True,
               of="certificates drawn on one core; WeasyPrint used the plain way on the same page, without its border"),
        Figure("certificates_signed", signed(SIGNED), LEAST_SIGNED, "a second", bar=1, more_is_better=True,
               of="certificates drawn and signed on one core; the least that is wanted"),
        Figure("certificates_200", whole, 5, "s", bar=1,
               of=f"{PEERS} certificates one after another, in seconds of one core; the most wanted"),
    ]  # fmt: skip
