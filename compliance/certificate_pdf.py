"""A certificate as PDF: one page, A4 on its side, drawn anew from the frozen facts whenever somebody asks for it.

The same facts and token give the same bytes on the same release. `draw` gives the file as it is before
anybody signs it.
"""

from __future__ import annotations

import hashlib

from django.utils.translation import override

from common import pdf
from common.print_run import Leaf, whole_leaf
from compliance import canonical, certificate_file
from compliance.certificate_stamp import stamped, to_print
from compliance.certificate_words import said

TIGHTER = (0, 9, 8, 7, 6, 5, 4.2)  # points of the root size to try in turn until all is on one page; 0: as designed


class TooLong(Exception):
    """The facts do not fit on one page even in the smallest type that can be read."""


def draw(facts: dict, *, token: str) -> bytes:
    """The PDF of a certificate. `facts` as `certificates.facts_of` froze them; `token` opens its public page.

    Stamped on a sheet that is laid out already where the words allow it, else laid out whole; nobody sees which. Raises
    TooLong where names and address do not fit on one page; the registers' own limits keep them shorter.
    """
    with override("en-gb"):
        words = said(facts, token=token)
        quick = stamped(words, facts, identifier=_identifier(facts, token))
        return quick or _whole(words, facts, _identifier(facts, token))


def draw_whole(facts: dict, *, token: str) -> bytes:
    """The same certificate laid out by WeasyPrint from beginning to end: what `draw` is measured by."""
    with override("en-gb"):
        return _whole(said(facts, token=token), facts, _identifier(facts, token))


def page_of(facts: dict, *, token: str) -> tuple[Leaf, list[bytes]]:
    """The certificate as a page of a print run (`print_run.printed`). Raises TooLong."""
    with override("en-gb"):
        words = said(facts, token=token)
        quick = to_print(words)
        if quick is not None:
            return quick
        kept: dict[str, Leaf] = {}

        def keep(_document, tree) -> None:
            certificate_file.finish(tree, words, facts)
            kept["leaf"] = whole_leaf(tree)

        pdf.write(_on_one_page(words), identifier=b"", to_keep=True, finisher=keep)
        return kept["leaf"], []


def _identifier(facts: dict, token: str) -> bytes:
    """Of the file: the same whenever the certificate is drawn."""
    return hashlib.sha256(f"{canonical.sha256(facts)} {token}".encode()).digest()[:16]


def _whole(words: dict, facts: dict, identifier: bytes) -> bytes:
    return pdf.write(
        _on_one_page(words),
        identifier=identifier,
        to_keep=True,
        finisher=lambda _document, tree: certificate_file.finish(tree, words, facts),
    )


def _on_one_page(words: dict):
    for tight in TIGHTER:
        document = certificate_file.lay_out(words, tight=tight)
        if len(document.pages) == 1:
            return document
    raise TooLong(f"Certificate {words['number']} does not fit on one page.")
