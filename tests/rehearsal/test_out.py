"""Where a rehearsal writes: asked before the long run, and never mixed with the papers of an earlier one."""

import pytest
from django.core.management.base import CommandError

from tests.rehearsal.files import paid, write


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "s", [paid("03 09:00", "A", "1000.00")])


def test_a_folder_that_cannot_be_made_is_told_in_one_line_before_anything_runs(command, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("members.rehearsal.play", lambda *args, **kwargs: pytest.fail("it ran"))
    taken = tmp_path / "out"
    taken.write_text("a file")
    for out in (taken, taken / "deeper", tmp_path / ("x" * 300)):
        with pytest.raises(CommandError, match="cannot be written: .* Name another folder"):
            command(folder, out)
    assert taken.read_text() == "a file"


def test_papers_of_an_earlier_rehearsal_do_not_stay_among_the_new_ones(command, folder, tmp_path):
    out = tmp_path / "out"
    (out / "certificates").mkdir(parents=True)
    for name in ("minute.pdf", "certificates/00001.pdf", "certificates/mine.pdf", "notes.txt"):
        (out / name).write_text("old")
    (out / "outcome.json").write_text("{}")
    assert command(folder, out) == (0, [])
    assert not (out / "minute.pdf").exists()
    assert [path.name for path in (out / "certificates").iterdir()] == ["mine.pdf"]
    assert (out / "notes.txt").read_text() == "old"
    assert (out / "outcome.json").read_text() != "{}"
