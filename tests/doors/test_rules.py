"""The pages of rules: what the public reads, what two officers record, what was decided, who may be one person."""

from datetime import date

import pytest

from common import clock
from compliance import figures, rulesets
from compliance.answers import RuleBroken
from offers import amendments, explained, officers
from offers.choices import OfficerRole
from offers.models import KnownApart, Party, RuleBook
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def society():
    return factories.make_society()


@pytest.fixture
def secretary(society):
    return factories.make_officer(society)


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("jurisdiction", "limit"),
    [("GB-ENG", "£100,000"), ("GB-SCT", "£100,000"), ("GB-WLS", "£100,000"), ("GB-NIR", "£20,000")],
)
def test_the_public_page_says_the_limits_their_sources_and_nothing_unconfirmed(client, jurisdiction, limit):
    society = factories.make_society(jurisdiction=jurisdiction, max_holding_pence=9_000_00)
    page = text(client.get(f"/societies/{society.slug}/rules/"))
    assert f"The law limits any one person to {limit} of withdrawable shares" in page
    assert "Nobody may hold more than £9,000 in this society." in page
    assert "Rule 7.2 of the society" in page
    law = society.law(clock.today())
    assert law.act in page
    assert law.version in page
    for entry in law.figures:
        if entry["confidence"] == "D":
            assert str(figures.LABELS[entry["name"]]) not in page
    for figure in law.confirmed():
        assert figures.label(figure) in page or figure.name == "min_age_officer", figure.name


def test_the_page_says_what_an_amendment_changed_from_its_day(client, society):
    values = amendments.values_of(amendments.newest(society)) | {
        "max_holding_pence": 5_000_00, "withdrawal_notice_days": 180, "min_age": 18, "admits": ["person", "joint"],
        "interest_limit": "2% above base rate",
    }  # fmt: skip
    amendments.prepare(
        society, valid_from_on=clock.today(), reference="CCBS 12/26", values=values, by=factories.make_user()
    )
    amendments.record(society, by=factories.make_user())
    page = text(client.get(f"/societies/{society.slug}/rules/"))
    for words in (
        "Nobody may hold more than £5,000 in this society.",
        "with 180 days’ notice",
        "at least 18 years old",
        "May join: people, joint holders.",
        "Interest: 2% above base rate.",
        "CCBS 12/26",
    ):
        assert words in page
    assert "A syndicate may have" not in page


def test_the_page_is_linked_from_the_society_and_its_offers(client, society):
    offer = factories.make_offer(society)
    address = f"/societies/{society.slug}/rules/"
    for page in (f"/societies/{society.slug}/", f"/societies/{society.slug}/offers/{offer.slug}/"):
        assert f'href="{address}"' in text(client.get(page))
    assert f"/offers/{offer.slug}/" in text(client.get(address))
    assert client.get("/societies/nobody/rules/").status_code == 404


@pytest.mark.parametrize("code", rulesets.codes())
def test_every_figure_has_a_name_and_a_value_in_words(code):
    for figure in rulesets.rule_set(code, TODAY).confirmed():
        assert figures.label(figure)
        assert figures.value(figure)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("holding_cap_pence", 100_000_00, "£100,000"),
        ("offer_days_least", 42, "42 days"),
        ("offer_days_least", 1, "1 day"),
        ("annual_return_months", 7, "7 months"),
        ("annual_return_months", 1, "1 month"),
        ("eis_years", 3, "3 years"),
        ("min_age_receipt", 1, "1 year"),
        ("min_age_member", 0, "none"),
        ("withdrawal_pot_percent", 10, "10%"),
        ("min_members", 3, "3"),
        ("inspection_copies", False, "none"),
        ("inspection_copies", True, "yes"),
        ("holding_base", "withdrawable", "withdrawable shares only"),
        ("inspectors", ["member", "somebody"], "members, somebody"),
    ],
)
def test_values_are_written_as_people_read_them(name, value, words):
    assert figures.value(rulesets.Figure(value, "", "A", name)) == words


def test_a_sentence_around_an_unconfirmed_figure_is_not_said(society, monkeypatch):
    monkeypatch.setattr(type(society), "law", lambda self, on: rulesets.rule_set("IE", on))
    said = [
        statement.words for section in explained.explain(society, clock.today()) for statement in section.statements
    ]
    assert not [words for words in said if words.startswith("The law limits")]
    assert [words for words in said if "7 members at least" in words]


def form_of(society, **changes) -> dict:
    book = amendments.newest(society)
    day = clock.today()
    answers = {name: str(value) for name, value in amendments.values_of(book).items()}
    answers |= {
        "admits": book.admits, "max_holding_pence": "8000", "registration_reference": "CCBS 7",
        "valid_from_on_day": str(day.day), "valid_from_on_month": str(day.month), "valid_from_on_year": str(day.year),
    }  # fmt: skip
    return answers | changes


def test_two_officers_record_an_amendment(client, society, secretary):
    desk = f"/office/{society.slug}/rules/"
    client.force_login(secretary)
    assert "Record a registered amendment" in text(client.get(desk))
    assert 'value="100,000"' in text(client.get(desk + "amend/"))
    assert client.post(desk + "amend/", form_of(society)).status_code == 302
    page = text(client.get(desk))
    assert "You prepared this" in page
    assert "Approve and record" not in page
    assert "another officer must approve it" in text(client.post(desk, {"act": "approve"}, follow=True))
    client.force_login(factories.make_officer(society, OfficerRole.TREASURER))
    assert "Record an amendment of the rules" in text(client.get(f"/office/{society.slug}/"))
    page = text(client.get(desk))
    assert "<strong>£8,000</strong>" in page
    assert "Now £100,000, rule 7.2" in page
    assert "hold from" in text(client.post(desk, {"act": "approve"}, follow=True))
    assert "Nothing waits" in text(client.post(desk, {"act": "approve"}, follow=True))  # pressed twice
    page = text(client.get(desk))
    assert "CCBS 7" in page
    assert "Other rules that were recorded" in page
    assert RuleBook.objects.filter(society=society).count() == 2


def test_an_amendment_is_taken_back(client, society, secretary):
    desk = f"/office/{society.slug}/rules/"
    client.force_login(secretary)
    client.post(desk + "amend/", form_of(society))
    assert "taken back" in text(client.post(desk, {"act": "withdraw"}, follow=True))
    assert "An amendment that waits" not in text(client.get(desk))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"registration_reference": ""}, "Enter the reference of the registration."),
        ({"max_holding_pence": "a lot"}, "Enter an amount in pounds"),
        ({"max_holding_pence": "100001"}, "The law&#x27;s limit for one person is lower."),
        ({"valid_from_on_year": "2001"}, "an amendment is registered after that"),
        ({"min_age": ""}, "Enter a whole number."),
        ({"admits": []}, "Choose at least one kind of holder."),
    ],
)
def test_a_wrong_amendment_says_why_and_keeps_what_was_typed(client, society, secretary, changes, words):
    client.force_login(secretary)
    page = text(
        client.post(f"/office/{society.slug}/rules/amend/", form_of(society, interest_limit="Three", **changes))
    )
    assert words in page
    assert "There is a problem" in page
    assert "Three" in page
    assert amendments.waiting(society) is None


def test_who_looks_may_not_amend(client, society):
    client.force_login(factories.make_officer(society, OfficerRole.AUDITOR))
    desk = f"/office/{society.slug}/rules/"
    assert "Record a registered amendment" not in text(client.get(desk))
    assert client.post(desk, {"act": "approve"}).status_code == 403
    assert client.get(desk + "amend/").status_code == 404
    assert officers.DECIDE not in officers.RIGHTS[OfficerRole.AUDITOR]


def test_refusals_and_reasons_are_listed(client, society, secretary):
    offer = factories.make_offer(society)
    with pytest.raises(RuleBroken):
        factories.submit(offer, 6_000_00)
    application = factories.paid(offer)
    client.force_login(secretary)
    address = f"/office/{society.slug}/rules/decisions/"
    page = text(client.get(address))
    assert "The most that one holder may apply for is £5,000." in page
    assert "Our members know the risk." in page
    assert application.name not in page
    page = text(client.get(address, {"what": "reasons"}))
    assert "Warning, answered" in page
    assert "The most that one holder may apply for" not in page
    page = text(client.get(address, {"what": "all", "rule": "OFF-4"}))
    assert application.name in page
    assert "3 of 3 are kept with the application" in page
    assert "Nothing of that kind" in text(client.get(address, {"rule": "EIS-1"}))
    assert "Select a valid choice" in text(client.get(address, {"rule": "XYZ-1"}))


def test_two_names_for_one_person_are_shown_and_told_apart(client, society, secretary):
    offer = factories.make_offer(society)
    for name in ("Ann Reed", "Anne Reed"):
        factories.submit(offer, by_whom=factories.applicant(factories.person(name)))
    client.force_login(secretary)
    address = f"/office/{society.slug}/register/same/"
    page = text(client.get(address))
    assert "nearly the same name; the same postcode" in page
    assert "Together £1,000" in page
    one, other = (Party.objects.get(name=name) for name in ("Ann Reed", "Anne Reed"))
    apart = f"{address}{one.pk}/{other.pk}/apart/"
    assert "how you know" in text(client.post(apart, {"reason": " "}, follow=True))
    assert "are two" in text(client.post(apart, {"reason": "Spoke to both"}, follow=True))
    assert "Nobody twice" in text(client.get(address))
    assert KnownApart.objects.get().told_by == secretary


def test_whoever_does_not_keep_the_register_tells_nobody_apart(client, society):
    offer = factories.make_offer(society)
    for name in ("Ann Reed", "Anne Reed"):
        factories.submit(offer, by_whom=factories.applicant(factories.person(name)))
    client.force_login(factories.make_officer(society, OfficerRole.TREASURER))
    address = f"/office/{society.slug}/register/same/"
    assert "They are two" not in text(client.get(address))
    one, other = Party.objects.filter(name__endswith="Reed")
    assert client.post(f"{address}{one.pk}/{other.pk}/apart/", {"reason": "x"}).status_code == 404
    other_society = factories.make_society()
    client.force_login(factories.make_officer(other_society))
    stranger = f"/office/{other_society.slug}/register/same/{one.pk}/{other.pk}/apart/"
    assert client.post(stranger, {"reason": "x"}).status_code == 404
    assert not KnownApart.objects.exists()
