"""Many certificates at once, made as they are sent: single files in a zip, or one PDF for a printer.

Neither is kept: the facts are, and the same certificates give the same bytes again, as long as nobody signs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.text import slugify

from common import clock, print_run
from common.archives import zipped
from compliance import certificate_pdf, signing
from compliance.certificate_words import together_named
from compliance.models import Certificate
from compliance.signing import Signer

NAME_LETTERS = 60
LANGUAGE = "en-GB"
# What to tell people beforehand, in bytes: of a single file, and of a page of the printer's.
A_FILE, A_PAGE = 66_000, 3_000


def file_name(certificate: Certificate) -> str:
    """certificate-00045-ann-reed.pdf. Plain letters only, whatever the holder is called: safe on any disk."""
    holder = certificate.facts["holder"]
    names = slugify(together_named([holder["name"], *holder["joint_names"]]))[:NAME_LETTERS].strip("-")
    return "-".join(part for part in (f"certificate-{certificate.number:05}", names) if part) + ".pdf"


def as_zip(certificates: Iterable[Certificate], *, by: Signer | None = None) -> Iterator[bytes]:
    """A zip of their PDFs, in pieces; `by`: the society's key, where they are to be signed."""

    def file(certificate: Certificate) -> bytes:
        pdf = certificate_pdf.draw(certificate.facts, token=certificate.token)
        return signing.signed(pdf, by, at=clock.now()) if by else pdf

    return zipped((file_name(certificate), file(certificate)) for certificate in certificates)


def to_print(certificates: Iterable[Certificate], *, title: str) -> Iterator[bytes]:
    """One PDF with a certificate on each page, in pieces."""
    pages = (certificate_pdf.page_of(certificate.facts, token=certificate.token) for certificate in certificates)
    return print_run.printed(pages, title=title, lang=LANGUAGE)
