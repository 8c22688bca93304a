"""A certificate is a file to keep (PDF/A-3a), to hear (PDF/UA-1) and to read by program: its facts are in it."""

import hashlib
import io
import json
import re

import pikepdf
import pytest

from compliance import canonical, certificate_file, certificate_pdf
from tests.compliance.test_certificate_pdf import TOKEN, address, facts
from tests.compliance.test_certificate_stamp import stamped

SIAN = facts(holder={"name": "Siân Ŵyn", "joint_names": ["Bob Ash"]}, society={"registered_name": "Tŷ & Co “Cyf”"})
HAN = facts(holder={"name": "漢字 Reed"})
CASES = {"stamped": facts(), "stamped, Welsh": SIAN, "laid out whole": HAN}


@pytest.fixture(params=CASES.values(), ids=CASES)
def said(request):
    return request.param


@pytest.fixture
def document(said):
    with pikepdf.open(io.BytesIO(certificate_pdf.draw(said, token=TOKEN))) as opened:
        yield opened


def test_both_ways_are_tried_here():
    assert [stamped(said) is not None for said in CASES.values()] == [True, True, False]


def test_a_strict_reader_finds_nothing_to_mend(document):
    assert document.check_pdf_syntax() == []
    assert document.pdf_version == "1.7"
    assert not document.is_encrypted


def test_it_says_which_standards_it_keeps(document, said):
    """PDF/A-3a and PDF/UA-1 in the metadata, which says the same as the document information."""
    with document.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert metadata["dc:title"] == str(document.docinfo["/Title"])
        assert metadata["dc:creator"] == [str(document.docinfo["/Author"])] == [said["society"]["registered_name"]]
        assert metadata["pdf:Producer"] == str(document.docinfo["/Producer"])
        assert metadata["xmp:CreateDate"] == "2026-03-12"
    assert str(document.docinfo["/CreationDate"]) == "D:20260312"
    packet = document.Root.Metadata
    assert "/Filter" not in packet  # so that any program finds it
    assert b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in packet.read_bytes()


def test_its_colours_mean_something(document):
    (intent,) = document.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    assert intent.DestOutputProfile.N == 3
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"  # the mark of a colour profile


def test_nothing_in_it_acts_or_hides(document):
    assert not {"/OpenAction", "/AA", "/AcroForm", "/Perms", "/OCProperties"} & set(document.Root.keys())
    told = b"".join(item.unparse(resolved=True) for item in document.objects)
    for word in (b"/JavaScript", b"/Launch", b"/LZWDecode", b"/Encrypt", b"/SMask"):
        assert word not in told
    for note in document.pages[0].Annots:
        assert int(note.F) == 4  # printed
        assert str(note.Contents) == address()


def test_every_font_is_in_the_file_with_its_letters(document):
    for font in document.pages[0].Resources.Font.values():
        assert len(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()) > 1_000
        assert b"beginbfchar" in font.ToUnicode.read_bytes()


def test_the_facts_are_in_it_as_data(document, said):
    """Their SHA-256 is the one that is kept with the certificate."""
    assert list(document.attachments) == [certificate_file.FACTS_FILE]
    (file,) = document.Root.AF
    assert (str(file.AFRelationship), str(file.UF)) == ("/Data", "certificate.json")
    stream = file.EF.F
    content = stream.read_bytes()
    assert json.loads(content) == said
    assert hashlib.sha256(content).hexdigest() == canonical.sha256(said)
    assert str(stream.Subtype) == "/application/json"
    assert int(stream.Params.Size) == len(content)
    assert bytes(stream.Params.CheckSum) == hashlib.md5(content, usedforsecurity=False).digest()
    assert str(stream.Params.ModDate) == "D:20260312"


def heard(document) -> list[tuple[str, str]]:
    """What a screen reader says: the tags in the order of the tree, each with the text or the description in it."""
    texts, told = _texts_by_number(document), []

    def walk(element):
        if "/Alt" in element:
            told.append((str(element.S), str(element.Alt)))
        for kid in element.get("/K", []):
            if isinstance(kid, int):
                told.append((str(element.S), texts.pop(kid, "")))
            elif "/S" in kid:
                walk(kid)

    for element in document.Root.StructTreeRoot.K:
        walk(element)
    assert not texts  # all that is drawn as text has its tag
    return told


def _texts_by_number(document) -> dict[int, str]:
    """The text of each marked piece of the page."""
    letters = {name: _letters(font) for name, font in document.pages[0].Resources.Font.items()}
    texts: dict[int, str] = {}
    number = face = None
    for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
        if str(operator) == "BDC":
            number = int(operands[1].MCID)
        elif str(operator) == "Tf":
            face = letters[str(operands[0])]
        elif str(operator) == "TJ":
            glyphs = b"".join(bytes(each) for each in operands[0] if isinstance(each, pikepdf.String))
            said = "".join(face[glyphs[at : at + 2].hex()] for at in range(0, len(glyphs), 2))
            texts[number] = texts.get(number, "") + said
    return texts


def _letters(font) -> dict[str, str]:
    pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", font.ToUnicode.read_bytes())
    return {glyph.decode(): bytes.fromhex(code.decode()).decode("utf-16-be") for glyph, code in pairs}


def test_it_can_be_heard_in_order(document, said):
    assert bool(document.Root.MarkInfo.Marked)
    assert str(document.Root.Lang) == "en-gb"
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    assert str(document.pages[0].Tabs) == "/S"
    told = heard(document)
    words = " ".join(text for _tag, text in told)
    order = ["Share certificate", "This is to certify", said["holder"]["name"], "the registered", "paid in full"]
    places = [words.upper().index(part.upper()) for part in order]
    assert places == sorted(places)
    assert ("/Figure", f"QR code that opens {address()}") in told
