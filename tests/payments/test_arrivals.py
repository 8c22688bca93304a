"""Payouts at the bank: by a line or on paper, each once; another sum is named; a mistake is taken back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from common import clock
from members import books
from members.views.office.bank_rows import rows_of
from offers.choices import OfficerRole
from payments import arrivals, clearing, settling
from payments.choices import PayoutState
from payments.models import LineDecision, Payout, PayoutArrival, Posting, Receipt, SuspenseItem
from payments.statements import deciding, waiting
from tests import factories
from tests.factories import make_offer, make_officer, make_society, submit
from tests.payments.conftest import kinds, open_accounts
from tests.payments.statements.making import arrived, line, make_account, take

pytestmark = pytest.mark.django_db
SENT = 4_873_12
STRIPE = {"payer": "STRIPE PAYMENTS UK LTD", "reference": "FPQ7W2ZK81"}


@pytest.fixture
def society():
    return make_society()


@pytest.fixture
def by(society):
    return make_officer(society, OfficerRole.TREASURER)


def make_payout(society, amount_pence: int = SENT, *, arrives_on: date | None = None, **fields) -> Payout:
    """A payout that Stripe calls paid, and its movement as Stripe booked it."""
    day = arrives_on or clock.today()
    number = Payout.objects.count() + 1
    payout = Payout.objects.create(
        society=society, account_id="acct_1", stripe_id=f"po_{number}", amount_pence=amount_pence, arrives_on=day,
        created_at=clock.instant(datetime.combine(day - timedelta(days=1), time(9))), looked_at=clock.now(),
        is_automatic=False, **{"state": PayoutState.PAID} | fields,
    )  # fmt: skip
    lines = {"stripe": -amount_pence, "payouts": amount_pence}
    clearing.write(society.pk, f"txn_{payout.stripe_id}", "payout", lines, source=payout.stripe_id,
                   happened_at=payout.created_at, account_id="acct_1")  # fmt: skip
    return payout


def figures(society) -> dict[str, int]:
    return {str(total.account): total.pence for total in clearing.totals(society.pk)}


def proposed(society, came):
    (row,) = rows_of(society, [came])
    return row


def test_a_line_of_stripes_sum_and_day_is_ready_and_is_the_payout(society, by):
    payout = make_payout(society)
    came = arrived(society, SENT, **STRIPE)
    row = proposed(society, came)
    assert (row.payout, row.ready, row.parts, row.why) == (
        payout,
        True,
        (),
        "Words, sum and day are those of a payout.",
    )
    assert open_accounts(society.pk) == {"payouts": SENT}
    decision = deciding.match_payout(came, payout, why=row.why, by=by)
    assert (decision.kind, decision.is_settled) == ("payout", False)
    assert open_accounts(society.pk) == {}
    assert (figures(society)["bank"], waiting.undecided(society).count(), Receipt.objects.count()) == (SENT, 0, 0)
    assert list(books.faults()) == []


def test_pressed_twice_it_is_one_decision(society, by):
    payout, came = make_payout(society), arrived(society, SENT, **STRIPE)
    assert deciding.match_payout(came, payout, by=by) == deciding.match_payout(came, payout, by=by)
    assert (LineDecision.objects.count(), PayoutArrival.objects.count(), figures(society)["bank"]) == (1, 1, SENT)


def test_the_same_line_in_two_files_is_one(society, by):
    payout, account = make_payout(society), make_account(society)
    same = line(SENT, **STRIPE)
    take(account, same)
    take(account, same, line(-1_00, "POSTAGE"))
    (came,) = waiting.undecided(society).filter(amount_pence__gt=0)
    deciding.match_payout(came, payout, by=by)
    assert figures(society)["bank"] == SENT


def test_one_payout_is_one_line(society, by):
    payout = make_payout(society)
    deciding.match_payout(arrived(society, SENT, **STRIPE), payout, by=by)
    second = arrived(society, SENT, **STRIPE)
    assert proposed(society, second).payout is None
    with pytest.raises(ValidationError, match="seen at the bank already"):
        deciding.match_payout(second, payout, by=by)
    assert (LineDecision.objects.count(), figures(society)["bank"]) == (1, SENT)


def test_a_payout_is_never_taken_for_an_applicants_money(society):
    offer = make_offer(society)
    application = submit(offer, 500_00)
    payout = make_payout(society, 500_00)
    row = proposed(society, arrived(society, 500_00, **STRIPE))
    assert (row.payout, row.parts) == (payout, ())
    unknown = proposed(
        society, arrived(society, application.due_pence, payer="STRIPE", on=clock.today().replace(year=2020))
    )
    assert (unknown.payout, unknown.parts) == (payout, ())  # the sum fits, the day does not: a suggestion
    assert not unknown.ready


def test_an_applicants_reference_goes_before_stripes_name(society):
    offer = make_offer(society)
    application = submit(offer, 500_00)
    make_payout(society, 500_00)
    row = proposed(society, arrived(society, 500_00, payer="STRIPE", reference=application.reference))
    assert (row.payout, row.ready, row.parts[0].application) == (None, True, application)


def test_a_sum_without_stripes_name_is_only_a_suggestion_and_after_a_name(society):
    offer = make_offer(society)
    make_payout(society, 500_00)
    plain = arrived(society, 500_00, payer="NOBODY")
    assert (proposed(society, plain).payout is not None, proposed(society, plain).ready) == (True, False)
    ada = submit(offer, 500_00, by_whom=factories.applicant(factories.person("Ada Lovelace")))
    row = proposed(society, arrived(society, 500_00, payer="A LOVELACE"))
    assert (row.payout, row.parts[0].application) == (None, ada)


def test_stripes_money_that_is_no_known_payout_is_named_and_has_no_button(society):
    submit(make_offer(society), 500_00)
    row = proposed(society, arrived(society, 500_00, payer="STRIPE"))
    assert (row.has_proposal, row.why[:14]) == (False, "It is from Str")


def test_two_lines_for_one_payout_are_for_a_person(society):
    payout = make_payout(society)
    lines = [arrived(society, SENT, **STRIPE) for _ in range(2)]
    assert [(row.payout, row.ready) for row in rows_of(society, lines)] == [(payout, False)] * 2


def test_the_trace_tells_two_payouts_of_one_sum_apart(society):
    first, second = make_payout(society, reference="FPAAAAAA1"), make_payout(society, reference="FPBBBBBB2")
    row = proposed(society, arrived(society, SENT, payer="ST", reference="fp-bbbbbb2"))
    assert (row.payout, row.ready) == (second, True)
    row = proposed(society, arrived(society, SENT, payer="STRIPE"))
    assert (row.payout in (first, second), row.ready) == (True, False)


def test_another_sum_is_taken_as_it_is_named_and_settled_by_a_person(society, by):
    payout, came = make_payout(society), arrived(society, SENT - 5_00, **STRIPE)
    row = proposed(society, came)
    assert (row.payout, row.ready) == (payout, False)
    deciding.match_payout(came, payout, by=by)
    item = SuspenseItem.objects.get()
    assert (item.kind, item.amount_pence, item.subject) == ("payout-amount", 5_00, payout.stripe_id)
    assert (open_accounts(society.pk), figures(society)["bank"]) == ({"payouts": 5_00}, SENT - 5_00)
    settling.resolve(item, "The bank took a charge of £5.", by=by)
    assert (open_accounts(society.pk), figures(society)["settled"]) == ({}, 5_00)
    with pytest.raises(ValidationError, match="has been settled"):
        deciding.set_aside(came, by=by)
    assert list(books.faults()) == []


def test_a_line_that_was_no_payout_after_all_is_decided_again(society, by):
    payout, came = make_payout(society), arrived(society, SENT - 5_00, **STRIPE)
    deciding.match_payout(came, payout, by=by)
    deciding.set_aside(came, by=by)
    assert (kinds(), open_accounts(society.pk), figures(society)["bank"]) == ([], {"payouts": SENT}, 0)
    other = arrived(society, SENT - 7_00, **STRIPE)
    deciding.match_payout(other, payout, by=by)
    item = SuspenseItem.objects.get(resolved_at=None)
    assert (item.subject, item.amount_pence) == (f"{payout.stripe_id} (2)", 7_00)
    settling.resolve(item, "A charge.", by=by)
    assert open_accounts(society.pk) == {}
    assert list(books.faults()) == []


def test_it_is_seen_on_paper_once_and_a_line_takes_its_place(society, by):
    payout = make_payout(society)
    first = arrivals.see_on_paper(payout, amount_pence=SENT, seen_on=clock.today(), by=by)
    assert arrivals.see_on_paper(payout, amount_pence=SENT, seen_on=clock.today(), by=by) == first
    with pytest.raises(ValidationError, match="seen at the bank already"):
        arrivals.see_on_paper(payout, amount_pence=SENT - 1, seen_on=clock.today(), by=by)
    assert open_accounts(society.pk) == {}
    came = arrived(society, SENT, **STRIPE)
    assert proposed(society, came).ready
    deciding.match_payout(came, payout, by=by)
    first.refresh_from_db()
    assert (first.released_by, arrivals.standing(payout).decision.line) == (by, came)
    assert figures(society)["bank"] == SENT
    with pytest.raises(ValidationError, match="A line of the bank is this payout"):
        arrivals.release(arrivals.standing(payout), by=by)
    assert list(books.faults()) == []


def test_a_mistake_on_paper_is_taken_back(society, by):
    payout = make_payout(society)
    seen = arrivals.see_on_paper(payout, amount_pence=SENT, seen_on=clock.today(), by=by)
    for _ in range(2):
        arrivals.release(seen, by=by)
    assert open_accounts(society.pk) == {"payouts": SENT}
    assert list(books.faults()) == []


@pytest.mark.parametrize(("changes", "words"), [
    ({"amount_pence": 0}, "above £0"),
    ({"seen_on": date(2999, 1, 1)}, "in the future"),
    ({"seen_on": date(2001, 1, 1)}, "made only after that day"),
])  # fmt: skip
def test_what_cannot_have_been_seen_is_refused(society, by, changes, words):
    payout = make_payout(society)
    said = {"amount_pence": SENT, "seen_on": clock.today()} | changes
    with pytest.raises(ValidationError, match=words):
        arrivals.see_on_paper(payout, **said, by=by)


def test_a_payout_that_was_cancelled_never_came(society, by):
    payout = make_payout(society, state=PayoutState.CANCELED)
    with pytest.raises(ValidationError, match="was cancelled"):
        arrivals.see_on_paper(payout, amount_pence=SENT, seen_on=clock.today(), by=by)


def test_a_payout_that_came_and_failed_goes_back_by_a_line_of_its_own(society, by):
    payout = make_payout(society)
    came = arrived(society, SENT, **STRIPE)
    deciding.match_payout(came, payout, by=by)
    went = arrived(society, -SENT, text="RETURNED")
    with pytest.raises(ValidationError, match="came and then failed"):
        deciding.match_payout(went, payout, by=by)
    Payout.objects.filter(pk=payout.pk).update(state=PayoutState.FAILED)
    clearing.write(society.pk, "txn_back", "payout_failure", {"stripe": SENT, "payouts": -SENT},
                   source=payout.stripe_id, happened_at=clock.now(), account_id="acct_1")  # fmt: skip
    assert open_accounts(society.pk) == {"payouts": -SENT}
    assert proposed(society, went).payout == payout
    deciding.match_payout(went, payout, by=by)
    assert (open_accounts(society.pk), figures(society)["bank"]) == ({}, 0)
    with pytest.raises(ValidationError, match="took this payout back by another line"):
        deciding.set_aside(came, by=by)
    assert list(books.faults()) == []


def test_a_payout_of_another_society_is_none(society, by):
    theirs = make_payout(make_society())
    with pytest.raises(ValidationError, match="no such payout"):
        deciding.match_payout(arrived(society, SENT), theirs, by=by)


def test_a_payout_that_the_statements_do_not_have_is_named_and_ends_when_it_is_seen(society, by):
    ago = clock.today() - timedelta(days=20)
    payout, account = make_payout(society, arrives_on=ago), make_account(society)
    arrivals.name_missing(society.pk)
    assert kinds() == []  # no statement was imported
    take(account, line(1_00, on=ago - timedelta(days=3)), line(1_00, on=ago + timedelta(days=4)), opening_pence=None)
    arrivals.name_missing(society.pk)
    assert kinds() == []  # it does not reach far enough
    take(account, line(2_00, on=ago + timedelta(days=5)), opening_pence=None)
    with transaction.atomic():
        take(account, line(SENT, on=ago), opening_pence=None)
        arrivals.name_missing(society.pk)
        assert kinds() == []  # a line of the sum waits to be matched
        transaction.set_rollback(True)
    for _ in range(2):
        arrivals.name_missing(society.pk)
        assert kinds() == ["payout-not-seen"]
    arrivals.see_on_paper(payout, amount_pence=SENT, seen_on=ago, by=by)
    assert kinds() == []


def test_verify_books_sees_an_arrival_that_is_not_posted(society, by):
    payout = make_payout(society)
    PayoutArrival.objects.create(society=society, payout=payout, is_in=True, amount_pence=SENT, seen_on=clock.today(),
                                 recorded_at=clock.now(), recorded_by=by)  # fmt: skip
    assert [fault.subject for fault in books.faults()] == [f"payout {payout.stripe_id}"]
    assert not Posting.objects.filter(account="bank").exists()


class TestDesk:
    """The pages."""

    @pytest.fixture(autouse=True)
    def desk(self, client, society, by):
        client.force_login(by)
        self.client, self.base = client, f"/office/{society.slug}"

    def page(self, rest: str) -> str:
        answer = self.client.get(f"{self.base}/{rest}")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    def test_the_line_is_accepted_on_the_list_and_among_all_exact_ones(self, society):
        payout, came = make_payout(society), arrived(society, SENT, **STRIPE)
        said = self.page("bank/match/")
        assert "A payout from Stripe" in said
        assert "It is this payout" in said
        assert "A payout from Stripe" in self.page("bank/match/exact/")
        answer = self.client.post(f"{self.base}/bank/match/exact/", {"line": f"{came.pk}:{payout.pk}"}, follow=True)
        assert "1 line accepted" in answer.content.decode()
        assert deciding.newest(came).why == "Words, sum and day are those of a payout."
        assert "The payout of" in self.page(f"bank/lines/{came.pk}/")
        assert "The line of the statement" in self.page(f"money/payouts/{payout.pk}/")
        assert "a payout from Stripe" in self.page("bank/lines/?what=payout")

    def test_it_is_chosen_on_the_lines_own_page(self, society):
        payout, came = make_payout(society), arrived(society, SENT - 1)
        here = f"{self.base}/bank/lines/{came.pk}/"
        assert "It is this one" in self.page(f"bank/lines/{came.pk}/")
        assert "Choose the payout" in self.client.post(here, {"act": "payout", "payout": "x"}).content.decode()
        assert self.client.post(here, {"act": "payout", "payout": str(payout.pk)}).status_code == 302
        assert kinds() == ["payout-amount"]
        assert "The bank has" in self.page(f"money/exceptions/{SuspenseItem.objects.get().pk}/")

    def test_it_is_seen_on_paper_and_taken_back(self, society):
        payout = make_payout(society)
        where, today = f"money/payouts/{payout.pk}/", clock.today()
        assert "Not seen yet" in self.page(where)
        day = {"seen_on_day": today.day, "seen_on_month": today.month, "seen_on_year": today.year}
        refused = self.client.post(f"{self.base}/{where}", {"act": "see", "amount_pence": "x"} | day).content.decode()
        assert "Error:" in refused
        told = {"act": "see", "amount_pence": "4873.12"} | day
        late = told | {"seen_on_year": today.year + 1}
        assert "in the future" in self.client.post(f"{self.base}/{where}", late).content.decode()
        assert self.client.post(f"{self.base}/{where}", told).status_code == 302
        assert "Seen on paper" in self.page(where)
        assert self.client.post(f"{self.base}/{where}", {"act": "release"}).status_code == 302
        assert "Not seen yet" in self.page(where)

    def test_another_societys_payout_is_not_there_and_an_auditor_decides_nothing(self, society, client):
        theirs, ours = make_payout(make_society()), make_payout(society)
        assert self.client.get(f"{self.base}/money/payouts/{theirs.pk}/").status_code == 404
        client.force_login(factories.make_officer(society, OfficerRole.AUDITOR))
        where = f"{self.base}/money/payouts/{ours.pk}/"
        assert "It is at the bank" not in client.get(where).content.decode()
        assert client.post(where, {"act": "see"}).status_code == 403
