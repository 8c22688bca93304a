"""From a file's bytes to a statement: which format it is, and no more than a file may be."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from payments.statements import camt, csv_lines, csv_text, ofx
from payments.statements.csv_maps import Spec
from payments.statements.facts import MOST_BYTES, Statement, checked, refused

CAMT, OFX, CSV = "camt.053", "ofx", "csv"
OTHERS = {b"%PDF": "PDF", b"PK\x03\x04": "XLSX", b"\xd0\xcf\x11\xe0": "XLS", b"\x1f\x8b": "gzip", b"GIF8": "GIF",
          b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG"}  # fmt: skip


def kind(data: bytes) -> str:
    """Which of the formats a file is; refused, with words, where it is none or too large."""
    if not data.strip():
        raise refused(_("The file is empty."))
    if len(data) > MOST_BYTES:
        words = _("The file is larger than %(most)s MB. Download a shorter time from the bank.")
        raise refused(words % {"most": MOST_BYTES // 1_000_000})
    for mark, name in OTHERS.items():
        if data.startswith(mark):
            words = _("This is a %(name)s file. Download the statement as CSV, OFX or CAMT.053 instead.")
            raise refused(words % {"name": name})
    if ofx.is_ofx(data):
        return OFX
    if camt.is_camt(data):
        return CAMT
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        camt.refuse_hostile_xml(data)
        raise refused(_("This is not a CAMT.053 or OFX statement, nor a CSV file."))
    return CSV


def read(data: bytes, spec: Spec | None = None) -> Statement:
    """The statement in a file; `spec` is the map of a CSV file. ValidationError, with words, where it is refused."""
    found = kind(data)
    if found == CSV:
        return checked(csv_lines.read(csv_text.rows(data), spec or Spec()))
    return checked(ofx.read(data) if found == OFX else camt.read(data))


def sha256(data: bytes) -> str:
    """What makes a file the same file."""
    return hashlib.sha256(data).hexdigest()
