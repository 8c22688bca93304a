"""Rehearsing a folder as the command does, in a throw-away database of its own."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.scenarios import naive


@dataclass
class Rehearsed:
    """What the command left behind."""

    folder: Path

    @property
    def outcome(self) -> dict:
        return json.loads((self.folder / "outcome.json").read_text(encoding="utf-8"))

    @property
    def offer(self) -> dict:
        return self.outcome["offer"]

    def csv(self, name: str) -> list[dict]:
        return list(csv.DictReader(io.StringIO((self.folder / name).read_text(encoding="utf-8"), newline="")))

    def of(self, *names: str) -> dict[str, list]:
        """Some figures of each applicant's newest line; `rules` are the ids of its problems."""
        found = {}
        for row in self.outcome["applications"]:
            row["rules"] = [problem["rule"] for problem in row["problems"]]
            found[row["applicant"]] = tuple(row[name] for name in names)
        return found


def differences(found: dict, expected: dict) -> list[tuple]:
    """Where the outcome is not what the naive reading says."""
    wrong = [
        (key, found["offer"][key], value) for key, value in expected["offer"].items() if found["offer"][key] != value
    ]
    for row, right in zip(found["applications"], expected["applications"], strict=True):
        row = row | {"rules": [problem["rule"] for problem in row["problems"]]}
        wrong += [(row["line"], key, row[key], value) for key, value in right.items() if row[key] != value]
    return wrong


@pytest.fixture
def command(django_db_setup, django_db_blocker):
    """The command itself; it makes and drops its own database."""

    def run(folder: Path, out: Path, *, papers: bool = False):
        with django_db_blocker.unblock():
            errors = io.StringIO()
            try:
                options = {"without_certificates": not papers, "stdout": io.StringIO(), "stderr": errors}
                call_command("rehearse", folder, out=out, **options)
            except SystemExit as end:
                return end.code, errors.getvalue().splitlines()
            return 0, errors.getvalue().splitlines()

    return run


@pytest.fixture
def rehearse(command, tmp_path):
    """Rehearse a folder; the books must be right and the naive reading of the format must agree."""

    def run(folder: Path) -> Rehearsed:
        out = tmp_path / "out"
        assert command(folder, out) == (0, [])
        found = Rehearsed(out)
        assert found.outcome["books"] == {"ok": True, "faults": []}
        assert differences(found.outcome, naive.play(folder)) == []
        return found

    return run
