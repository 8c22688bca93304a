"""The long tests: `python -m tests.deep` runs them in order, at most an hour, and writes reports/trust.json.

Exit 1 where one failed. What was not run is said, with the reason: there was no time, or this machine cannot.
The same file is a pytest plugin (`-p tests.deep`): `--rounds` runs each test several times, and the Hypothesis
profile "deep" asks for many more examples than the gate does.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "reports" / "trust.json"
HOUR = 3600
EXAMPLES, RACES, KILLS, APPLICANTS, REHEARSAL_SECONDS, MEMBERS = 3000, 20, 10, 1600, 60, 10_000
PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"

# What no machine without these things can show; each is somebody's work before a site takes real money.
ELSEWHERE = {
    "Stripe's own test mode": "there is no account and no way out of this machine; the fake Stripe stands in for it",
    "mail through a real server": "nothing is sent from here; messages are built, counted and read as files",
    "the container image and compose file": "they need a container engine and are only read by a test",
    "systemd units": "they need systemd as the first process and are only read by a test",
    "PostgreSQL 15 to 17": "the wheel brings one version; set DATABASE_URL to run the gate on another",
    "browsers other than Chromium, phones, screen readers": "only Chromium without a screen is driven",
    "PDF/UA by veraPDF": "it is no Python package; the tags are looked at by the tests of certificates",
    "a disk that loses what it acknowledged, a power cut": "processes are killed, the machine is not",
}

if shutil.which("pdfsig") is None:
    ELSEWHERE["500 changed bytes of a signed certificate, by pdfsig"] = "poppler-utils is not on this machine"

hypothesis_settings.register_profile("deep", max_examples=EXAMPLES, deadline=None)


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=1, help="run each test so many times")


@pytest.fixture
def deep_round(request):
    return request.param


def pytest_generate_tests(metafunc):
    rounds = metafunc.config.getoption("--rounds")
    if rounds > 1:
        metafunc.fixturenames.append("deep_round")
        metafunc.parametrize("deep_round", range(rounds), indirect=True)


@dataclass
class Found:
    """What became of one long test. `counts`: what it went through, such as tests, rounds or rows."""

    name: str
    result: str
    seconds: float = 0.0
    why: str = ""
    counts: dict = field(default_factory=dict)


class Failure(Exception):
    """What was wrong, in a few lines."""


def _run(command: list[str], seconds: float) -> str:
    """The output of a program that must end well in time."""
    done = subprocess.run(
        command, cwd=ROOT, timeout=seconds, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        raise Failure("\n".join(done.stdout.splitlines()[-25:]))
    return done.stdout


def _pytest(seconds: float, *arguments: str) -> dict:
    said = _run([sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "tests.deep", *arguments], seconds)
    passed = re.search(r"(\d+) passed", said)
    if not passed:
        raise Failure(f"no test was run: {said.splitlines()[-1:]}")
    return {"tests": int(passed[1])}


def properties(seconds: float) -> dict:
    """Every Hypothesis test, with many more examples."""
    files = [str(path) for path in sorted((ROOT / "tests").rglob("test_*.py")) if "@given" in path.read_text()]
    return _pytest(seconds, *files, "--hypothesis-profile=deep") | {"examples_each": EXAMPLES}


def race(seconds: float) -> dict:
    """Fifty buyers for the last ten lots, again and again."""
    file = "tests/concurrency/test_last_shares.py::test_the_last_shares_are_sold_once"
    return _pytest(seconds, file, f"--rounds={RACES}") | {"buyers_each": 50}


def kills(seconds: float) -> dict:
    """The fake Stripe killed in the middle of its work."""
    return _pytest(seconds, "tests/payments/fakestripe/test_statefile.py", "-k", "kill_9", f"--rounds={KILLS}")


def marked(seconds: float) -> dict:
    """Everything marked deep: crowds of many seeds beside the naive reading of the format."""
    return _pytest(seconds, "-m", "deep", "-n", "2")


def rehearsal(seconds: float) -> dict:
    """An offer with 1,600 applicants, played from its files in less than a minute."""
    from tests.scenarios.crowd import Crowd

    with tempfile.TemporaryDirectory() as name:
        folder, out = Crowd(7, size=APPLICANTS).write(Path(name) / "crowd"), Path(name) / "out"
        begin = time.perf_counter()
        command = [sys.executable, "manage.py", "rehearse", str(folder), "--out", str(out), "--without-certificates"]
        _run(command, seconds)
        taken = time.perf_counter() - begin
        outcome = json.loads((out / "outcome.json").read_text())
    if not outcome["books"]["ok"]:
        raise Failure(f"the books are not right: {outcome['books']['faults'][:3]}")
    if taken > REHEARSAL_SECONDS:
        raise Failure(f"it took {taken:.1f} s, and {REHEARSAL_SECONDS} s is the most")
    return {"applications": len(outcome["applications"]), "seconds_of_the_command": round(taken, 1)}


def backup(seconds: float) -> dict:
    """A database of 10,000 members backed up, restored beside it, and its books recounted."""
    return _inside("backup", seconds)


def demonstration(seconds: float) -> dict:
    """The invented societies of the demonstration: every invariant of their books."""
    return _inside("demonstration", seconds)


def _inside(name: str, seconds: float) -> dict:
    """Run a test that needs Django and a database in a process of its own; its last line is its counts."""
    return json.loads(_run([sys.executable, "-m", "tests.deep", "--inside", name], seconds).splitlines()[-1])


def backup_inside() -> dict:
    from django.core.management import call_command

    from bench import seeding
    from config import throwaway

    with throwaway.database("deep"), tempfile.TemporaryDirectory() as name:
        seeding.society(members=MEMBERS)
        file = Path(name) / "books.dump"
        call_command("backup", file)
        call_command("restore", file, "--check")
        return {"members": MEMBERS, "entries": MEMBERS * seeding.ENTRIES_EACH, "bytes": file.stat().st_size}


def demonstration_inside() -> dict:
    from config import throwaway
    from members import books, demo
    from members.models import LedgerEntry, Member

    with throwaway.database("deep"):
        demo.seed()
        if faults := [str(fault) for fault in books.faults()]:
            raise Failure("\n".join(faults[:20]))
        return {"members": Member.objects.count(), "entries": LedgerEntry.objects.count()}


INSIDE = {"backup": backup_inside, "demonstration": demonstration_inside}
STEPS: dict[str, Callable[[float], dict]] = {
    "1,600 applicants rehearsed in a minute": rehearsal,
    "the demonstration's books": demonstration,
    "backup and restore of 10,000 members": backup,
    "50 buyers for the last shares, 20 rounds": race,
    "kill -9 of the fake Stripe, 10 rounds": kills,
    "properties with many examples": properties,
    "crowds of many seeds": marked,
}


def _step(name: str, work: Callable[[float], dict], left: float) -> Found:
    if left < 30:
        return Found(name, NOT_RUN, why="the hour was over")
    limit = left if work is marked else min(left, HOUR / 4)  # the last one takes what is left of the hour
    begin = time.perf_counter()
    try:
        counts, result, why = work(limit), PASSED, ""
    except subprocess.TimeoutExpired:
        result = FAILED if limit < left else NOT_RUN  # a quarter of an hour is enough for any but the last
        counts, why = {}, f"not ended within {limit:.0f} s"
    except Failure as failure:
        counts, result, why = {}, FAILED, str(failure)
    return Found(name, result, round(time.perf_counter() - begin, 1), why, counts)


def _keep(found: list[Found]) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.deep", description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=[work.__name__ for work in STEPS.values()], action="append")
    parser.add_argument("--inside", choices=[*INSIDE], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        _set_up()
        print(json.dumps(INSIDE[asked.inside]()))
        return 0
    end, found = time.monotonic() + HOUR, []
    for name, work in STEPS.items():
        if asked.only and work.__name__ not in asked.only:
            found.append(Found(name, NOT_RUN, why="not asked for"))
            continue
        print(f"{name} …", file=sys.stderr, flush=True)
        found.append(_step(name, work, end - time.monotonic()))
        _say(found[-1])
        _keep(found)
    elsewhere = [Found(name, NOT_RUN, why=why) for name, why in ELSEWHERE.items()]
    _keep([*found, *elsewhere])
    for one in elsewhere:
        _say(one)
    return 1 if any(one.result == FAILED for one in found) else 0


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    from config import database

    database.ensure_server()
    django.setup()


def _say(one: Found) -> None:
    counts = ", ".join(f"{key.replace('_', ' ')} {value:,}" for key, value in one.counts.items())
    print(
        f"{one.result:8} {one.seconds:8.1f} s  {one.name}{': ' if counts or one.why else ''}{counts or one.why}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
