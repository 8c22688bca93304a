"""What changed between two sealed downloads: both are made again from their questions and laid side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from common import exports
from members.models import SealedDownload
from members.register import BY_NAME, Options

MOST = 500  # rows that are shown; all are counted


@dataclass(frozen=True)
class Row:
    """A row as the later download says it, or the earlier one where it is gone.

    `changed`: by column, what it said before and what it says now.
    """

    key: tuple
    said: dict[str, str]
    changed: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Changes:
    """Rows by the key of the download; the lists hold the first MOST of each, the numbers count all."""

    added: list[Row]
    gone: list[Row]
    changed: list[Row]
    numbers: dict[str, int]

    @property
    def number(self) -> int:
        return sum(self.numbers.values())


def between(earlier: SealedDownload, later: SealedDownload) -> Changes:
    """How the later one differs. Both are of one society and of the same kind of table.

    Only a digest of each row is held, so that 100,000 of them are a few megabytes; what differs is read once more.
    """
    headings = [name for name in _headings(later) if name in _headings(earlier)]
    before, after = (dict(_digests(sealed, headings)) for sealed in (earlier, later))
    keys = {
        "added": [key for key in after if key not in before],
        "gone": [key for key in before if key not in after],
        "changed": [key for key in after if key in before and before[key] != after[key]],
    }
    wanted = {key for found in keys.values() for key in found[:MOST]}
    was = {key: row for key, row in _rows(earlier, headings) if key in wanted}
    now = {key: row for key, row in _rows(later, headings) if key in wanted}
    return Changes(
        added=[Row(key, now[key], {}) for key in keys["added"][:MOST]],
        gone=[Row(key, was[key], {}) for key in keys["gone"][:MOST]],
        changed=[
            Row(
                key,
                now[key],
                {name: (text, now[key][name]) for name, text in was[key].items() if now[key][name] != text},
            )
            for key in keys["changed"][:MOST]
        ],
        numbers={name: len(found) for name, found in keys.items()},
    )


def _table(sealed: SealedDownload) -> exports.Table:
    return BY_NAME[sealed.what].made(sealed.society, Options.from_json(sealed.parameters, sealed.society))


def _headings(sealed: SealedDownload) -> list[str]:
    return [column.heading for column in _table(sealed).columns]


def _rows(sealed: SealedDownload, headings: list[str]) -> Iterator[tuple[tuple, dict[str, str]]]:
    key = BY_NAME[sealed.what].key
    for row in exports.texts(_table(sealed), headings):
        said = dict(zip(headings, row, strict=True))
        yield tuple(said[name] for name in key), said


def _digests(sealed: SealedDownload, headings: list[str]) -> Iterator[tuple[tuple, bytes]]:
    for key, said in _rows(sealed, headings):
        yield key, hashlib.blake2b("\x1f".join(said.values()).encode(), digest_size=16).digest()
