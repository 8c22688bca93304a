"""What a rehearsal leaves behind beside the outcome: registers, ledger, refunds and decisions that agree with it."""

import openpyxl
import pytest

from common.money import as_pounds
from tests.rehearsal.files import apply, event, paid, write


@pytest.fixture
def found(rehearse, tmp_path):
    lines = [
        paid("03 09:00", "A", "1500.00", name="=A()"),
        paid("03 10:00", "B", "1000.00", accept_less="y", kind="joint", **{"with": "Z"}),
        apply("03 11:00", "C", "100.00"),
        paid("04 09:00", "A", "100.00")[0],
        event("04 10:00", "cancel", "B"), event("04 11:00", "cancel", "C"),
    ]  # fmt: skip
    return rehearse(write(tmp_path / "s", lines))


def test_every_file_is_there_and_nothing_else(found):
    assert {path.name for path in found.folder.iterdir()} == {
        "outcome.json", "register.csv", "register.xlsx", "inspection.csv", "ledger.csv", "refunds.csv", "decisions.csv",
    }  # fmt: skip


def test_the_register_the_ledger_and_the_outcome_agree(found):
    allotted = [row for row in found.outcome["applications"] if row["state"] == "allotted"]
    held = {row["member_no"]: row["amount_paid"] for row in found.csv("register.csv")}
    assert {str(row["member_no"]): f"{row['allotted_pence'] / 100:.2f}" for row in allotted}.items() <= held.items()
    assert len(held) == 3 + found.offer["members"]
    assert sum(float(row["amount_paid"]) for row in found.csv("ledger.csv")[3:]) * 100 == found.offer["allotted_pence"]
    assert {row["certificate_no"] for row in found.csv("ledger.csv")[3:]} == {row["certificate_no"] for row in allotted}


def test_the_sheet_says_what_the_csv_says(found):
    rows = list(openpyxl.load_workbook(found.folder / "register.xlsx").active.iter_rows(values_only=True))
    table = found.csv("register.csv")
    assert list(rows[0]) == list(table[0])
    assert [row[0] for row in rows[1:]] == [row["name"].removeprefix("'") for row in table]
    assert [f"{row[8]:.2f}" for row in rows[1:]] == [row["amount_paid"] for row in table]


def test_the_copy_for_inspection_has_every_member_and_no_shares(found):
    copy, register = found.csv("inspection.csv"), found.csv("register.csv")
    assert [row["name"] for row in copy] == [row["name"] for row in register]
    assert set(register[0]) - set(copy[0]) == {
        "shares_held", "amount_paid", "other_property", "holder_kind", "representative"}  # fmt: skip


def test_refunds_add_up_to_the_outcome(found):
    refunds = found.csv("refunds.csv")
    assert sum(round(float(row["amount"]) * 100) for row in refunds) == found.offer["refunded_pence"] > 0
    assert as_pounds(found.offer["refunded_pence"]) == "£500"


def test_every_rule_that_was_asked_stands_in_the_decisions_with_its_answer(found):
    decisions = found.csv("decisions.csv")
    asked = {row["rule"] for row in decisions if row["occasion"] == "apply"}
    assert asked == {"OPN-1", "AMT-1", "ADM-1", "MEM-2", "CAP-1", "CAP-2", "OFF-5"}
    noes = [row["rule"] for row in decisions if row["occasion"] == "apply" and row["answer"] == "no"]
    told = [problem["rule"] for row in found.outcome["applications"] for problem in row["problems"]]
    assert sorted(noes) == sorted(told)
    assert all(row["source"] and row["inputs"].startswith("{") for row in decisions)
    assert all(row["message"] for row in decisions if row["answer"] == "no")


def test_the_minute_and_a_certificate_for_each_holder_are_drawn(command, tmp_path):
    folder = write(tmp_path / "s", [paid("03 09:00", "A", "1500.00"), paid("03 10:00", "B", "200.00")])
    assert command(folder, tmp_path / "out", papers=True) == (0, [])
    drawn = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.pdf"))
    assert drawn == ["certificates/00001.pdf", "certificates/00002.pdf", "minute.pdf"]
    assert all((tmp_path / "out" / name).read_bytes().startswith(b"%PDF-") for name in drawn)
