"""The register of members and the ledger as tables: what they say on any day, as known at any moment."""

from datetime import timedelta

import pytest

from common import clock, exports
from members import chain, ledger, membership_changes, register
from members.models import LedgerEntry, Member, Particulars
from offers.choices import PartyRole
from offers.holders import Applicant, PartyDetails
from tests.factories import applicant, close_and_decide, make_offer, make_user, paid, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def offer():
    """Ada has 500 shares, Ben and Cat have 300 together; it was decided weeks ago, and shares count from that day."""
    offer = make_offer()
    paid(offer, 500_00, by_whom=applicant(person("Ada Lovelace", email="ada@example.org")))
    cat = PartyDetails(name="Cat Hall", role=PartyRole.JOINT)
    paid(offer, 300_00, by_whom=Applicant(kind="joint", parties=(person("Ben Hall"), cat)))
    paid(offer, 400_00, by_whom=applicant(person("Dan Hill")))
    close_and_decide(offer)
    with clock.stopped(offer.decided_at + 30 * DAY):
        yield offer


def held(offer, **at) -> dict[str, int]:
    return {row["name"]: row["shares_held"] for row in exports.rows(register.statutory(offer.society, **at))}


def member(name: str) -> Member:
    return Member.objects.get(particulars__name=name)


def say(who: Member, *, on, at=None, **changes) -> None:
    """A change of particulars, as a new row."""
    newest = Particulars.objects.filter(member=who).last()
    fields = ("name", "joint_names", "representative", "address", "postcode", "country", "email")
    said = {field: getattr(newest, field) for field in fields} | changes
    salt = chain.new_salt()
    Particulars.objects.create(
        society=who.society, member=who, effective_on=on, recorded_at=at or clock.now(), salt=salt,
        email_purposes=newest.email_purposes, commitment=chain.commitment(salt, **said), **said,
    )  # fmt: skip


def test_the_register_says_what_the_act_asks_in_its_order(offer):
    """2014 Act s.30(2): (a) name and postal address, (b) electronic address and purposes, (c) shares and what was
    paid, (d) other property, (e) date entered, (f) date ceased."""
    row = next(row for row in exports.rows(register.statutory(offer.society)) if row["name"] == "Ada Lovelace")
    assert list(row.items())[:12] == [
        ("name", "Ada Lovelace"), ("joint_holders", ""), ("postal_address", "2 Low Street, Marlpit"),
        ("postcode", "NR11 7LG"), ("country", "GB"), ("electronic_address", "ada@example.org"),
        ("electronic_address_purposes", "notices"), ("shares_held", 500), ("amount_paid", 500_00),
        ("other_property", "none recorded"), ("date_entered", offer.decided_on), ("date_ceased", None),
    ]  # fmt: skip
    assert (row["member_no"], row["holder_kind"]) == (4, "person")


def test_joint_holders_are_one_row_with_both_names(offer):
    rows = [row for row in exports.rows(register.statutory(offer.society)) if row["holder_kind"] == "joint"]
    assert [(row["name"], row["joint_holders"], row["shares_held"]) for row in rows] == [("Ben Hall", "Cat Hall", 300)]


def test_the_inspection_copy_leaves_out_shares_and_property_and_nothing_else(offer):
    """s.103: members may inspect the register but for paragraphs (c) and (d)."""
    table = register.inspection_copy(offer.society)
    assert [column.heading for column in table.columns] == [
        "name", "joint_holders", "postal_address", "postcode", "country", "electronic_address",
        "electronic_address_purposes", "date_entered", "date_ceased", "member_no",
    ]  # fmt: skip
    text = b"".join(exports.csv_lines(table)).decode()
    assert "Ada Lovelace" in text
    assert all(sum_ not in text for sum_ in ("500", "300", "400"))


def test_nobody_is_on_the_register_the_day_before_they_were_entered(offer):
    before = held(offer, on=offer.decided_on - DAY)
    assert set(before) == {"Founder 1", "Founder 2", "Founder 3"}
    assert held(offer, on=offer.decided_on)["Ada Lovelace"] == 500


def test_a_reversal_counts_back_from_the_entrys_day_but_what_was_known_before_stands(offer):
    before = clock.now()
    with clock.stopped(before + DAY):
        ledger.reverse(LedgerEntry.objects.get(member=member("Ada Lovelace")), reason="Twice.", by=make_user())
        assert held(offer)["Ada Lovelace"] == 0
        assert held(offer, on=offer.decided_on)["Ada Lovelace"] == 0
        assert held(offer, on=offer.decided_on, known_at=before)["Ada Lovelace"] == 500
        assert held(offer, known_at=before)["Ben Hall"] == 300


def test_a_back_dated_allotment_is_there_from_its_day_once_it_is_known():
    offer = make_offer()
    application = paid(offer, 1_000_00, by_whom=applicant(person("Early Bird")))
    day = application.paid_at.date() + DAY
    close_and_decide(offer, on=day)
    recorded = LedgerEntry.objects.get(offer=offer).recorded_at
    assert recorded.date() > day
    with clock.stopped(recorded + DAY):
        assert held(offer, on=day)["Early Bird"] == 1000
        assert "Early Bird" not in held(offer, on=day - DAY)
        assert "Early Bird" not in held(offer, on=day, known_at=recorded - timedelta(microseconds=1))
        assert held(offer, on=day, known_at=recorded)["Early Bird"] == 1000


def test_a_past_register_shows_the_address_of_that_day(offer):
    today = clock.today()
    ada = member("Ada Lovelace")
    before = clock.now() - timedelta(seconds=1)
    say(ada, on=today - 5 * DAY, address="9 New Lane\nMarlpit")

    def address(**at) -> str:
        rows = exports.rows(register.statutory(offer.society, search="Ada", **at))
        return rows[0]["postal_address"]

    assert address() == address(on=today - 5 * DAY) == "9 New Lane, Marlpit"
    assert address(on=today - 6 * DAY) == address(on=today, known_at=before) == "2 Low Street, Marlpit"


def test_who_leaves_on_a_day_still_shows_on_it_and_then_among_the_former(offer):
    left_on = clock.today() - 5 * DAY
    membership_changes.cease(member("Dan Hill"), on=left_on, reason="Moved away", by=None)
    assert "Dan Hill" in held(offer, on=left_on)
    assert "Dan Hill" not in held(offer, on=left_on + DAY)
    assert set(held(offer, who=register.FORMER)) == {"Dan Hill"}
    assert set(held(offer, who=register.FORMER, on=left_on)) == set()
    assert len(held(offer, who=register.EVERYBODY)) == 6
    ceased = [row["date_ceased"] for row in exports.rows(register.inspection_copy(offer.society)) if row["date_ceased"]]
    assert ceased == [left_on]


@pytest.mark.parametrize(
    ("search", "found"),
    [("ada", ["Ada Lovelace"]), ("HALL", ["Ben Hall"]), ("cat", ["Ben Hall"]), ("6", ["Dan Hill"]), ("%", []),
     ("_da", []), ("\\", []), ("' OR true --", []), ("16", [])],
)  # fmt: skip
def test_a_search_takes_its_words_as_they_are(offer, search, found):
    assert list(held(offer, search=search)) == found


@pytest.mark.parametrize(
    ("order", "names"),
    [("number", ["Ada Lovelace", "Ben Hall", "Dan Hill"]), ("shares", ["Ada Lovelace", "Dan Hill", "Ben Hall"])],
)
def test_the_register_is_ordered_as_asked(offer, order, names):
    assert [name for name in held(offer, order=order) if not name.startswith("Founder")] == names
    by_name = list(held(offer, order="name"))
    assert by_name == sorted(by_name, key=str.lower)


def test_another_societys_members_are_never_in_it(offer):
    stranger = make_offer()
    paid(stranger, 1_000_00, by_whom=applicant(person("Stranger")))
    close_and_decide(stranger)
    with clock.stopped(stranger.decided_at + 60 * DAY):
        assert "Stranger" not in held(offer, who=register.EVERYBODY)
        assert "Stranger" not in {row["holder_name"] for row in exports.rows(register.ledger(offer.society))}


LEDGER = [
    "entry_no",
    "recorded_at",
    "effective_date",
    "society_no",
    "member_no",
    "holding_no",
    "holder_name",
    "joint_holders",
    "designation",
    "share_class",
    "issue",
    "entry_type",
    "certificate_no",
    "replaces_certificate",
    "shares_change",
    "shares_after",
    "nominal_value",
    "amount_paid",
    "amount_unpaid",
    "consideration",
    "counterparty_member_no",
    "authority",
    "reverses_entry",
    "user",
    "export_seal",
]


def test_the_ledger_has_the_columns_that_registrars_expect(offer):
    assert [column.heading for column in register.ledger(offer.society).columns] == LEDGER


def test_every_entry_is_a_row_that_says_what_moved_and_what_stands_after_it(offer):
    entry = LedgerEntry.objects.get(member=member("Ada Lovelace"))
    ledger.reverse(entry, reason="Twice.", by=(officer := make_user()))
    rows = exports.rows(register.ledger(offer.society))
    assert [row["entry_no"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    ada, back = rows[3], rows[6]
    assert (ada["shares_change"], ada["shares_after"], ada["amount_paid"], ada["nominal_value"]) == (
        500,
        500,
        500_00,
        100,
    )
    assert (ada["certificate_no"], ada["issue"], ada["entry_type"]) == (1, "The shop", "allotment")
    assert ada["authority"] == f"Allotment of The shop, application {entry.application.reference}"
    assert ada["export_seal"] == bytes(entry.hash).hex()
    assert (back["shares_change"], back["shares_after"], back["amount_paid"], back["reverses_entry"]) == (
        -500, 0, -500_00, 4)  # fmt: skip
    assert (back["authority"], back["user"]) == ("Twice.", str(officer.pk))


def test_the_ledger_on_a_day_holds_what_counted_and_was_known(offer):
    before = clock.now()
    with clock.stopped(before + DAY):
        ledger.reverse(LedgerEntry.objects.get(member=member("Ada Lovelace")), reason="Twice.", by=make_user())
        assert exports.count(register.ledger(offer.society)) == 7
        assert exports.count(register.ledger(offer.society, known_at=before)) == 6
        assert exports.count(register.ledger(offer.society, on=offer.decided_on - DAY)) == 3
