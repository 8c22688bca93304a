"""Sealed downloads: each is a fact that can be proved, and the same question can be asked again.

The bytes themselves are not kept. They follow from the question, which holds the day and the moment of knowledge, and
from the ledger and the register, which never change: the same release gives the same bytes.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.db import transaction

from common import audit, clock, exports
from members import numbering
from members.models import SealedDownload
from members.register import BY_NAME, Download, Options
from members.register.downloads import CSV, JOURNAL, JSON, PDF, XLSX, ZIP
from members.register.printed import write_pdf
from offers.models import Society

KINDS = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PDF: "application/pdf",
    JSON: "application/json",
    ZIP: "application/zip",
    JOURNAL: "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Head:
    """Where a society's ledger ends at a moment: nothing recorded later is known by then."""

    known_at: datetime
    seq: int
    hash: str


@transaction.atomic
def head(society: Society) -> Head:
    """The last entry now, and a moment that every later entry is later than: writers wait for this lock."""
    numbers = numbering.lock(society.pk)
    return Head(known_at=clock.now(), seq=numbers.last_seq, hash=bytes(numbers.last_hash).hex())


def take(
    download: Download, kind: str, society: Society, options: Options, *, ends: Head, by
) -> tuple[SealedDownload, IO[bytes]]:
    """Make the download and seal it: (SealedDownload, file open at its beginning). Written whole before it is sent."""
    file = write(download, kind, society, options)
    number, totals = exports.sums(download.made(society, options), download.sums)
    sealed = SealedDownload.objects.create(
        society=society,
        what=download.name,
        kind=kind,
        parameters=options.as_json(),
        rows=number,
        totals=totals,
        size=file.seek(0, 2),
        sha256=_sha256(file),
        head_seq=ends.seq,
        head_hash=ends.hash,
        sealed_at=clock.now(),
        sealed_by=by,
    )
    audit.note("register.download", society_id=society.pk, subject_id=sealed.pk, by=by, what=download.name, kind=kind)
    file.seek(0)
    return sealed, file


def write(download: Download, kind: str, society: Society, options: Options) -> IO[bytes]:
    """The download's bytes in a temporary file."""
    if download.own:
        return download.own(society, on=options.on, known_at=options.known_at)
    table, title = download.made(society, options), str(download.title)
    if kind == XLSX:
        return exports.xlsx_file(table, title=title)
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it when it has been sent
    if kind == CSV:
        file.writelines(exports.csv_lines(table))
    elif kind == JSON:
        society_said = {"name": society.registered_name, "register_number": society.register_number}
        said = {"download": download.name, "society": society_said, "parameters": options.as_json()}
        file.writelines(exports.json_lines(table, said=said))
    else:
        write_pdf(download, society, options, file)
    return file


def _sha256(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def again(sealed: SealedDownload) -> tuple[IO[bytes], bool]:
    """The same question once more: the file, and whether its bytes are those that were sealed."""
    options = Options.from_json(sealed.parameters, sealed.society)
    file = write(BY_NAME[sealed.what], sealed.kind, sealed.society, options)
    same = _sha256(file) == sealed.sha256
    file.seek(0)
    return file, same


def as_json(sealed: SealedDownload) -> dict:
    """The seal for keeping with the file."""
    return {
        "society": sealed.society.register_number,
        "download": sealed.what,
        "kind": sealed.kind,
        "parameters": sealed.parameters,
        "rows": sealed.rows,
        "totals": sealed.totals,
        "size": sealed.size,
        "sha256": sealed.sha256,
        "head_seq": sealed.head_seq,
        "head_hash": sealed.head_hash,
        "sealed_at": sealed.sealed_at.isoformat(),
    }
