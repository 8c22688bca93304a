"""The register of three societies on six days, beside files that were read by a person once and are kept since.

`GOLDEN=write pytest tests/members/test_golden.py` writes them anew; look at what changed before you commit it.
"""

import csv
import io
import os
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from common import clock, exports
from members import holdings, ledger, membership_changes, other_property, particulars_requests
from members.models import LedgerEntry, Member
from members.register import BY_NAME, EVERYBODY, Options
from offers.choices import PartyKind, PartyRole
from offers.holders import Applicant, PartyDetails
from tests.factories import applicant, close_and_decide, make_offer, make_society, make_user, paid

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).resolve().parent / "golden"
BEGIN = datetime(2026, 6, 1, 9, tzinfo=UTC)
ON, MOVED, YEAR_END = date(2026, 8, 31), date(2026, 10, 10), date(2026, 12, 31)
DAYS = [ON - timedelta(days=1), ON, MOVED, YEAR_END, YEAR_END + timedelta(days=1), date(2027, 3, 31)]
LAST = datetime(2027, 4, 1, 9, tzinfo=UTC)


def one(name: str, email: str = "", **fields) -> PartyDetails:
    return PartyDetails(name=name, email=email, key=name, **fields)


def jointly(*names: str) -> Applicant:
    first, *others = names
    parties = (one(first, "first@example.org"), *(one(name, role=PartyRole.JOINT) for name in others))
    return Applicant(kind="joint", parties=parties)


def body(kind: str, name: str, for_it: str) -> Applicant:
    whole = one(name, "office@example.org", kind=PartyKind.ORGANISATION, registered_as="01234567")
    return Applicant(kind=kind, parties=(whole, one(for_it, role=PartyRole.REPRESENTATIVE)))


# Whom each society admits: joint holders, bodies with a representative, names that break programs.
PEOPLE = {
    "mill": [applicant(one("Ada Lovelace", "ada@example.org")), jointly("Ben Hall", "Cat Hall", "Dee Hall"),
             applicant(one("Old Tom", "tom@example.org"))],
    "shop": [body("organisation", "Marlpit Bakers & Sons Ltd", "Una Baker"), jointly("Ŵyn Llŷr", "Siân Llŷr"),
             applicant(one("Old Tom", "tom@example.org"))],
    "field": [applicant(one("=cmd|' /C calc'!A0", "cmd@example.org")), applicant(one("@SUM(A1:A9)", "sum@example.org")),
              applicant(one("+44 1632 960001", "plus@example.org")), applicant(one("漢字 Reed", "kanji@example.org")),
              applicant(one("שלום Cohen", "rtl@example.org")),
              applicant(one("Zoe\u0301 A\u030angstro\u0308m", "z@example.org")),
              applicant(one("Old Tom", "tom@example.org"))],
}  # fmt: skip


def member_named(society, name: str) -> Member:
    return Member.objects.get(society=society, particulars__name=name)


@pytest.fixture
def society(request):
    """Allotted on 31 August; the first moves in October; Old Tom dies on 31 December, and his shares go in February."""
    with clock.stopped(BEGIN):
        offer = make_offer(make_society(slug=request.param), closes_on=date(2026, 7, 20), minimum_pence=100_00)
        for number, who in enumerate(PEOPLE[request.param], start=1):
            paid(offer, number * 250_00, by_whom=who)
    close_and_decide(offer, on=ON)
    society = offer.society
    first = Member.objects.get(society=society, number=4)
    with clock.stopped(datetime(2026, 10, 12, 9, tzinfo=UTC)):
        asked = particulars_requests.ask(first, by=make_user())
        particulars_requests.answer(asked, address="9 New Lane\nMarlpit", postcode="NR11 7LH", country="GB",
                                    email="new@example.org", email_purposes="notices and papers")  # fmt: skip
        particulars_requests.accept(asked, on=MOVED, by=make_user())
        other_property.record(first, kind="loan", description="Loan of October", amount_pence=1_000_50, on=MOVED,
                              by=make_user())  # fmt: skip
    tom = member_named(society, "Old Tom")
    with clock.stopped(datetime(2027, 1, 20, 9, tzinfo=UTC)):
        membership_changes.cease(tom, on=YEAR_END, reason="Died on 31 December 2026", by=make_user())
    with clock.stopped(datetime(2027, 2, 1, 9, tzinfo=UTC)):
        ledger.reverse(LedgerEntry.objects.get(society=society, member=tom), reason="Paid in error.", by=make_user())
    with clock.stopped(LAST):
        yield society


def options(on: date, **more) -> Options:
    return Options(**{"on": on, "known_at": LAST, "who": EVERYBODY} | more)


def text_of(society, on: date, **more) -> str:
    return b"".join(exports.csv_lines(BY_NAME["register"].made(society, options(on, **more)))).decode()


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("society", PEOPLE, indirect=True)
def test_the_register_is_as_it_was_read_and_kept(society, on):
    text, kept = text_of(society, on), GOLDEN / f"{society.slug}-{on.isoformat()}.csv"
    if os.environ.get("GOLDEN") == "write":
        kept.write_text(text, encoding="utf-8", newline="")
    assert text == kept.read_bytes().decode("utf-8")


@pytest.mark.parametrize("society", ["field"], indirect=True)
def test_the_sheet_says_what_the_kept_file_says_without_its_guard(society):
    with exports.xlsx_file(BY_NAME["register"].made(society, options(YEAR_END)), title="Register") as file:
        sheet = openpyxl.load_workbook(file).active
        cells = [[_as_text(cell.value) for cell in row] for row in sheet.iter_rows()]
    rows = list(csv.reader(io.StringIO(text_of(society, YEAR_END), newline="")))
    guarded = [[cell.removeprefix("'") if cell[:2] in ("'=", "'@", "'+") else cell for cell in row] for row in rows]
    assert cells == [[_as_text(cell) for cell in row] for row in guarded]


def _as_text(value) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = "" if value is None else str(value)
    return text.removesuffix(".00").removesuffix(".0")


@pytest.mark.parametrize("society", ["mill"], indirect=True)
def test_who_left_on_31_december_still_shows_on_31_december_and_not_on_new_years_day(society):
    names = {day: {row["name"] for row in exports.rows(BY_NAME["register"].made(society, options(day, who="current")))}
             for day in DAYS}  # fmt: skip
    assert "Old Tom" in names[YEAR_END]
    assert "Old Tom" not in names[YEAR_END + timedelta(days=1)]
    before_it_was_known = options(date(2027, 1, 10), who="current", known_at=datetime(2027, 1, 10, tzinfo=UTC))
    known = {row["name"] for row in exports.rows(BY_NAME["register"].made(society, before_it_was_known))}
    assert "Old Tom" in known
    assert holdings.member_count(society.pk, on=YEAR_END) - 1 == holdings.member_count(
        society.pk, on=YEAR_END + timedelta(days=1)
    )


@pytest.mark.deep
@pytest.mark.parametrize("society", PEOPLE, indirect=True)
def test_libreoffice_saves_the_sheet_again_without_a_changed_cell(society, tmp_path):
    program = shutil.which("soffice")
    if program is None:
        print("NOT RUN: LibreOffice (soffice) is not installed")
        pytest.skip("LibreOffice is not installed")
    with exports.xlsx_file(BY_NAME["register"].made(society, options(YEAR_END)), title="Register") as file:
        (tmp_path / "register.xlsx").write_bytes(file.read())
    command = [
        program,
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path / "again"), str(tmp_path / "register.xlsx")], check=True,
                   capture_output=True, timeout=180)  # fmt: skip
    first, again = (
        [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / name).active.iter_rows()]
        for name in ("register.xlsx", "again/register.xlsx")
    )
    assert again == first
