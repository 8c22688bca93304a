"""A stamped certificate is the one WeasyPrint would have laid out, operator by operator; the rest is laid out whole."""

import io
import random
from contextlib import closing
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops

from common import ids, pdf, qr, stamping, typesetting
from compliance import certificate_file, certificate_pdf, certificate_stamp, certificate_words
from tests.compliance.test_certificate_pdf import ENTRY, LONG_NAME, TOKEN, facts, text_of

WELSH = {"registered_name": "Cymdeithas Tŷ’r Ŵyl Cyf", "accent": "plum"}
SEAL = {"number": 3, "entries": 122, "root": "0a1b2c3d" * 8}
STAMPED = {
    "one person": facts(),
    "letters that kern": facts(holder={"name": "Ty AVA Wofford-Yates", "address": "77 To Way\nAvoca"}),
    "letters that would be drawn together": facts(holder={"name": "Effie Griffiths-Fjord & Flo fi ffl"}),
    "Welsh": facts(holder={"name": "Siân Ŵyn Llŷr", "address": "Tŷ Gwyn\nLlŷn"}, society=WELSH),
    "Polish": facts(holder={"name": "Łukasz Żółć", "joint_names": ["Grażyna Źdźbło-Ćma"]}),
    "a child": facts(holder={"name": "Ann Reed for Iris Reed (a child)"}),
    "an organisation": facts(holder={"name": "Fellside & Dale Allotments CIC (No. 2)"}, member_number=99_999),
    "three joint holders": facts(holder={"name": "Ann Reed", "joint_names": ["Bo Ash", "Cy Ode"]}),
    "no address": facts(holder={"address": "", "postcode": ""}),
    "one share": facts(shares=1, amount_pence=1_00, number=1, member_number=1),
    "a great many": facts(shares=98_765, amount_pence=98_765_00, number=123_456, entries=[ENTRY | {"seq": 7_654_321}]),
    "shares of £25": facts(share_class={"name": "Withdrawable shares", "nominal_pence": 25_00}, shares=50),
    "entries in a row": facts(entries=[ENTRY, ENTRY | {"seq": 124}, ENTRY | {"seq": 125}]),
    "entries apart": facts(entries=[ENTRY, ENTRY | {"seq": 127, "hash": "00ff" * 16}]),
    "markup": facts(holder={"name": "<b>&amp;</b> (Tj) \\ [x]"}),
    "a name that is a mark": facts(holder={"name": certificate_stamp.MARKS["entries"]}),
    "a sealed ledger": facts(seal=SEAL),
    "in place of another": facts(seal=SEAL, in_place_of=44),
    "a sealed ledger, no address": facts(seal=SEAL, holder={"address": "", "postcode": ""}),
    "another day": facts(issued_on="2031-01-01"),
}
WHOLE = {
    "a name in Chinese": facts(holder={"name": "漢字 Reed"}),
    "a name in Arabic": facts(holder={"name": "مريم Reed"}),
    "a name in Hebrew": facts(holder={"name": "שרה כהן"}),
    "a mark upon a letter": facts(holder={"name": "Sia\u0302n Reed"}),
    "a name too wide for a line": facts(holder={"name": LONG_NAME, "joint_names": [LONG_NAME[::-1]]}),
    "an address too wide for a line": facts(holder={"address": "Tŷ Gwyn\n" * 30}),
    "more entries than fit": facts(entries=[ENTRY | {"seq": number} for number in range(10, 90, 2)]),
    "two blanks": facts(holder={"name": "Ann  Reed"}),
    "a blank that does not break": facts(holder={"name": "Ann\u00a0Reed"}),
    "a hyphen that is not seen": facts(holder={"name": "Ann\u00adReed"}),
    "a society whose name is a mark": facts(society={"registered_name": "¤h¤ Limited"}),
    "a society that fills the page": facts(society={"registered_office": "The Old Exchange\n" * 40}),
}


def words_of(said: dict) -> dict:
    return certificate_words.said(said, token=TOKEN)


def stamped(said: dict) -> bytes | None:
    return certificate_stamp.stamped(words_of(said), said, identifier=b"0" * 16)


def both(said: dict) -> tuple[bytes, bytes]:
    return certificate_pdf.draw(said, token=TOKEN), certificate_pdf.draw_whole(said, token=TOKEN)


def operators(document: pikepdf.Pdf) -> bytes:
    """What draws the page above the paper, in one piece."""
    under, *parts = list(document.pages[0].Contents)
    return under.read_bytes() + b"".join(part.read_bytes() for part in parts)


def plain(item):
    """An object of a PDF as Python's own, without the references back up, so that two can be compared."""
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        names = item.keys() - {"/P", "/Pg", "/Parent", "/StructParent", "/Length"}
        return {str(name): plain(item[name]) for name in sorted(names)}
    if isinstance(item, pikepdf.Array):
        return [plain(each) for each in item]
    return str(item)


@pytest.mark.parametrize("said", STAMPED.values(), ids=STAMPED)
def test_it_is_the_certificate_that_weasyprint_would_have_laid_out(said):
    """The same operators in the same place with the same widths are the same pixels; the tags and facts are equal."""
    assert stamped(said) is not None
    quick, whole = both(said)
    with pikepdf.open(io.BytesIO(quick)) as ours, pikepdf.open(io.BytesIO(whole)) as theirs:
        assert operators(ours) == operators(theirs)
        for name in ("/StructTreeRoot", "/MarkInfo", "/Lang", "/ViewerPreferences", "/AF", "/OutputIntents"):
            assert plain(ours.Root[name]) == plain(theirs.Root[name])
        assert plain(ours.docinfo) == plain(theirs.docinfo)
        assert plain(ours.pages[0].Annots) == plain(theirs.pages[0].Annots)
        assert ours.Root.Metadata.read_bytes() == theirs.Root.Metadata.read_bytes()
        attached = [document.attachments[certificate_file.FACTS_FILE].get_file() for document in (ours, theirs)]
        assert attached[0].read_bytes() == attached[1].read_bytes()
        for name, font in theirs.pages[0].Resources.Font.items():
            own = ours.pages[0].Resources.Font[name]
            assert own.BaseFont == font.BaseFont
            assert widths(font).items() <= widths(own).items()
    assert text_of(quick) == text_of(whole)


def widths(font) -> dict[int, str]:
    """Advances by glyph, from the array of a composite font: first glyph, advances of it and those that follow."""
    found = {}
    for first, advances in pairwise(list(font.DescendantFonts[0].W)):
        if isinstance(advances, pikepdf.Array):
            found |= {int(first) + place: str(advance) for place, advance in enumerate(advances)}
    return found


@pytest.mark.parametrize("case", ["letters that kern", "Welsh", "no address", "shares of £25"])
def test_no_pixel_differs(case):
    pictures = []
    for made in both(STAMPED[case]):
        with closing(pypdfium2.PdfDocument(made)) as document:
            pictures.append(document[0].render(scale=150 / 72).to_pil().convert("L"))
    assert ImageChops.difference(*pictures).getbbox() is None


@pytest.mark.parametrize("said", WHOLE.values(), ids=WHOLE)
def test_whatever_cannot_be_stamped_is_laid_out_whole(said):
    assert stamped(said) is None
    quick, whole = both(said)
    assert quick == whole


def test_a_stamped_file_is_the_same_each_time_and_its_own():
    first = stamped(facts())
    certificate_stamp._blank.cache_clear()
    typesetting._kept.clear()
    assert stamped(facts(holder={"name": "Somebody Else"})) != first
    assert stamped(facts()) == first
    assert stamped(facts(shares=1_251)) != first


def test_nothing_of_the_blank_is_left_in_a_file():
    for said in (facts(), facts(society=WELSH), facts(holder={"address": "", "postcode": ""})):
        made = stamped(said)
        with pikepdf.open(io.BytesIO(made)) as document:
            told = b"".join(item.unparse(resolved=True) for item in document.objects)
            told += b"".join(item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream))
        assert b"Toad-Lane-stands" not in told
        for mark in certificate_stamp.MARKS.values():
            assert mark.encode() not in told
            assert mark.encode("utf-16-be").hex().encode() not in told
        assert "¤" not in text_of(made)


def test_a_file_has_the_letters_it_needs_and_not_many_more():
    """Two blanks: a file without the letters of Wales and Poland is a third smaller."""
    plainly, widely = stamped(facts()), stamped(facts(holder={"name": "Siân Ŵyn"}))
    assert len(plainly) < 60_000 < len(widely) < 90_000


def test_letters_move_with_the_next_letter_and_with_nothing_else():
    """What stamping rests upon, tried on lines of random letters against Pango: one pair out of place raises."""
    dice = random.Random(31)
    blank = certificate_stamp.blank_of(words_of(facts(holder={"name": "Ŵ"})))
    for name in ("holder_names", "holder_address", "entries"):
        setting = blank.slots[name].setting
        letters = [letter for letter in sorted(setting.letters) if _can_be_set(setting, letter)]
        assert len(letters) > 290
        for _line in range(150):
            line = "".join(dice.choices(letters, k=30))
            with pdf.one_at_a_time():
                asked = list(typesetting._glyphs(line, setting.style))
            setting._learn(line)
            assert setting.line(line)[1] == sum(units for _glyph, units in asked) / 1024


def _can_be_set(setting, letter: str) -> bool:
    """All but the blank, and the few that Bitter makes of two glyphs."""
    try:
        setting.line(letter)
    except typesetting.CannotSet:
        return False
    return True


def test_a_layout_that_is_not_as_thought_is_refused():
    """A mark that is missing, drawn twice, or drawn in an object that stays."""
    said = words_of(facts())
    document = certificate_file.lay_out(said)
    common = {
        "code": certificate_file.code_of(said),
        "link": TOKEN,
        "letters": certificate_stamp.PLAIN,
        "finisher": lambda tree: certificate_file.finish(tree, said, {}),
    }
    for marks, words in [
        ({"name": "not on it"}, "are wanted"),
        ({"name": "Marlpit"}, "Drawn|are wanted"),
        ({"name": "Ann Reed", "code": "Share certificate"}, "are wanted"),
    ]:
        with pytest.raises(stamping.CannotStamp, match=words):
            stamping.Blank(document, marks=marks, **common)
    other = qr.code_of(said["address_start"], ids.token() + "/")
    with pytest.raises(stamping.CannotStamp, match="Drawn 0 times"):
        stamping.Blank(document, marks={"name": "Ann Reed"}, **common | {"code": other})
