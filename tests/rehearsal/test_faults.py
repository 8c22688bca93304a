"""Files that cannot be read: every fault in one go, with file, line and column; nothing is written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from members import rehearsal
from tests.rehearsal.files import COLUMNS, apply, event, paid, pay, toml, write
from tests.scenarios.naive import Unplayable, play

ROOT = Path(__file__).resolve().parents[2]


def faults(folder: Path) -> list[str]:
    with pytest.raises(rehearsal.UnreadableScenario) as unreadable:
        rehearsal.read(folder)
    return str(unreadable.value).splitlines()


def place(text: str, part: str) -> tuple[int, int]:
    """Line and column of a part of a text, from 1."""
    before = text[: text.index(part)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


LINES = [paid("03 09:00", "A", "1000.00")]
TOML = [  # (what is written, what is changed into, where the fault stands, words of it)
    ('"time-bound"', '"timebound"', '"timebound"', "did you mean \"time-bound\"?"),
    ('"GB-ENG"', '"GB-XX"', '"GB-XX"', "jurisdiction"),
    ('"community-benefit"', '"plc"', '"plc"', "legal_form"),
    ('minimum = "1000.00"', "minimum = 1000.00", "1000.00", "write pounds and pence between quotes"),
    ('minimum = "1000.00"', 'minimum = "-1.00"', '"-1.00"', "no sum of pounds"),
    ('minimum = "1000.00"', 'minimum = "1,000.00"', '"1,000.00"', "no sum of pounds"),
    ('minimum = "1000.00"', 'minimum = "10.001"', '"10.001"', "no sum of pounds"),
    ('minimum = "1000.00"', 'minimum = "١٠"', '"١٠"', "no sum of pounds"),
    ('maximum = "2000.00"', 'maximum = "0.00"', '"0.00"', "nought"),
    ('maximum = "2000.00"', 'maximum = "1999.00"', '"1999.00"', "maximum is below optimum"),
    ('minimum = "1000.00"', 'minimum = "3000.00"', '"2000.00"', "optimum is below minimum"),
    ("closes_on = 2026-03-27", "closes_on = 2026-03-01", "2026-03-01", "closes before it opens"),
    ("closes_on = 2026-03-27", 'closes_on = "2026-03-27"', '"2026-03-27"', "write it without quotes"),
    ("closes_on = 2026-03-27", "closes_on = 2026-03-27T10:00:00", "2026-03-27T10", "no day"),
    ('multiple_of = "1.00"', 'multiple_of = "1.50"', '"1.50"', "no whole number of shares"),
    ('max_application = "2000.00"', 'max_application = "99.00"', '"99.00"', "below min_application"),
    ("founders = 3", "founders = 2", "2", "founders"),
    ("founders = 3", "founders = true", "true", "founders"),
    ('"03-31"', '"02-30"', '"02-30"', "year_end"),
    ("transfer_days = 5", "transfer_dys = 5", "5", "did you mean transfer_days?"),
    ('"first-come"', '"priority-tiers"', '"priority-tiers"', "priority-tiers without a tier"),
    ('admits = ["person"', 'admits = ["persn"', '["persn"', "did you mean \"person\"?"),
    ("[rules]", "[rulez]", "[rulez]", "rulez is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "where", "words"), TOML, ids=[row[1] for row in TOML])
def test_a_fault_in_the_scenario_is_named_with_its_place(tmp_path, right, wrong, where, words):
    folder = write(tmp_path / "s", LINES)
    text = toml().replace(right, wrong, 1)
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    line, column = place(text, wrong)
    column += wrong.rindex(where) if where in wrong else 0
    if where not in wrong:
        line, column = place(text, f"optimum = {where}")
        column += len("optimum = ")
    found = [fault for fault in faults(folder) if words in fault]
    assert found
    assert found[0].startswith(f"scenario.toml, line {line}, column {column}: ")


def test_a_key_that_is_missing_is_named_with_its_table(tmp_path):
    folder = write(tmp_path / "s", LINES, offer={"opens_on": None})
    line, _column = place(toml(offer={"opens_on": None}), "[offer]")
    assert faults(folder) == [
        f"scenario.toml, line {line}, column 1: opens_on is missing in [offer]; write opens_on = …"
    ]


def test_what_is_no_toml_is_named_with_its_place(tmp_path):
    folder = write(tmp_path / "s", LINES)
    (folder / "scenario.toml").write_text('[scenario]\ntitle = "x\n')
    assert faults(folder)[0].startswith("scenario.toml, line 2, column 11: ")


MORE = '[[offer.tier]]\ncode = "A"\npostcodes = ["PA"]\n[[offer.tier]]\ncode = "A"\npostcodes = ["G"]\n'


def test_tiers_and_the_ratio_must_fit_together(tmp_path):
    more = MORE + '[offer.ratio]\ntier = "B"\nat_least_percent = 101\n'
    found = faults(write(tmp_path / "s", LINES, more=more))
    assert [fault.partition(": ")[2] for fault in found] == [
        "at_least_percent: 101 is no number from 1 to 100; write a whole number, such as 1"]  # fmt: skip
    found = faults(write(tmp_path / "s", LINES, more=more.replace("101", "75")))
    assert [word in fault for word, fault in zip(("tier A stands twice", "no tier B"), found, strict=True)] == [
        True,
        True,
    ]


EVENTS = [  # (lines, line, field of the fault, words)
    ([apply("03 09:00", "A", "1000")] * 2 + [apply("02 09:00", "B", "1000")], 4, "at", "earlier than the line before"),
    ([apply("03 09:00", "A", "ten")], 2, "amount", "no sum of pounds"),
    ([apply("03 09:00", "A", "")], 2, "amount", "is empty"),
    ([apply("03 09:00", "A", "-5")], 2, "amount", "no sum of pounds"),
    ([apply("03 09:00", "", "5")], 2, "applicant", "is empty"),
    ([apply("03 09:00", "A", "5", kind="alien")], 2, "kind", "not known"),
    ([apply("03 09:00", "A", "5", method="gold")], 2, "method", "not known"),
    ([apply("03 09:00", "A", "5", accept_less="maybe")], 2, "accept_less", "not known"),
    ([apply("03 09:00", "A", "5", born_on="31/12/1990")], 2, "born_on", "no day"),
    ([apply("03 09:00", "A", "5", people="several", kind="syndicate")], 2, "people", "no number of people"),
    ([*LINES[0], pay("04 09:00", "A", "0.00")], 4, "amount", "nought"),
    ([event("03 09:00", "extend", note="soon")], 2, "note", "no day"),
    ([event("03 09:00", "extend")], 2, "note", "is empty"),
    ([event("03 09:00", "aply", "A")], 2, "event", 'did you mean "apply"?'),
    ([event("03 25:00", "close")], 2, "at", "no moment"),
    ([event("03 09:00:00Z", "close")], 2, "at", "names a time zone"),
]


@pytest.mark.parametrize(("lines", "line", "field", "words"), EVENTS, ids=[row[3] for row in EVENTS])
def test_a_fault_in_the_events_is_named_with_its_line_and_field(tmp_path, lines, line, field, words):
    found = faults(write(tmp_path / "s", lines))
    assert len(found) == 1
    assert found[0].startswith(f"events.csv, line {line}, column {COLUMNS.index(field) + 1}: {field}")
    assert words in found[0]


HEADER = ",".join(COLUMNS).encode()
ONE = b"2026-03-03T09:00:00,close" + b"," * 12
BYTES = [
    (b"", 1, "the header has no column at"),
    (HEADER.replace(b"amount", b"sum") + b"\n", 1, "column 'sum' is not known"),
    (HEADER + b",at\n", 1, "column at stands twice"),
    (HEADER + b"\n" + ONE + b",\n", 2, "15 fields where the header has 14"),
    (HEADER + b"\n" + ONE[:-1] + b"\n", 2, "13 fields where the header has 14"),
    (HEADER + b"\n" + ONE + b"\n" + ONE.replace(b"close", b"\xa3"), 3, "the file is not UTF-8"),
    (HEADER + b"\n" + ONE + b'"open\n', 2, "not a CSV line"),
]


@pytest.mark.parametrize(("content", "line", "words"), BYTES, ids=[row[2] for row in BYTES])
def test_a_file_of_another_shape_is_named_too(tmp_path, content, line, words):
    folder = write(tmp_path / "s", LINES)
    (folder / "events.csv").write_bytes(content)
    assert [fault for fault in faults(folder) if fault.startswith(f"events.csv, line {line}, ") and words in fault]


def test_a_quoted_line_break_does_not_move_the_numbers_of_lines(tmp_path):
    folder = write(tmp_path / "s", [apply("03 09:00", "A", "100", name="Two\nlines"), apply("03 10:00", "B", "x")])
    assert faults(folder)[0].startswith("events.csv, line 4, ")


def test_a_mark_at_the_beginning_and_windows_line_ends_are_read(tmp_path):
    folder = write(tmp_path / "s", LINES)
    for name in ("scenario.toml", "events.csv"):
        content = (folder / name).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        (folder / name).write_bytes(b"\xef\xbb\xbf" + content)
    assert len(rehearsal.read(folder)[1]) == 2


def test_the_faults_of_both_files_come_together(tmp_path, command):
    folder = write(tmp_path / "s", [apply("03 09:00", "A", "ten")], offer={"kind": "closed"})
    code, lines = command(folder, tmp_path / "out")
    assert code == 2
    assert [line.split(",")[0] for line in lines] == ["events.csv", "scenario.toml"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("lines", [[pay("03 09:00", "A", "5.00")], [*LINES[0], pay("04 09:00", "A", "5.00")]])
def test_money_for_nothing_is_a_fault_of_the_file(tmp_path, command, lines):
    folder = write(tmp_path / "s", lines)
    code, said = command(folder, tmp_path / "out")
    assert (code, len(said)) == (2, 1)
    assert said[0].startswith(f"events.csv, line {len(lines) + 1}, column 3: applicant")
    assert not (tmp_path / "out").exists()
    with pytest.raises(Unplayable):
        play(folder)


def test_what_stood_in_the_folder_stays_after_a_fault(tmp_path, command):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "outcome.json").write_text("before")
    assert command(tmp_path / "missing", tmp_path / "out")[0] == 2
    assert [path.read_text() for path in (tmp_path / "out").iterdir()] == ["before"]


def test_from_the_shell_it_exits_with_two_and_one_line_a_fault(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "rehearse", str(tmp_path), "--out", str(tmp_path / "out")],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "events.csv, line 1, column 1", "scenario.toml, line 1, column 1"]  # fmt: skip
