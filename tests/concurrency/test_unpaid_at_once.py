"""Twenty forms from one e-mail address, or one house, at one moment: never more than the limit waits unpaid."""

from __future__ import annotations

from functools import partial

import pytest

from compliance.answers import RuleBroken
from members import books
from offers import applications, unpaid
from offers.models import Application
from payments import another_way
from tests.concurrency.threads import at_once
from tests.factories import applicant, make_offer, person, submit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT_ONCE, EACH_PENCE = 20, 300_00


def one(offer, number: int, *, method: str = "bank-transfer", email: str = "", address: str = ""):
    """One form; what is not given is this one's own."""
    email = email or f"buyer{number}@example.org"
    details = applications.Details(
        name=f"Buyer {number}", address=address or f"{number} Low Street\nMarlpit", postcode="NR11 7LG", email=email
    )
    who = applicant(person(f"Buyer {number}", email=email))
    return submit(offer, EACH_PENCE, by_whom=who, details=details, method=method)


def outcome(offer, done: list) -> tuple[int, int]:
    """How many were taken and how many refused by the rule; anything else is a defect."""
    taken = [row for row in done if isinstance(row, Application)]
    refused = [row for row in done if isinstance(row, RuleBroken) and row.problems[0].rule == "UNP-1"]
    assert len(taken) + len(refused) == len(done), done
    offer.refresh_from_db()
    assert offer.taken_pence == sum(row.due_pence for row in Application.objects.filter(offer=offer))
    assert list(books.faults()) == []
    return len(taken), len(refused)


def test_one_e_mail_address_twenty_times_at_once():
    offer = make_offer()
    spelt = [f"Ann+{number}@Example.org" for number in range(AT_ONCE)]
    done = at_once(*(partial(one, offer, number, email=email) for number, email in enumerate(spelt)))
    assert outcome(offer, done) == (3, AT_ONCE - 3)  # £900 of £1,000


def test_one_house_twenty_times_at_once():
    offer = make_offer()
    at_home = {"address": "1 Low Street\nMarlpit"}
    done = at_once(*(partial(one, offer, number, **at_home) for number in range(AT_ONCE)))
    assert outcome(offer, done) == (3, AT_ONCE - 3)


def test_addresses_shared_crosswise_wait_for_nobody_in_a_circle():
    """Two e-mail addresses and two houses, each with each: whoever has one of them wants another's."""
    offer = make_offer()
    pairs = [(f"{'ab'[number % 2]}@example.org", f"{1 + number // 2 % 2} Low Street\nX") for number in range(AT_ONCE)]
    forms = [partial(one, offer, number, email=email, address=at) for number, (email, at) in enumerate(pairs)]
    taken, refused = outcome(offer, at_once(*forms))
    assert taken + refused == AT_ONCE
    assert all(group.unpaid_pence <= 1_000_00 for group in unpaid.groups(offer))
    assert taken >= 3


def test_a_person_and_a_body_that_they_sign_for_at_once():
    """The person's row is made by both: whoever waits for it must not hold the address that the other wants."""
    for round_ in range(5):
        offer, email = make_offer(), f"ann{round_}@example.org"
        ann, signs = (person("Ann Lark", email=email, role=role) for role in ("holder", "representative"))
        body = person("Club", email=email, kind="organisation")
        forms = [
            partial(submit, offer, EACH_PENCE, by_whom=who)
            for who in (applicant(ann), applicant(body, signs, kind="organisation")) * 4
        ]
        taken, _refused = outcome(offer, at_once(*forms))
        assert taken == 3


def test_cards_that_become_transfers_at_once():
    offer = make_offer()
    rows = [one(offer, number, method="card", email="ann@example.org") for number in range(AT_ONCE)]
    done = at_once(*(partial(another_way.choose, row, "bank-transfer") for row in rows))
    assert sum(isinstance(row, Application) for row in done) == 3
    assert unpaid.waiting(offer) == (3, 900_00)
    assert {str(row.message)[:15] for row in done if not isinstance(row, Application)} == {"A bank transfer"}


def test_without_the_rows_of_the_keys_too_much_would_be_taken(monkeypatch):
    """The control: the same race with nothing locked."""
    monkeypatch.setattr(unpaid, "LOCK", "SELECT %(society)s, %(offer)s, %(ids)s::uuid[], %(keys)s::text[]")
    for _try in range(20):
        offer = make_offer()
        forms = [partial(one, offer, number, email="ann@example.org") for number in range(AT_ONCE)]
        if sum(isinstance(row, Application) for row in at_once(*forms)) > 3:
            return
    pytest.fail("the race was never lost without the locks, so it shows nothing")
