"""A zip sent file by file as its files are made: never in memory or on disk as a whole, the same bytes each time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

EARLIEST = (1980, 1, 1, 0, 0, 0)  # of every file in it: zip's first moment, so that two runs give the same bytes
UNIX, READABLE = 3, 0o644 << 16


class _Pipe:
    """What zipfile writes to, taken away piece by piece."""

    def __init__(self):
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere."""

    def taken(self) -> bytes:
        whole, self.pieces = b"".join(self.pieces), []
        return whole


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The zip in pieces, at least one for each file (name, content). Stored as they are: PDFs are compressed already.

    Raises ValueError for a name that would leave the folder it is unpacked in.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            if "/" in name or "\\" in name or name.startswith("."):
                raise ValueError(f"{name} is no plain name of a file.")
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system, entry.external_attr = UNIX, READABLE
            archive.writestr(entry, content)
            yield pipe.taken()
    yield pipe.taken()
