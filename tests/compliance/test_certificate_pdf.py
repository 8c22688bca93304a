"""The certificate as PDF: what it says, that it fits, that it is the same each time, and that nothing gets in."""

import io
import re
from contextlib import closing

import pikepdf
import pypdfium2
import pytest
import segno
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.utils.translation import override

from common import pdf
from compliance import certificate_paper, certificate_pdf, certificates, risk
from compliance.models import Certificate
from tests.factories import applicant, close_and_decide, make_offer, paid, person

TOKEN = "vN4w1m8mS0XzP3kq7Ea_Tt-9cUo"
FERN = {"registered_name": "Marlpit Community Shop Limited", "register_number": "RS007842", "accent": "fern"}
ENTRY = {"seq": 123, "hash": "3fa9b1c2" * 8}


def facts(*, society=None, holder=None, **fields) -> dict:
    """Facts as `certificates.facts_of` freezes them, for one person with 1,250 shares of £1 unless said otherwise."""
    base = {
        "wording": certificates.WORDING,
        "number": 45,
        "society": FERN
        | {
            "registered_office": "1 High Street\nMarlpit\nNR11 7LG",
            "legal_form": "community-benefit",
            "jurisdiction": "GB-ENG",
            "act": "Co-operative and Community Benefit Societies Act 2014",
        }
        | (society or {}),
        "holder": {"name": "Ann Reed", "joint_names": [], "address": "2 Low Street\nMarlpit", "postcode": "NR11 7LG"}
        | (holder or {}),
        "share_class": {"name": "Ordinary shares", "nominal_pence": 100},
        "shares": 1_250,
        "amount_pence": 1_250_00,
        "issued_on": "2026-03-12",
        "member_number": 12,
        "entries": [ENTRY],
        "offer": "The shop",
    }
    return base | fields


def draw(said: dict) -> bytes:
    return certificate_pdf.draw(said, token=TOKEN)


def text_of(made: bytes) -> str:
    """The text of its pages as a reader would copy it, on one line."""
    with closing(pypdfium2.PdfDocument(made)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).replace("\ufffe", "-").replace("\x02", "-").split())


def pages_of(made: bytes) -> int:
    with closing(pypdfium2.PdfDocument(made)) as document:
        return len(document)


def picture_of(made: bytes, scale: float):
    with closing(pypdfium2.PdfDocument(made)) as document:
        return document[0].render(scale=scale).to_pil().convert("L")


def test_it_says_who_holds_what_of_whom_since_when():
    text = text_of(draw(facts()))
    for words in (
        "Marlpit Community Shop Limited",
        "A community benefit society registered under the Co-operative and Community Benefit Societies Act 2014, "
        "register number RS007842",
        "Registered office: 1 High Street, Marlpit, NR11 7LG",
        "Certificate number 45",
        "Number of shares 1,250",
        "This is to certify that Ann Reed of 2 Low Street, Marlpit, NR11 7LG is the registered holder of",
        "One thousand two hundred and fifty shares £1,250",
        "One thousand two hundred and fifty pounds, paid in full",
        "Class of share Ordinary shares",
        "Nominal value £1 each",
        "Date of issue 12 March 2026",
        "Member number 12",
        "Entry in the register 123 · 3fa9b1c2",
        "Each member has one vote, however many shares they hold.",
        "Withdrawable",
    ):
        assert words in text
    assert "SHARE CERTIFICATE" in text.upper()


def test_it_carries_the_whole_risk_statement():
    """RSK-1: every part of the statement, in its own words; of another nominal value, that value's."""
    text = text_of(draw(facts()))
    assert certificates.WORDING == risk.VERSION
    for title, words in risk.english()["parts"]:
        assert title in text
        assert words in text
    dear = text_of(draw(facts(share_class={"name": "Shares", "nominal_pence": 25_00}, shares=50)))
    assert "A £25 share is never worth more than £25. It can be worth less." in dear


def test_joint_holders_stand_in_the_order_of_the_register():
    holder = {"name": "Łukasz Nowak", "joint_names": ["Grażyna Żółć", "Siân Ŵyn Llŷr"]}
    text = text_of(draw(facts(holder=holder)))
    assert "Łukasz Nowak, Grażyna Żółć and Siân Ŵyn Llŷr" in text
    assert "are the registered joint holders of" in text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("co-operative", "A co-operative society registered"),
        ("charitable-community-benefit", "A charitable community benefit society registered"),
    ],
)
def test_it_names_the_legal_form(form, words):
    assert words in text_of(draw(facts(society={"legal_form": form})))


def test_one_share_and_several_entries_are_said_as_people_say_them():
    entries = [ENTRY, ENTRY | {"seq": 124}, ENTRY | {"seq": 125, "hash": "00ff" * 16}]
    text = text_of(draw(facts(shares=1, amount_pence=1_00, entries=entries)))
    assert "One share £1 One pound, paid in full" in text
    assert "Entry in the register 123–125 · 00ff00ff" in text
    parted = [ENTRY, ENTRY | {"seq": 127}]
    assert "Entry in the register 123, 127 · 3fa9b1c2" in text_of(draw(facts(entries=parted)))


def test_it_prints_the_last_seal_before_it():
    """So that a ledger that was written anew is found out by whoever has a paper (`seals.matching`)."""
    seal = {"number": 3, "entries": 122, "root": "0a1b2c3d4e5f6071" * 4}
    text = text_of(draw(facts(seal=seal)))
    assert "Entry in the register 123 · 3fa9b1c2 Seal 3 over 122 entries: 0a1b2c3d4e5f6071" in text
    assert "Seal 1 over 1 entry: 0a1b" in text_of(draw(facts(seal=seal | {"number": 1, "entries": 1})))
    assert "Seal" not in text_of(draw(facts(seal=None)))


LONG_NAME = (
    "Maximiliana Aleksandra Wołodyjowska-Szczebrzeszyńska of the Long House beside the Mill at Llanfair-ym-Muallt"
)
EXTREMES = {
    "four joint holders of 120 letters": facts(
        holder={"name": LONG_NAME.ljust(120, "e"), "joint_names": [LONG_NAME.ljust(120, letter) for letter in "abc"]}
    ),
    "a name without a space": facts(holder={"name": "W" * 300}),
    "the longest names the tables hold": facts(
        holder={"name": "Ŵ" * 300, "joint_names": ["Ż" * 298, "ł" * 298], "address": "Tŷ Gwyn " * 60}
    ),
    "a society of 200 letters": facts(
        society={"registered_name": "Cymdeithas Llanfairpwllgwyngyll " * 6 + "Cyfyngedig"}
    ),
    "a long office": facts(society={"registered_office": "\n".join(["The Old Corn Exchange and Reading Rooms"] * 8)}),
    "as much money as the site takes": facts(shares=10**12, amount_pence=99_999_999_999_99, number=2_147_483_647),
    "many entries": facts(entries=[ENTRY | {"seq": number} for number in range(10, 90, 2)]),
    "nothing but a name": facts(holder={"address": "", "postcode": ""}),
}


@pytest.mark.parametrize("said", EXTREMES.values(), ids=EXTREMES)
def test_whatever_is_long_still_fits_on_one_page_and_nothing_is_lost(said):
    made = draw(said)
    assert pages_of(made) == 1
    text = "".join(text_of(made).split())
    holder = said["holder"]
    for words in [holder["name"], *holder["joint_names"], said["society"]["registered_name"], f"{said['shares']:,}"]:
        assert "".join(words.split()) in text
    for end in ("youcandowithoutforyears.", "/v/", TOKEN):
        assert end in text


def test_what_can_never_fit_is_refused_rather_than_cut():
    with pytest.raises(certificate_pdf.TooLong, match="45"):
        draw(facts(holder={"name": "Ann Reed " * 4_000}))


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src="file:///etc/passwd">',
        "</p><style>@import url(http://example.org/x.css);</style>",
        "{{ society.act }}{% include 'x' %}",
        "Ann & Bob <Ltd>",
    ],
)
def test_a_hostile_name_is_only_a_name(name):
    said = facts(holder={"name": name}, society={"registered_name": f"{name} Limited"})
    text = text_of(draw(said))
    assert "".join(name.split()) in "".join(text.split())
    with pikepdf.open(io.BytesIO(draw(said))) as document:
        assert "/JavaScript" not in str(document.Root.get("/Names", ""))
        assert {str(note.A.URI) for note in document.pages[0].Annots} == {address()}


def address() -> str:
    return f"{settings.SITE_URL}/v/{TOKEN}/"


def test_the_address_is_in_words_and_a_link_and_the_code_can_be_heard():
    made = draw(facts())
    assert address() in text_of(made).replace(" ", "")
    with pikepdf.open(io.BytesIO(made)) as document:
        assert {str(note.A.URI) for note in document.pages[0].Annots} == {address()}
        told = [str(item.Alt) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item]
    assert told == [f"QR code that opens {address()}"]


def test_a_token_is_never_broken_over_two_lines():
    """A hyphen at the end of a line may be one of the token's or not: nobody could type it."""
    token = "w-UsroaqSgw0QNiz-v2_YsL0C3-"
    with closing(pypdfium2.PdfDocument(certificate_pdf.draw(facts(), token=token))) as document:
        assert f"{token}/" in document[0].get_textpage().get_text_bounded()


def test_the_code_on_the_page_is_the_address_module_by_module():
    """The picture is read back: from its top left corner, each module's middle is dark where the code is."""
    scale = 8
    image = picture_of(draw(facts()), scale)
    mm = scale * 72 / 25.4
    left, top = 221, 148  # the foot's right column, in millimetres
    region = image.crop((int(left * mm), int(top * mm), int(271 * mm), int(172 * mm))).point(lambda v: 255 * (v < 60))
    x0, y0, x1, _y1 = region.getbbox()
    matrix = [list(row) for row in segno.make(address(), error="m", micro=False).matrix]
    module = (x1 - x0) / len(matrix)
    seen = [
        [
            int(region.getpixel((int(x0 + (x + 0.5) * module), int(y0 + (y + 0.5) * module))) > 0)
            for x in range(len(row))
        ]
        for y, row in enumerate(matrix)
    ]
    assert module / mm > 0.5  # millimetres: what a telephone reads from paper
    assert seen == matrix


def test_the_same_facts_give_the_same_bytes_whatever_the_language():
    first = draw(facts())
    with override("cy"):
        assert draw(facts()) == first
    assert draw(facts(shares=1_251)) != first
    assert certificate_pdf.draw(facts(), token=TOKEN[::-1]) != first


def test_it_is_tagged_named_and_dated_by_its_issue():
    with pikepdf.open(io.BytesIO(draw(facts()))) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en-gb"
        assert str(document.docinfo["/Title"]) == "Share certificate 45: Marlpit Community Shop Limited"
        assert str(document.docinfo["/CreationDate"]) == "D:20260312"
        box = [round(float(side) * 25.4 / 72) for side in document.pages[0].MediaBox]
    assert box == [0, 0, 297, 210]


def test_only_our_fonts_are_in_it():
    said = facts(holder={"name": "Siân Ŵyn Llŷr Żółć"})
    with pikepdf.open(io.BytesIO(draw(said))) as document:
        fonts = {str(font.BaseFont) for font in document.pages[0].Resources.Font.values()}
    assert {re.sub(r"^/[A-Z]+\+", "", name).split("-")[0] for name in fonts} == {"Bitter", "Atkinson"}


def test_the_paper_is_the_societys_own():
    """Another register number or colour gives another paper; the engraving is an artifact, and dense."""
    papers = {certificate_paper.paper_of(number, accent) for number in ("RS1", "RS2") for accent in ("tide", "plum")}
    assert len(papers) == 4
    with pikepdf.open(io.BytesIO(draw(facts()))) as document:
        under = document.pages[0].Contents[0].read_bytes()
    assert (under[:13], under[-3:]) == (b"/Artifact BMC", b"EMC")
    image = picture_of(draw(facts()), 1)
    band = image.crop((100, 26, 300, 51))  # part of the upper border, in points
    assert sum(band.histogram()[:200]) > band.width * band.height / 5


def test_the_colours_are_those_of_the_site():
    css = (settings.BASE_DIR / "static" / "css" / "toadlane.css").read_text()
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css.partition("\n}")[0]))
    for name, colours in certificate_paper.ACCENTS.items():
        said = re.search(rf"\.accent-{name} {{ --accent: (\S+); --accent-deep: (\S+); --accent-tint: (\S+);", css)
        assert tuple(named.get(colour.strip("var()-"), colour) for colour in said.groups()) == colours


@pytest.mark.parametrize(
    "url", ["http://example.org/a.png", "file:///etc/passwd", "data:image/png;base64,AA", "ftp://h/x"]
)
def test_a_document_may_open_nothing_but_our_fonts(url):
    with pytest.raises(pdf.NotOurs, match="may not open"):
        pdf.lay_out(f'<html lang="en"><body><img alt="" src="{url}"></body></html>', style="certificate")


def test_a_font_beside_ours_is_not_ours():
    with pytest.raises(pdf.NotOurs):
        pdf._fetcher().fetch((pdf.FONTS / ".." / "README.md").as_uri())
    assert all(path.exists() for path in pdf.font_urls().values())


def test_a_wording_that_we_do_not_keep_is_an_error_rather_than_another_wording():
    with pytest.raises(TemplateDoesNotExist):
        draw(facts(wording="1844-12"))


@pytest.mark.django_db
def test_a_certificate_of_an_allotment_can_be_drawn():
    offer = make_offer()
    paid(offer, 1_250_00, by_whom=applicant(person("Siân Ŵyn Llŷr-Jones")))
    close_and_decide(offer)
    issued = Certificate.objects.get()
    text = text_of(certificate_pdf.draw(issued.facts, token=issued.token))
    assert "Siân Ŵyn Llŷr-Jones" in text
    assert issued.token in text
    assert offer.society.register_number in text
