"""A PDF of which most objects stay the same, written down once, and files of it with the others put in.

A file is the part that stays, the objects that change, and an index (ISO 32000-1, 7.5.7 and 7.5.8: streams of objects
and of cross-references). Small objects that stay are compressed together.
"""

from __future__ import annotations

import hashlib
import zlib

QUICK, SMALL = 6, 9  # how hard zlib tries: for each file, and for what is written once
HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
ENTRY = 7  # bytes of an entry of the index: its kind, where, and the place within


class Frozen:
    """What stays of a pydyf tree, whose objects named in `changing` (by number) are given anew for each file."""

    def __init__(self, tree, *, changing: set[int]):
        stay = [item for item in tree.objects[1:] if item.free != "f" and item.number not in changing]
        written, at, places = [HEAD], len(HEAD), {}
        for item in stay:
            if not item.compressible:
                places[item.number] = at
                written.append(indirect(item.number, item.data))
                at += len(written[-1])
        small = [(item.number, item.data) for item in stay if item.compressible]
        self._together = len(tree.objects)  # the number of the stream of objects; that of the index is the next
        places[self._together] = at
        written.append(indirect(self._together, _object_stream(small)))
        self._head = b"".join(written)
        within = {number: place for place, (number, _data) in enumerate(small)}
        self._index = bytearray()
        for number in range(self._together + 2):
            if number in within:
                self._index += _entry(2, self._together, within[number])
            else:
                self._index += _entry(int(number in places), places.get(number, 0), 0)
        self._root = f"/Size {self._together + 2}/Root ".encode() + tree.catalog.reference
        self._root += b"/Info " + tree.info.reference

    def file(self, changed: dict[int, bytes], *, identifier: bytes) -> bytes:
        """A whole file. `changed`: by number, what stands in each changing object."""
        index, written, at = bytearray(self._index), [self._head], len(self._head)
        for number, data in changed.items():
            index[ENTRY * number : ENTRY * number + ENTRY] = _entry(1, at, 0)
            written.append(indirect(number, data))
            at += len(written[-1])
        last = self._together + 1
        index[ENTRY * last : ENTRY * last + ENTRY] = _entry(1, at, 0)
        told = hashlib.sha256(b"".join(written[1:])).hexdigest()[:32]
        said = f"/Type/XRef/W[1 4 2]/ID[<{identifier.hex()}><{told}>]".encode() + self._root
        written.append(indirect(last, stream(bytes(index), said)))
        written.append(f"startxref\n{at}\n%%EOF\n".encode())
        return b"".join(written)


def indirect(number: int, data: bytes) -> bytes:
    """An object as it stands in a file."""
    return f"{number} 0 obj\n".encode() + data + b"\nendobj\n"


def stream(content: bytes, said: bytes = b"", *, level: int = QUICK) -> bytes:
    """A compressed stream; `said`: what its dictionary says besides."""
    packed = zlib.compress(content, level)
    return b"<<" + said + f"/Filter/FlateDecode/Length {len(packed)}>>\nstream\n".encode() + packed + b"\nendstream"


def content_of(made) -> bytes:
    """What stands in a stream of pydyf, whose items are bytes, text or objects."""
    return b"\n".join(
        item if isinstance(item, bytes) else item.encode() if isinstance(item, str) else item.data
        for item in made.stream
    )


def _entry(kind: int, where: int, within: int) -> bytes:
    return bytes([kind]) + where.to_bytes(4, "big") + within.to_bytes(2, "big")


def _object_stream(items: list[tuple[int, bytes]]) -> bytes:
    places, at = [], 0
    for number, data in items:
        places.append(f"{number} {at}")
        at += len(data) + 1
    head = " ".join(places).encode() + b"\n"
    body = head + b"\n".join(data for _number, data in items)
    return stream(body, f"/Type/ObjStm/N {len(items)}/First {len(head)}".encode(), level=SMALL)
