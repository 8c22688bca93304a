"""One PDF of many sheets to print, sent page by page: fonts and ornaments stand in it once.

It is for paper: no tags, no links, no attachments, and never scaled by the printer. Nothing is kept but where each
object begins, so ten thousand pages need no more memory than ten.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pydyf

from common.pdf_file import HEAD, content_of, indirect, stream

REFERENCE = re.compile(rb"(\d+) 0 R\b")
TAGS = re.compile(rb"/\w+\n(?:<</MCID \d+>>\nBDC|BMC)\n|EMC\n")
A_GROUP = 200  # pages to a node of the tree of pages
OBJECT_BYTES = 8  # of an offset in the index


@dataclass(frozen=True, eq=False)
class Leaf:
    """A sheet of which a run prints one page or many: what they share, as it stands in the tree it comes from."""

    objects: dict[int, bytes]
    resources: bytes
    box: bytes
    contents: tuple[int | None, ...]  # the page's streams, by number; None: given with each page


def without_tags(operators: bytes) -> bytes:
    """The operators of a page without the marks that tie them to a tree of tags."""
    return TAGS.sub(b"", operators)


def leaf_of(tree, contents: list) -> Leaf:
    """The first page of a pydyf tree. `contents`: its streams, None for those that differ from page to page."""
    page = tree.objects[tree.pages["Kids"][0]]
    for item in contents:
        if item is not None and not item.number:
            tree.add_object(item)
    numbers = tuple(item and item.number for item in contents)
    found: dict[int, bytes] = {}
    wanted = [number for number in numbers if number] + _referred(page["Resources"])
    while wanted:
        number = wanted.pop()
        if number not in found:
            item = tree.objects[number]
            found[number] = item.data
            wanted += _referred(_dictionary(item))
    return Leaf(found, page["Resources"], page["MediaBox"].data, numbers)


def whole_leaf(tree) -> Leaf:
    """The first page of a tree as it is; its own streams, without their tags."""
    page = tree.objects[tree.pages["Kids"][0]]
    streams = [tree.objects[number] for number in _referred(page["Contents"].data)]
    *under, main = streams
    plain = pydyf.Stream([without_tags(content_of(main))], compress=True)
    return leaf_of(tree, [*under, plain])


def printed(pages: Iterable[tuple[Leaf, list[bytes]]], *, title: str, lang: str) -> Iterator[bytes]:
    """The file in pieces. Each page: its leaf, and the operators for those streams of it that are its own."""
    run = _Run()
    yield run.begin()
    for leaf, own in pages:
        yield run.page(leaf, own)
    yield run.end(title, lang)


class _Run:
    def __init__(self):
        self.places: list[int] = [0]  # where each object begins
        self.at = len(HEAD)
        self.told = hashlib.sha256()
        self.leaves: dict[Leaf, dict[int, int]] = {}
        self.groups: list[tuple[int, list[int]]] = []
        self.root = self._number()

    def begin(self) -> bytes:
        return self._sent(HEAD)

    def page(self, leaf: Leaf, own: list[bytes]) -> bytes:
        """A page, and before its first page what a leaf shares."""
        written = []
        if leaf not in self.leaves:
            known = self.leaves[leaf] = {number: self._number() for number in leaf.objects}
            written += [self._placed(known[number], _renumbered(data, known)) for number, data in leaf.objects.items()]
        known, streams, others = self.leaves[leaf], [], iter(own)
        for number in leaf.contents:
            if number is None:
                streams.append(self._number())
                written.append(self._placed(streams[-1], stream(next(others))))
            else:
                streams.append(known[number])
        if not self.groups or len(self.groups[-1][1]) == A_GROUP:
            self.groups.append((self._number(), []))
        node, kids = self.groups[-1]
        kids.append(self._number())
        said = b"<</Type/Page/Parent %d 0 R/MediaBox %b/Contents[%b]/Resources %b>>" % (
            node,
            leaf.box,
            _list(streams),
            _renumbered(leaf.resources, known),
        )
        written.append(self._placed(kids[-1], said))
        return self._sent(b"".join(written))

    def end(self, title: str, lang: str) -> bytes:
        """The tree of pages, the catalogue and the index."""
        top, info, index = self._number(), self._number(), self._number()
        written = [
            self._placed(node, b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (top, len(kids), _list(kids)))
            for node, kids in self.groups
        ]
        pages, nodes = sum(len(kids) for _node, kids in self.groups), _list([node for node, _kids in self.groups])
        written.append(self._placed(top, b"<</Type/Pages/Count %d/Kids[%b]>>" % (pages, nodes)))
        written.append(self._placed(info, b"<</Title %b>>" % pydyf.String(title).data))
        said = b"<</Type/Catalog/Pages %d 0 R/Lang %b/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>>>"
        written.append(self._placed(self.root, said % (top, pydyf.String(lang).data)))
        self.places[index] = begin = self.at
        entries = b"".join(bytes([place > 0]) + place.to_bytes(OBJECT_BYTES, "big") for place in self.places)
        self.told.update(b"".join(written))
        identifier = self.told.hexdigest()[:32].encode()
        said = b"/Type/XRef/W[1 %d 0]/Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]" % (
            OBJECT_BYTES, len(self.places), self.root, info, identifier, identifier)  # fmt: skip
        written.append(indirect(index, stream(entries, said)))
        return b"".join(written) + b"startxref\n%d\n%%%%EOF\n" % begin

    def _number(self) -> int:
        self.places.append(0)
        return len(self.places) - 1

    def _placed(self, number: int, data: bytes) -> bytes:
        written = indirect(number, data)
        self.places[number] = self.at
        self.at += len(written)
        return written

    def _sent(self, piece: bytes) -> bytes:
        self.told.update(piece)
        return piece


def _list(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _dictionary(item) -> bytes:
    """What an object says of others: a stream's own bytes say nothing."""
    return pydyf.Dictionary(item.extra).data if isinstance(item, pydyf.Stream) else item.data


def _referred(data: bytes) -> list[int]:
    return [int(number) for number in REFERENCE.findall(data)]


def _renumbered(data: bytes, known: dict[int, int]) -> bytes:
    """An object of a leaf with its references as they are in the run. The bytes of a stream are left alone."""
    head, mark, rest = data.partition(b"stream\n")
    return REFERENCE.sub(lambda found: b"%d 0 R" % known[int(found[1])], head) + mark + rest
