"""verify_books: right books are found right; each planted fault is found, named, and left as it is."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import connections

from common import clock
from members import books, ledger, seals
from members.models import LedgerEntry
from offers import applications
from payments import (
    batches,
    by_hand,
    cancellations,
    clearing,
    gateway,
    giving_back,
    paper_money,
    payees,
    receipts,
    suspense,
    undoing,
)
from payments.models import CheckoutAttempt, Receipt, Refund
from payments.statements import deciding
from tests import worlds
from tests.factories import applicant as applying
from tests.factories import close_and_decide, make_offer, make_society, make_user, paid, person, submit, take
from tests.members.planted import FAULTS
from tests.payments.statements.making import arrived, make_account, pay_by_hand

pytestmark = pytest.mark.xdist_group("books")


def a_walk() -> None:
    """An offer decided with a reversal after it, one that failed, and one still open with money of every kind."""
    society = make_society()
    seals.seal(society)
    big = {"maximum_pence": 50_000_00, "optimum_pence": 50_000_00, "max_application_pence": 30_000_00}
    decided = make_offer(society, slug="decided", **big)
    for amount_pence in (500_00, 25_000_00, 1_000_00):
        paid(decided, amount_pence)
    short = submit(decided, 300_00)
    receipts.take(short, amount_pence=299_00, method="bank-transfer")
    with clock.stopped(short.pay_by_at + timedelta(seconds=1)):
        applications.lapse(short)
    close_and_decide(decided)
    with clock.stopped(decided.decided_at + timedelta(days=1)):
        ledger.reverse(LedgerEntry.objects.get(seq=6), reason="Entered by mistake.", by=make_user())
        failed = make_offer(society, slug="failed")
        paid(failed, 200_00)
        close_and_decide(failed)
    with clock.stopped(failed.decided_at + timedelta(days=1)):
        still_open = make_offer(society, slug="open")
        submit(still_open, 100_00, by_whom=applying(person("Waits")))
        paid(still_open, 100_00, by_whom=applying(person("Paid")))
        cancellations.cancel(paid(still_open, 400_00, by_whom=applying(person("Cancelled"))))
        a_statement(still_open)
        some_go_back(society)
        through_stripe(make_offer(society, slug="cards"))
    make_offer(make_society(registered_name="The Other Society Limited", slug="other"))


def through_stripe(offer) -> None:
    """A card payment of £600, booked with its fee and partly paid back; and £70 that belongs to no application."""
    application, now = submit(offer, 600_00, method="card", by_whom=applying(person("Card"))), clock.now()
    attempt = CheckoutAttempt.objects.create(
        society=offer.society, application=application, number=1, account_id="acct_1", state="succeeded",
        amount_pence=600_00, idempotency_key="walk", session_id="cs_1", payment_intent_id="pi_1", charge_id="ch_1",
        created_at=now, expires_at=now,
    )  # fmt: skip
    receipts.take(application, amount_pence=600_00, method="card", attempt=attempt)
    take(application, 150_00)  # too much: it goes back, newest money first
    back = Refund.objects.create(
        society=offer.society, receipt=Receipt.objects.get(attempt=attempt), application=application, rule="OFF-5",
        amount_pence=5_00, reason="Too much.", due_at=now, state="done", done_at=now, stripe_id="re_1", way="stripe",
    )  # fmt: skip
    clearing.book_refund(back)
    take(application, 5_00)
    for source, pence in (("ch_1", 600_00), ("ch_2", 70_00)):
        moved = gateway.Movement(f"txn_{source}", "charge", "charge", source, pence, 1_00, pence - 1_00, "gbp", 1, True)
        clearing.post(offer.society_id, "acct_1", moved)
    suspense.open_item("no-application", "ch_2", society_id=offer.society_id, account_id="acct_1", amount_pence=70_00)


def some_go_back(society) -> None:
    """One refund by a file, one by hand, one that the society decided, and a receipt that was undone."""
    society.bank_sort_code, society.bank_account = "200000", "12345678"
    society.save()
    offer, tess, sam = make_offer(society, slug="refunds"), make_user(), make_user()
    by_file, by_cheque = (
        cancellations.cancel(paid(offer, amount_pence, by_whom=applying(person()))).refunds.get()
        for amount_pence in (110_00, 120_00)
    )
    payees.give(by_file.application, account_name="A", sort_code="309430", account_number="00733445")
    friday = clock.today() + timedelta(days=(4 - clock.today().weekday()) % 7)
    batch = batches.prepare(society, refund_ids=[by_file.pk], bank_format="bacs-csv", pay_on=friday, by=tess)
    batches.approve(batch, by=sam)
    batches.mark_sent(batch, by=tess)
    batches.finish(batch, by=tess)
    by_hand.prepare(by_cheque, how="cheque", note="Cheque 1", by=tess)
    by_hand.approve(by_cheque, by=sam)
    two = paper_money.record(submit(offer, 160_00, by_whom=applying(person()), method="cheque"), amount_pence=160_00,
                             method="cheque", received_on=clock.today(), by=tess)  # fmt: skip
    paper_money.confirm(two, banked_on=clock.today(), by=sam)
    seen = submit(offer, 170_00, by_whom=applying(person()), method="cash")
    deciding.accept(arrived(society, 170_00), parts=[(seen.pk, 170_00)], by=tess)
    ended = paid(offer, 130_00, by_whom=applying(person()))
    giving_back.prepare(ended, what="all", reason="You asked us to.", by=tess)
    giving_back.approve(ended, by=sam)
    receipt = take(submit(offer, 140_00, by_whom=applying(person())), 50_00)
    undoing.prepare(receipt, reason="Another's.", by=tess)
    undoing.approve(receipt, by=sam)


def a_statement(offer) -> None:
    """A line for an application, one that pays a refund, and money for nobody that goes back."""
    account, by = make_account(offer.society), make_user()
    refund = Refund.objects.get(amount_pence=400_00)
    came = arrived(offer.society, 100_00, account=account)
    deciding.accept(came, parts=[(submit(offer, 100_00).pk, 100_00)], by=by)
    pay_by_hand(refund)
    deciding.match_refunds(arrived(offer.society, -400_00, account=account), paid=[refund.pk], by=by)
    strange = arrived(offer.society, 7_00, account=account)
    deciding.keep(strange, owner=by, why="?", by=by)
    deciding.match_sent_back(arrived(offer.society, -7_00, account=account), came_in=strange, by=by)


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), worlds.owned():
        a_walk()
        worlds.take_the_fences_down()
        yield


@pytest.fixture
def undone(walked, monkeypatch):
    """Each test's planting goes with it; the command, which ends a process, leaves the connection to us."""
    monkeypatch.setattr(connections, "close_all", lambda: None)
    with worlds.undone():
        yield


def verify(*arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines of the command, run as from the shell, in a transaction that may not write anything."""
    command = load_command_class(get_commands()["verify_books"], "verify_books")
    command.stdout, command.stderr = (type(command.stdout)(io.StringIO()) for _ in range(2))
    with worlds.undone():
        worlds.run("SET LOCAL transaction_read_only = on")
        try:
            command.run_from_argv(["manage.py", "verify_books", *arguments])
            code = 0
        except SystemExit as end:
            code = end.code
    return code, command.stdout._out.getvalue().splitlines()


def test_right_books_are_found_right(undone):
    assert list(books.faults()) == []
    code, lines = verify()
    assert (code, len(lines)) == (0, len(books.CHECKS))
    assert all(line.startswith("ok  ") for line in lines)


@pytest.mark.parametrize(("invariant", "statement", "subject", "wrong"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_planted_fault_is_found_and_named_and_repaired_by_nobody(undone, invariant, statement, subject, wrong):
    worlds.run(*statement.split(";"))
    code, lines = verify()
    found = [line.split("\t") for line in lines]
    assert code == 1
    assert [f for f in found if f[0] == invariant and f[2].startswith(subject) and wrong in f[3]], found


def test_every_invariant_has_a_planted_fault():
    assert {row[0] for row in FAULTS} | {"I8"} == {invariant for invariant, _meaning, _check in books.CHECKS}


def test_the_faults_come_as_json_too(undone):
    worlds.run("UPDATE offers_shareoffer SET taken_pence = taken_pence + 1 WHERE slug = 'open'")
    code, lines = verify("--json")
    assert (code, len(lines)) == (1, 1)
    assert json.loads(lines[0])["subject"] == "offer open"
    assert json.loads(lines[0])["invariant"] == "exposure"


def test_right_books_say_nothing_as_json(undone):
    assert verify("--json") == (0, [])


def test_the_command_says_how_many_faults_there_are(undone):
    worlds.run("UPDATE offers_shareoffer SET taken_pence = taken_pence + 1 WHERE slug IN ('open', 'failed')")
    with pytest.raises(CommandError, match="2 faults in the books"):
        call_command("verify_books", stdout=io.StringIO())
