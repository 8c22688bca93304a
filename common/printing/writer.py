"""A PDF written page by page to a file: nothing of a page is kept but its place."""

from __future__ import annotations

import re
import zlib
from typing import IO

from common.printing.typeface import Typeface

REFERENCE = re.compile(rb"\b(\d+) 0 (R|obj)\b")


class Writer:
    """Pages of one size and two faces, /F0 and /F1. The same pages give the same bytes: no time, no random mark."""

    def __init__(self, target: IO[bytes], *, size: tuple[float, float], faces: list[Typeface], title: str):
        self.target, self.size, self.faces, self.title = target, size, faces, title
        self.used: list[set[str]] = [set() for _ in faces]
        self.places: dict[int, int] = {}
        self.pages: list[int] = []
        self.written = 0
        self.next = 4 + 5 * len(faces)  # 1 catalogue, 2 pages, 3 information, then five for each face
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def page(self, content: str) -> None:
        """One page from its operators."""
        fonts = " ".join(f"/F{place} {4 + 5 * place} 0 R" for place in range(len(self.faces)))
        stream = self._stream(zlib.compress(content.encode("ascii"), 1), "/Filter/FlateDecode")
        box = f"[0 0 {self.size[0]:g} {self.size[1]:g}]"
        words = f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Resources<</Font<<{fonts}>>>>/Contents {stream} 0 R>>"
        self.pages.append(self._object(words.encode()))

    def foreign_page(self, objects: list[bytes]) -> None:
        """One page that another program drew, as numbered objects; the numbers are moved out of the way."""
        shift = self.next
        highest = 0
        for text in objects:
            head, mark, body = text.partition(b"\nstream\n")
            number = int(REFERENCE.match(head)[1])
            highest = max(highest, number)
            head = REFERENCE.sub(lambda found: b"%d 0 %s" % (int(found[1]) + shift, found[2]), head)
            if b"/Type /Page\n" in head or b"/Type /Page " in head or b"/Type /Page/" in head:
                head = re.sub(rb"/Parent \d+ 0 R", b"/Parent 2 0 R", head)
                self.pages.append(number + shift)
            self.places[number + shift] = self.written
            self._put(head + mark + body + b"\n")
        self.next = shift + highest + 1

    def close(self) -> None:
        """Faces, list of pages, table of places."""
        for place, (face, used) in enumerate(zip(self.faces, self.used, strict=True)):
            self._face(4 + 5 * place, face, used or {" "})
        kids = " ".join(f"{number} 0 R" for number in self.pages)
        self._object(f"<</Type/Pages/Count {len(self.pages)}/Kids[{kids}]>>".encode(), number=2)
        self._object(b"<</Type/Catalog/Pages 2 0 R/Lang(en-GB)/ViewerPreferences<</DisplayDocTitle true>>>>", number=1)
        self._object(f"<</Title<{_utf16(self.title)}>/Producer(Toad Lane)>>".encode(), number=3)
        start = self.written
        lines = [b"0000000000 65535 f \n"]
        lines += [
            b"%010d 00000 n \n" % self.places[n] if n in self.places else b"0000000000 65535 f \n"
            for n in range(1, self.next)
        ]
        self._put(b"xref\n0 %d\n" % self.next + b"".join(lines))
        self._put(b"trailer\n<</Size %d/Root 1 0 R/Info 3 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (self.next, start))

    def _face(self, first: int, face: Typeface, used: set[str]) -> None:
        """A composite font: itself, its descendant, its description, its file, and what its glyphs mean."""
        scale = 1000 / face.per_em
        widths = " ".join(
            f"{glyph}[{face.advance[sign] * scale:.0f}]"
            for glyph, sign in sorted((face.glyphs[ord(sign)], sign) for sign in used)
        )
        name = f"TOADLN+{face.name}"
        box = " ".join(f"{edge * scale:.0f}" for edge in face.box)
        file = face.subset(used)
        self._object(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{first + 1} 0 R]"
            f"/ToUnicode {first + 4} 0 R>>".encode(), number=first)  # fmt: skip
        self._object(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            f"/Supplement 0>>/FontDescriptor {first + 2} 0 R/CIDToGIDMap/Identity/W[{widths}]>>".encode(),
            number=first + 1)  # fmt: skip
        self._object(
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent "
            f"{face.ascent * scale:.0f}/Descent {face.descent * scale:.0f}/CapHeight 700/StemV 80"
            f"/FontFile2 {first + 3} 0 R>>".encode(), number=first + 2)  # fmt: skip
        self._stream(zlib.compress(file), f"/Filter/FlateDecode/Length1 {len(file)}", number=first + 3)
        self._stream(_meanings(face, used), "", number=first + 4)

    def _put(self, piece: bytes) -> None:
        self.target.write(piece)
        self.written += len(piece)

    def _object(self, words: bytes, number: int = 0) -> int:
        if not number:
            number, self.next = self.next, self.next + 1
        self.places[number] = self.written
        self._put(b"%d 0 obj\n%s\nendobj\n" % (number, words))
        return number

    def _stream(self, body: bytes, words: str, number: int = 0) -> int:
        head = f"<<{words}/Length {len(body)}>>".encode()
        return self._object(head + b"\nstream\n" + body + b"\nendstream", number)


def _utf16(text: str) -> str:
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex()


def _meanings(face: Typeface, used: set[str]) -> bytes:
    """Which character each glyph stands for, so that text can be searched and copied."""
    lines = [f"<{face.codes[ord(sign)]}> <{sign.encode('utf-16-be').hex()}>" for sign in sorted(used)]
    parts = [lines[place : place + 100] for place in range(0, len(lines), 100)]
    said = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Adobe-Identity-UCS def\n"
        "/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{said}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()
