"""Two names for one person: suggested with the reasons, told apart by officers, never merged."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offers import likely_same
from offers.holders import PartyDetails
from offers.models import Exposure, KnownApart, Party
from tests.factories import applicant, make_offer, make_society, make_user, person, submit

pytestmark = pytest.mark.django_db
BORN, OTHER = date(1958, 3, 27), date(1960, 1, 1)


@pytest.fixture
def society():
    return make_society()


def party(society, name: str, *, used_pence: int = 0, **fields) -> Party:
    number = Party.objects.count()
    made = Party.objects.create(society=society, kind=fields.pop("kind", "person"), name=name,
                                identity=f"{number:064}", **fields)  # fmt: skip
    Exposure.objects.create(society=society, party=made, live_pence=used_pence)
    return made


def suggested(society) -> list[tuple]:
    return [(pair.first.name, pair.second.name, pair.why) for pair in likely_same.pairs(society)]


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (("John Smith", {"born_on": BORN}), ("Smith, John", {"born_on": BORN}),
         ("the same date of birth", "the same name in other letters or order")),
        (("Siân Ŵyn", {"email": "s@example.org"}), ("SIAN WYN", {"email": "S@example.org"}),
         ("the same name in other letters or order", "the same e-mail address")),
        (("Mr John Smith", {"telephone": "01263 000 000"}), ("Jon Smith", {"telephone": "+44 1263 000000"}),
         ("nearly the same name", "the same telephone number")),
        (("J Smith", {"email": "j@example.org"}), ("John Smith", {"email": "j@example.org"}),
         ("nearly the same name", "the same e-mail address")),
        (("Mill CIC", {"registered_as": "ce 12", "kind": "organisation"}),
         ("The Mill", {"registered_as": "CE 12", "kind": "organisation"}), ("the same registered number",)),
    ],
)  # fmt: skip
def test_a_likely_pair_is_suggested_with_why(society, first, second, why):
    for name, fields in (first, second):
        party(society, name, **fields)
    (pair,) = suggested(society)
    assert {pair[0], pair[1]} == {first[0], second[0]}
    assert set(why) <= set(pair[2])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("John Smith", {"born_on": BORN}), ("John Smith", {"born_on": OTHER, "email": "j@example.org"})),
        (("John Smith", {}), ("John Smith", {"email": "j@example.org"})),  # a common name is not enough
        (("Ann Reed", {"email": "h@example.org"}), ("Bob Reed", {"email": "h@example.org"})),  # a couple's address
        (("Ann Reed", {"born_on": BORN}), ("Tom Lark", {"born_on": BORN})),
        (
            ("Mill", {"registered_as": "1", "kind": "organisation"}),
            ("Mill", {"registered_as": "2", "kind": "organisation"}),
        ),
        (("Mill", {"email": "m@example.org"}), ("Mill", {"email": "m@example.org", "kind": "organisation"})),
    ],
)
def test_what_says_too_little_or_the_contrary_is_not_suggested(society, first, second):
    for name, fields in (first, second):
        party(society, name, **fields)
    assert suggested(society) == []


def test_the_same_postcode_of_applications_counts(society):
    offer = make_offer(society)
    submit(offer, by_whom=applicant(person("Ann Reed")), postcode="NR11 7LG")
    submit(offer, by_whom=applicant(person("Anne Reed")), postcode="nr117lg")
    submit(offer, by_whom=applicant(person("Ann Reed")), postcode="ZE1 1AA")
    assert suggested(society) == [("Ann Reed", "Anne Reed", ("nearly the same name", "the same postcode"))]


def test_joint_holders_are_two(society):
    offer = make_offer(society)
    both = (person("Ann Reed"), person("Anna Reed", role="joint"))
    submit(offer, by_whom=applicant(*both, kind="joint"))
    assert suggested(society) == []


def test_those_who_pass_the_limit_together_stand_first(society):
    for name, used in (("Ann Reed", 10_000_00), ("Ben Lark", 60_000_00)):
        party(society, name, used_pence=used, email=f"{name[:3]}@example.org")
        party(society, name.upper(), used_pence=used, email=f"{name[:3]}@example.org")
    first, second = likely_same.pairs(society)
    assert (first.first.name, first.together_pence, first.over_limit) == ("Ben Lark", 120_000_00, True)
    assert (second.first.name, second.together_pence, second.over_limit) == ("Ann Reed", 20_000_00, False)


def test_registered_societies_have_no_limit_to_pass(society):
    for name in ("Mill Society", "MILL SOCIETY"):
        party(society, name, kind="registered-society", used_pence=60_000_00, email="m@example.org")
    (pair,) = likely_same.pairs(society)
    assert not pair.over_limit


def test_what_a_crowd_shares_says_nothing(society):
    for number in range(likely_same.CROWD + 1):
        party(society, f"Person{number} Reed", email="agent@example.org", telephone="01263 000000")
    assert suggested(society) == []


def test_nothing_of_another_society_is_compared(society):
    party(society, "Ann Reed", email="a@example.org")
    party(make_society(), "ANN REED", email="a@example.org")
    assert suggested(society) == []


def test_told_apart_they_are_shown_no_more_whoever_comes_first(society):
    one, other = (party(society, name, email="a@example.org") for name in ("Ann Reed", "ANN REED"))
    by = make_user()
    told = likely_same.tell_apart(society, other, one, reason=" Spoke to both. ", by=by)
    assert (told.reason, told.told_by, told.first_id < told.second_id) == ("Spoke to both.", by, True)
    assert likely_same.tell_apart(society, one, other, reason="Again.", by=make_user()) == told
    assert (suggested(society), KnownApart.objects.count(), Party.objects.filter(email="a@example.org").count()) == (
        [], 1, 2)  # fmt: skip


def test_a_reason_is_asked_for(society):
    one, other = (party(society, name, email="a@example.org") for name in ("Ann Reed", "ANN REED"))
    with pytest.raises(ValidationError, match="how you know"):
        likely_same.tell_apart(society, one, other, reason=" ", by=make_user())


@pytest.mark.parametrize(
    ("short", "long", "alike"),
    [
        ("J Smith", "John Smith", 1),
        ("J P Smith", "John Paul Smith", 1),
        ("J Smith", "Paul Smith", 0),
        ("J P Smith", "John Smith", 0),
        ("J", "John", 0),
        ("Smith", "John Smith", 0),
        ("Dr. John Smith", "smith JOHN", 2),
    ],
)
def test_names_that_are_initials(society, short, long, alike):
    one, other = (likely_same.Known(Party(name=name)) for name in (short, long))
    assert (likely_same._alike(one, other), likely_same._alike(other, one)) == (alike, alike)


def test_the_questions_to_the_database_do_not_grow_with_the_parties(society):
    counts = []
    for _round in range(2):
        for number in range(20):
            party(society, f"Person {Party.objects.count()}", email=f"{number}@example.org")
        with CaptureQueriesContext(connection) as queries:
            likely_same.pairs(society)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_somebody_in_two_offers_alone_and_jointly_is_one_party_with_one_cap(society):
    ada = PartyDetails(name="Ada Reed", email="ada@example.org")
    ben = PartyDetails(name="Ben Reed", email="ben@example.org", role="joint")
    submit(make_offer(society), 1_000_00, by_whom=applicant(ada))
    submit(make_offer(society), 2_000_00, by_whom=applicant(ada, ben, kind="joint"))
    used = dict(Exposure.objects.filter(live_pence__gt=0).values_list("party__name", "live_pence"))
    assert used == {"Ada Reed": 3_000_00, "Ben Reed": 2_000_00}
