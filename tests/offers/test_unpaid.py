"""What waits unpaid from one address, however it is written: at most a part of the offer, and the first is taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.models import AuditEvent
from compliance.answers import RuleBroken
from compliance.models import Decision
from members import books
from offers import applications, unpaid, unpaid_keys
from offers.models import Application, UnpaidKey
from payments import receipts
from tests.factories import applicant, make_offer, make_user, person, submit, take

HOUSE = {"address": "14 High Street\nRochdale\nOL12 0NU", "postcode": "OL12 0NU"}


@pytest.fixture
def offer(db):
    """£10,000 in all, so £1,000 of it may wait unpaid from one address."""
    return make_offer()


def apply(offer, amount_pence: int = 500_00, *, email: str = "", name: str = "", who=None, **fields):
    """Somebody applies from a place of their own unless the place is given; RuleBroken where it is too much."""
    number = Application.objects.count()
    where = {"address": f"{number} Nowhere Lane\nMarlpit", "postcode": "NR11 7LG", "country": "GB"}
    where |= {key: fields.pop(key) for key in ("address", "postcode", "country") if key in fields}
    who = who or applicant(person(name or f"Person {number}", email=email or f"new{number}@example.org"))
    details = applications.Details(name=who.parties[0].name, email=email or who.parties[0].email, **where)
    return submit(offer, amount_pence, by_whom=who, details=details, **fields)


def refusal(offer, **fields) -> str:
    """Why an application was refused; nothing of it is left but the answers."""
    before = (Application.objects.count(), offer.applications.count(), UnpaidKey.objects.count())
    with pytest.raises(RuleBroken) as refused:
        apply(offer, **fields)
    (problem,) = refused.value.problems
    assert problem.rule == "UNP-1"
    assert (Application.objects.count(), offer.applications.count(), UnpaidKey.objects.count()) == before
    return problem.in_full


class TestLimit:
    def test_a_first_application_is_taken_whatever_its_sum_and_the_next_only_within_the_limit(self, offer):
        apply(offer, 5_000_00, email="ann@example.org")
        words = refusal(offer, email="ann@example.org", amount_pence=100_00)
        assert "applications from this e-mail address may keep £1,000 in all" in words
        assert "Pay what waits or cancel it, apply for less, or pay at once" in words
        assert "£5,000" not in words  # how much waits for somebody is nobody else's business

    def test_exactly_the_limit_may_wait(self, offer):
        apply(offer, 500_00, email="ann@example.org")
        apply(offer, 500_00, email="ann@example.org")
        refusal(offer, email="ann@example.org", amount_pence=100_00)
        apply(offer, 100_00, email="bea@example.org")

    def test_an_address_and_an_account_are_counted_as_well(self, offer):
        user = make_user()
        apply(offer, 900_00, **HOUSE)
        assert "from this postal address" in refusal(offer, **HOUSE)
        apply(offer, 900_00, by=user)
        assert "from your account" in refusal(offer, by=user)

    @pytest.mark.parametrize("method", ["bank-transfer", "cheque", "cash"])
    def test_what_is_paid_by_hand_counts_and_what_is_paid_at_stripe_does_not(self, offer, method):
        apply(offer, 900_00, email="ann@example.org", method=method)
        apply(offer, 900_00, email="ann@example.org", method="card")
        refusal(offer, email="ann@example.org")

    def test_what_is_paid_lapsed_or_cancelled_holds_nothing_unpaid(self, offer):
        paid, lapsed, cancelled = (apply(offer, 900_00, email="ann@example.org", method="card") for _ in range(3))
        for application in (paid, lapsed, cancelled):
            Application.objects.filter(pk=application.pk).update(method="bank-transfer")
        receipts.take(paid, amount_pence=900_00, method="bank-transfer")
        applications.cancel(cancelled)
        with clock.stopped(lapsed.pay_by_at + timedelta(seconds=1)):
            applications.lapse(lapsed)
            apply(offer, 900_00, email="ann@example.org")
            refusal(offer, email="ann@example.org")

    def test_what_an_undone_receipt_leaves_waits_again(self, offer):
        application = apply(offer, 900_00, email="ann@example.org")
        receipts.take(application, amount_pence=900_00, method="bank-transfer")
        application.refresh_from_db()
        applications.unmark_paid(application)
        refusal(offer, email="ann@example.org")

    @pytest.mark.parametrize("terms", [{"oversubscription": "pro-rata"}, {"unpaid_percent": None}])
    def test_where_nobody_is_kept_out_or_an_officer_set_no_limit_nothing_is_asked(self, db, terms):
        offer = make_offer(**terms)
        for _ in range(3):
            apply(offer, 900_00, email="ann@example.org")
        assert not Decision.objects.filter(rule="UNP-1").exists()
        assert not UnpaidKey.objects.exists()

    def test_every_offer_counts_for_itself(self, offer):
        other = make_offer(offer.society)
        apply(offer, 900_00, email="ann@example.org")
        apply(other, 900_00, email="ann@example.org")
        refusal(other, email="ann@example.org")

    def test_every_answer_is_kept_with_its_arithmetic_and_nobodys_name(self, offer):
        first = apply(offer, 900_00, email="ann@example.org")
        refusal(offer, email="ann@example.org")
        yes, no = Decision.objects.filter(rule="UNP-1").order_by("decided_at", "id")
        assert (yes.subject_id, yes.passed, yes.arithmetic) == (first.pk, True, "nothing waits for payment")
        assert (no.passed, no.arithmetic, no.level) == (False, "£900 + £500 > £1,000", "POLICY")
        assert "ann" not in str(no.facts)
        assert list(books.faults()) == []

    def test_an_officer_sets_another_limit_which_counts_from_now_on(self, offer):
        officer = make_user()
        apply(offer, 900_00, email="ann@example.org")
        unpaid.set_limit(offer, 20, by=officer)
        offer.refresh_from_db()
        apply(offer, 900_00, email="ann@example.org")
        unpaid.set_limit(offer, None, by=officer)
        unpaid.set_limit(offer, None, by=officer)  # twice is one change
        notes = AuditEvent.objects.filter(act="offer.unpaid-limit").order_by("happened_at", "id")
        assert [note.facts for note in notes] == [{"percent": 20, "before": 10}, {"percent": None, "before": 20}]


class TestOneAddressInManySpellings:
    """An e-mail address or a house is one, whoever writes it and however."""

    @pytest.mark.parametrize(
        "other",
        [
            "ANN.LARK@Example.ORG", "ann.lark+2@example.org", "ann.lark+a+b@example.org", " ann.lark@example.org ",
            "ann.lark@example.org.", "ａｎｎ.lark@example.org", "ann.lark\u200b@example.org", '"ann.lark"@example.org',
        ],
    )  # fmt: skip
    def test_an_e_mail_address(self, offer, other):
        apply(offer, 900_00, email="ann.lark@example.org")
        refusal(offer, email=other)

    @pytest.mark.parametrize("other", ["annlark@gmail.com", "A.N.N.Lark+x@GoogleMail.com", "ann.lark@googlemail.com"])
    def test_an_address_at_google_whose_dots_say_nothing(self, offer, other):
        apply(offer, 900_00, email="ann.lark@gmail.com")
        refusal(offer, email=other)

    def test_dots_tell_people_apart_everywhere_else(self, offer):
        apply(offer, 900_00, email="ann.lark@example.org")
        apply(offer, 900_00, email="annlark@example.org")

    def test_a_name_in_other_letters_is_one_domain(self, offer):
        apply(offer, 900_00, email="ann@bücher.example")
        refusal(offer, email="ann@xn--bcher-kva.example")

    @pytest.mark.parametrize(
        ("address", "postcode"),
        [
            ("14 HIGH STREET\nRochdale\nol120nu", "ol120nu"),
            ("14, High St.\nRochdale", "OL12  0NU"),
            ("No. 14 High Street\nSmallbridge\nRochdale", "OL12-0NU"),
            ("14\nHigh Street\nRochdale", " OL12 0NU "),
            ("１４ Hïgh Street\nRochdale\nOL12 0NU", "OL12 0NU"),
            ("014 Hgih Street\nRochdale\nOL12 0NU", "OL12 0NU"),
        ],
    )
    def test_a_house(self, offer, address, postcode):
        apply(offer, 900_00, **HOUSE)
        refusal(offer, address=address, postcode=postcode)

    def test_a_flat_a_letter_or_another_door_is_another_address(self, offer):
        apply(offer, 900_00, **HOUSE)
        for address in ("Flat 2, 14 High Street", "14A High Street", "16 High Street"):
            apply(offer, 900_00, address=f"{address}\nRochdale\nOL12 0NU", postcode="OL12 0NU")
        assert "postal" in refusal(offer, address="14 a High St\nOL12 0NU", postcode="OL12 0NU")
        assert "postal" in refusal(offer, address="14 High Street\nFlat 2", postcode="OL12 0NU")

    def test_a_house_with_a_name_and_one_without_a_postcode(self, offer):
        apply(offer, 900_00, address="Rose Cottage\nHebden", postcode="BD23 5DX")
        refusal(offer, address="ROSE-COTTAGE.\nnear Hebden", postcode="bd235dx")
        apply(offer, 900_00, address="Mill House\nHebden", postcode="BD23 5DX")
        apply(offer, 900_00, address="1 Quay\nHowth\nIreland", postcode="", country="IE")
        refusal(offer, address="1, Quay\nHowth\n IRELAND", postcode="", country="IE")

    def test_nothing_is_one_with_nothing(self):
        assert unpaid_keys.of(emails=["", " ", "+x@example.org"], address="", postcode="", country="GB") == []

    def test_no_key_says_whose_it_is(self):
        keys = unpaid_keys.of(emails=["ann@example.org"], **HOUSE, country="GB", account_id="7")
        assert [key.partition(":")[0] for key in keys] == ["account", "address", "email"]
        assert "ann" not in "".join(keys)


class TestSeveralPeople:
    def test_joint_holders_count_with_every_address_that_they_give(self, offer):
        pair = [person("Ann Lark", email="ann@example.org"), person("Bob Lark", email="bob@example.org", role="joint")]
        apply(offer, 900_00, who=applicant(*pair, kind="joint"))
        refusal(offer, email="bob@example.org")
        others = [person("Cat Fox", email="cat@example.org"), person("Bob L.", email="Bob+1@example.org", role="joint")]
        refusal(offer, who=applicant(*others, kind="joint"))

    def test_an_adult_counts_for_all_the_children_for_whom_they_apply(self, offer):
        def child(name: str):
            adult = person("Ann Lark", email="ann@example.org", role="adult")
            return applicant(person(name, email="", role="child", born_on=clock.today()), adult, kind="child")

        apply(offer, 600_00, who=child("Una"), email="ann@example.org")
        apply(offer, 400_00, who=child("Tom"), email="ann@example.org")
        refusal(offer, who=child("Kit"), email="ann@example.org")

    def test_whoever_signs_for_a_body_counts_with_their_own_address(self, offer):
        body = person("Marlpit Club", email="club@example.org", kind="organisation")
        signs = person("Ann Lark", email="ann@example.org", role="representative")
        apply(offer, 900_00, who=applicant(body, signs, kind="organisation"))
        refusal(offer, email="ann@example.org")


class TestWhoHoldsIt:
    def test_those_with_something_in_common_stand_together_the_most_first(self, offer):
        one = apply(offer, 100_00)
        two = [apply(offer, 300_00, email=f"ann+{n}@example.org") for n in range(2)]
        apply(offer, 200_00, method="card")
        take(apply(offer, 200_00), 200_00, "cheque")
        groups = unpaid.groups(offer)
        assert groups[0].applications == two
        assert (groups[0].unpaid_pence, groups[0].limit_pence, groups[0].what) == (600_00, 1_000_00, {"email"})
        assert (groups[0].since_at, groups[0].lapses_at) == (two[0].submitted_at, two[1].pay_by_at)
        assert groups[0].is_many
        assert [group.applications for group in groups[1:]] == [[one]]
        assert not any(group.is_many for group in groups[1:])
        assert unpaid.waiting(offer) == (3, 700_00)
        assert [group.unpaid_pence for group in unpaid.groups(offer, most=1)] == [600_00]

    def test_what_another_society_has_is_not_seen(self, offer):
        apply(make_offer(), 900_00, email="ann@example.org")
        assert unpaid.groups(offer) == []
        apply(offer, 900_00, email="ann@example.org")
