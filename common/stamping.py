"""A page that WeasyPrint lays out once, and files of it that differ in some words, a QR code and what is attached.

The page is laid out with a mark in each place. The marks are looked up in the boxes of the layout, set again by
`typesetting` and found among the page's operators: so it is known before the first file that a word is put in exactly
as WeasyPrint would have drawn it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from common import pdf, pdf_file, print_run
from common.qr import RUN, Code
from common.typesetting import CannotSet, Setting, letters_of, setting_of

LONG = 1_000  # bytes of operators that stay the same and are worth a stream of their own


class CannotStamp(Exception):
    """The layout is not what stamping rests upon: a mark is missing, or is not drawn as it was set here."""


@dataclass(frozen=True)
class Slot:
    """Where one text is put: centred on `middle`, at most `room` wide (pixels), on the line `y`, in one face."""

    setting: Setting
    before: str
    after: str
    middle: float
    room: float
    y: str
    face: str

    def operators(self, words: str) -> bytes:
        """Place, face and glyphs. Raises CannotSet where the words do not fit."""
        line, width = self.setting.line(self.before + words + self.after)
        if width > self.room - 0.5:
            raise CannotSet("longer than the line")
        x = _number(self.middle - width / 2)
        return f"1 0 0 -1 {x} {self.y} Tm\n{self.face} Tf\n[".encode() + line + b"] TJ"


class Blank:
    """One laid-out page with its slots, and everything of its file that stays the same."""

    def __init__(
        self, document, *, marks: dict[str, str], code: Code, link: str, letters: frozenset[str], finisher: Callable
    ):
        """`marks`: the text that stands in each place. `code`: the one drawn. `link`: what stands for the part of
        addresses and descriptions that changes. `letters`: those that words may have, as far as our fonts have them.
        `finisher` is handed the pydyf tree, as by WeasyPrint, and gives back by name the objects that change as a
        whole. Raises CannotStamp.
        """
        self.letters = letters
        pdf.write(document, identifier=b"", to_keep=True)  # drawn once so that its fonts are known
        for font in document.fonts.values():
            for letter, (glyph, advance) in letters_of(font.family, font.weight).items():
                if letter in letters:
                    font.to_unicode.setdefault(glyph, letter)
                    font.widths.setdefault(glyph, advance)

        def keep(_document, tree) -> None:
            named = finisher(tree)
            self.parts, self.slots = _cut(document, pdf_file.content_of(_main(tree)), marks, code)
            self._freeze(tree, link.encode("ascii"), named)
            self._keep_for_print(tree)
            _see_no_mark(tree, [*marks.values(), link], {*self._named.values(), *self._linked})

        pdf.write(document, identifier=b"", to_keep=True, finisher=keep)

    def operators(self, words: dict[str, str], code: Code) -> list[bytes]:
        """The page's operators, in the order of its streams. Raises CannotSet for words that do not fit."""
        return self._drawn(self.parts, words, code)

    def to_print(self, words: dict[str, str], code: Code) -> list[bytes]:
        """The operators of those streams of `leaf` that are a page's own. Raises CannotSet."""
        return self._drawn(self._own_parts, words, code)

    def _drawn(self, streams: list[list[bytes | str]], words: dict[str, str], code: Code) -> list[bytes]:
        if not self.letters.issuperset("".join([words[name] for name in self.slots])):
            raise CannotSet("letters that are not in the file")
        said = {name: slot.operators(words[name]) for name, slot in self.slots.items()}
        said[""] = _code_operators(code)
        return [b"".join([said[part] if isinstance(part, str) else part for part in parts]) for parts in streams]

    def file(self, words: dict[str, str], code: Code, *, link: str, objects: dict[str, bytes], identifier: bytes):
        """The bytes of one file. `objects` by the names that the finisher gave. Raises CannotSet."""
        drawn, linked = self.operators(words, code), link.encode("ascii")
        changed = {number: pdf_file.stream(drawn[place]) for place, number in self._streams.items()}
        changed |= {number: linked.join(pieces) for number, pieces in self._linked.items()}
        changed |= {number: objects[name] for name, number in self._named.items()}
        return self._frozen.file(changed, identifier=identifier)

    def _freeze(self, tree, link: bytes, named: dict) -> None:
        """Put the parted operators in the page's place, and write down what stays."""
        import pydyf

        contents = tree.objects[tree.pages["Kids"][0]]["Contents"]
        _main(tree).free = "f"
        contents.pop()
        self._under = list(contents)
        self._streams: dict[int, int] = {}
        for place, parts in enumerate(self.parts):
            made = pydyf.Stream([part for part in parts if isinstance(part, bytes)], compress=True)
            tree.add_object(made)
            contents.append(made.reference)
            if any(isinstance(part, str) for part in parts):
                self._streams[place] = made.number
        tree.add_object(tree.info)
        self._named = {name: item.number for name, item in named.items()}
        self._linked = {
            item.number: item.data.split(link)
            for item in tree.objects
            if item.compressible and item.number not in self._named.values() and link in item.data
        }
        changing = {*self._streams.values(), *self._named.values(), *self._linked}
        self._frozen = pdf_file.Frozen(tree, changing=changing)

    def _keep_for_print(self, tree) -> None:
        """The same page without its tags, for a run of many."""
        import pydyf

        contents: list = [tree.objects[int(item.split()[0])] for item in self._under]
        self._own_parts = []
        for parts in self.parts:
            plain = [part if isinstance(part, str) else print_run.without_tags(part) for part in parts]
            if any(isinstance(part, str) for part in parts):
                self._own_parts.append(plain)
                contents.append(None)
            else:
                contents.append(pydyf.Stream(plain, compress=True))
        self.leaf = print_run.leaf_of(tree, contents)


def _see_no_mark(tree, marks: list[str], changing: set[int]) -> None:
    """What stays holds no mark, however text is written in it. Raises CannotStamp."""
    for item in tree.objects:
        if item.compressible and item.free != "f" and item.number not in changing:
            data = item.data
            for mark in marks:
                if mark.encode() in data or mark.encode("utf-16-be").hex().encode() in data:
                    raise CannotStamp(f"{mark} stands where nothing is put in.")


def _main(tree):
    """The stream of the page that WeasyPrint has drawn; what was put under it stands before it."""
    return tree.objects[int(tree.objects[tree.pages["Kids"][0]]["Contents"][-1].split()[0])]


def _cut(document, text: bytes, marks: dict[str, str], code: Code) -> tuple[list[list[bytes | str]], dict[str, Slot]]:
    """The page's operators parted where something is put in, as streams of bytes that stay and names; and the slots."""
    slots: dict[str, Slot] = {}
    found = [(*_place_of(_code_operators(code), text), "")]
    for box, room in _texts(document.pages[0]._page_box, 0.0):
        for name, mark in marks.items():
            if mark in box.text:
                slots[name] = _slot(box, room, mark, text, document.fonts)
                found.append((*_place_of(slots[name].operators(mark), text), name))
    if len(found) != len(marks) + 1:
        raise CannotStamp(f"{sorted(marks)} are wanted, {sorted(slots)} are on the page.")
    parts: list[list[bytes | str]] = [[]]

    def stays(piece: bytes) -> None:
        if len(piece) < LONG:
            parts[-1].append(piece)
        else:  # on its own, compressed once
            parts.extend([[piece], []])

    at = 0
    for begin, end, name in sorted(found):
        stays(text[at:begin])
        parts[-1].append(name)
        at = end
    stays(text[at:])
    return [part for part in parts if part], slots


def _place_of(wanted: bytes, text: bytes) -> tuple[int, int]:
    """Where it stands in the operators: once, or the layout is not what we think."""
    if text.count(wanted) != 1:
        raise CannotStamp(f"Drawn {text.count(wanted)} times: {wanted[:80]!r}")
    begin = text.index(wanted)
    return begin, begin + len(wanted)


def _texts(box, room: float):
    """The texts of a page, each with the width of the block it stands in."""
    from weasyprint.formatting_structure import boxes

    box = getattr(box, "_box", box)  # what is placed absolutely is wrapped
    if isinstance(box, boxes.TextBox):
        yield box, room
    elif isinstance(box, boxes.ParentBox):
        inside = box.width if isinstance(box, boxes.BlockContainerBox) else room
        for child in box.children:
            yield from _texts(child, inside)


def _slot(box, room: float, mark: str, text: bytes, fonts: dict) -> Slot:
    """The slot of a mark in a laid-out text. Its face is read from the operators."""
    before, after = box.text.split(mark)
    y = _number(box.position_y + box.baseline)
    _begin, end = _place_of(f"1 0 0 -1 {_number(box.position_x)} {y} Tm\n".encode(), text)
    face = text[end : text.index(b" Tf\n", end)].decode()
    tag, size = face[1:].split()
    font = next(font for font in fonts.values() if font.hash == tag)
    exact = round(float(size) * 1024) / 1024  # Pango counts in 1024ths, the file shows six places
    setting = setting_of(box.style, family=font.family, weight=font.weight, size=exact)
    return Slot(setting, before, after, box.position_x + box.width / 2, room, y, face)


def code_path(code: Code) -> str:
    """A QR code as a path of SVG, for a line one module wide."""
    return "".join([f"M{x} {y}.5H{x + length}" for x, y, length in code.runs()])


class _Strokes(dict):
    """Operators of a dark run by its ends; few of them, used again and again."""

    def __init__(self, y: int):
        super().__init__()
        self.y = y

    def __missing__(self, ends: tuple[int, int]) -> str:
        self[ends] = f"{ends[0]} {self.y}.5 m\n{ends[1]} {self.y}.5 l"
        return self[ends]


_strokes = [_Strokes(y) for y in range(177)]  # the largest code has as many rows


def _code_operators(code: Code) -> bytes:
    """The path of `code_path` as WeasyPrint writes it."""
    return "\n".join([_strokes[y][run.span()] for y, row in enumerate(code.rows) for run in RUN.finditer(row)]).encode()


def _number(value: float) -> str:
    """As pydyf writes it."""
    return str(int(value)) if value.is_integer() else f"{value:f}".rstrip("0")
