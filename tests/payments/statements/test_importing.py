"""A file once, a line once; balances that fit or that somebody says are not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock
from payments.models import BankLine, ColumnMap, StatementImport, UploadedStatement
from payments.statements import account as accounts
from payments.statements import importing
from payments.statements.csv_maps import KNOWN
from payments.statements.facts import Statement
from tests.factories import make_society, make_user
from tests.payments.statements.making import line, make_account, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return make_account(make_society())


def kept(account) -> list[int]:
    return list(BankLine.objects.filter(account=account).order_by("id").values_list("amount_pence", flat=True))


def test_a_statement_is_written_with_its_lines(account):
    taken = take(account, line(5_00, "A"), line(-2_00, "B"), opening_pence=1_00)
    assert (taken.opening_pence, taken.closing_pence, taken.lines_in_file, taken.lines_new) == (1_00, 4_00, 2, 2)
    assert (taken.balances, kept(account)) == ("typed", [5_00, -2_00])


def test_the_same_file_twice_is_refused_with_its_day_and_does_nothing(account):
    take(account, line(5_00), content=b"same")
    with pytest.raises(ValidationError, match="This file was imported on"):
        take(account, line(5_00), content=b"same")
    assert kept(account) == [5_00]


def test_the_same_file_on_another_account_is_another_statement(account):
    take(account, line(5_00), content=b"same")
    other = make_account(account.society)
    take(other, line(5_00), content=b"same")
    assert (kept(account), kept(other)) == ([5_00], [5_00])


def test_overlapping_statements_leave_each_line_once(account):
    a, b, c = line(1_00, "A"), line(2_00, "B"), line(3_00, "C")
    take(account, a, b)
    assert take(account, b, c, opening_pence=1_00).lines_new == 1
    assert take(account, a, b, c).lines_new == 0
    assert kept(account) == [1_00, 2_00, 3_00]


def test_two_lines_that_say_the_same_are_two_movements(account):
    same = line(5_00, "A")
    take(account, same)
    take(account, same, same)
    take(account, same, same)
    assert kept(account) == [5_00, 5_00]


def test_the_banks_number_knows_a_line_whatever_it_says(account):
    take(account, line(5_00, "PENDING", bank_reference="N1"))
    assert take(account, line(5_00, "SETTLED", bank_reference="N1")).lines_new == 0


def test_a_number_that_the_bank_gives_twice_does_not_swallow_money(account):
    first, second = line(5_00, "A", bank_reference="N1"), line(7_00, "B", bank_reference="N1")
    take(account, first)
    take(account, first, second)
    take(account, second, first)
    assert kept(account) == [5_00, 7_00]
    twin = line(5_00, "A", bank_reference="N1")
    take(account, first, twin, second)
    assert kept(account) == [5_00, 7_00, 5_00]


def test_the_files_balances_go_before_those_that_are_typed(account):
    statement = Statement("csv", [line(5_00)], opening_pence=1_00, closing_pence=6_00)
    taken = importing.take(account, statement, content=b"x", file_name="x", opening_pence=9_00, closing_pence=14_00,
                           by=make_user())  # fmt: skip
    assert (taken.opening_pence, taken.closing_pence, taken.balances) == (1_00, 6_00, "file")


@pytest.mark.parametrize(
    ("opening", "closing", "words"),
    [(0, 5_01, "make £5. The closing balance is £5.01"), (0, None, "Give both balances"), (None, 0, "Give both")],
)
def test_balances_that_the_lines_do_not_lead_to_are_refused(account, opening, closing, words):
    with pytest.raises(ValidationError, match=words):
        importing.take(account, Statement("csv", [line(5_00)]), content=b"x", file_name="x", opening_pence=opening,
                       closing_pence=closing, by=make_user())  # fmt: skip
    assert not StatementImport.objects.exists()


def test_that_there_are_no_balances_is_recorded(account):
    taken = take(account, line(5_00), opening_pence=None)
    assert (taken.balances, taken.opening_pence, taken.closing_pence) == ("none", None, None)


def test_a_day_to_come_is_refused(account):
    with pytest.raises(ValidationError, match="still to come. Check the order"):
        take(account, line(5_00, on=clock.today() + timedelta(days=1)))


def test_the_account_stands_where_its_lines_lead(account):
    assert accounts.standing(account) is None
    today = clock.today()
    take(account, line(5_00, on=today - timedelta(days=9)), opening_pence=100_00)
    take(account, line(-2_00, on=today - timedelta(days=5)), opening_pence=105_00)
    found = accounts.standing(account)
    assert (found.last.closing_pence, found.by_lines_pence, found.differs_pence) == (103_00, 103_00, 0)
    take(account, line(1_00), opening_pence=110_00)  # a statement with £7 more is missing before it
    assert accounts.standing(account).differs_pence == 7_00


def test_an_upload_waits_and_is_forgotten_after_a_day(account):
    by = make_user()
    first = importing.upload(account, file_name="\u202e a\nb.csv", content=b"Date,Amount\n", by=by)
    assert first.file_name == "a b.csv"
    with clock.stopped(clock.now() + timedelta(days=1, minutes=1)):
        importing.upload(account, file_name="b.csv", content=b"Date,Amount\n", by=by)
    assert not UploadedStatement.objects.filter(pk=first.pk).exists()


def test_a_file_that_was_imported_cannot_be_uploaded_again(account):
    take(account, line(5_00), content=b"Date,Amount\n")
    with pytest.raises(ValidationError, match="Nothing was done again"):
        importing.upload(account, file_name="a.csv", content=b"Date,Amount\n", by=make_user())


def test_a_map_is_kept_under_its_name_for_one_society(account):
    by = make_user()
    importing.save_map(account.society, name="Ours", spec=KNOWN["Xero"], by=by)
    importing.save_map(account.society, name="Ours", spec=KNOWN["Lloyds"], by=by)
    importing.save_map(make_society(), name="Ours", spec=KNOWN["Xero"], by=by)
    assert ColumnMap.objects.get(society=account.society).columns == replace(KNOWN["Lloyds"]).kept()


@pytest.mark.parametrize("figures", ["123", "12345", "12a4", "١٢٣٤"])
def test_only_four_figures_of_an_accounts_number_are_kept(figures):
    with pytest.raises(ValidationError):
        importing.open_account(make_society(), name="A", last_four=figures, by=make_user())
