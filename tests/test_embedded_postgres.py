"""Our own PostgreSQL: two commands share one server, what a crash leaves is overcome, nobody stops another's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from config import database, embedded_postgres, lock_files, throwaway

ROOT = Path(__file__).resolve().parent.parent
# Holds the server of a folder of its own until its input ends; says the server's process number.
HOLD = """
import sys
from pathlib import Path
from config import embedded_postgres as server
server.LOCAL_DIR = Path(sys.argv[1])
server.start()
print((server.data_folder() / "postmaster.pid").read_text().split()[0], server.data_folder(), flush=True)
sys.stdin.read()
"""
REMOVE = """
import sys
from pathlib import Path
from config import embedded_postgres as server
server.LOCAL_DIR = Path(sys.argv[1])
server.start()
server.release()
server.remove_when_stopped(float(sys.argv[2]))
"""
pytestmark = pytest.mark.xdist_group("embedded server")


class Command:
    """A command that uses the server of a folder, until it is told to end."""

    def __init__(self, folder: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.server, self.data = 0, Path()

    def wait(self) -> Command:
        number, data = self.process.stdout.readline().split()
        self.server, self.data = int(number), Path(data)
        return self

    def end(self) -> None:
        self.process.communicate("", timeout=60)


def runs(number: int) -> bool:
    """Whether the process is there and no mere corpse."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def remove(folder: Path, seconds: float = 10) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", REMOVE, str(folder), str(seconds)], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for a server of our own, made once; its data are taken away at the end."""
    made = tmp_path_factory.mktemp("local")
    yield made
    assert remove(made).returncode == 0


@pytest.fixture
def hold(folder):
    """Commands that are ended whatever happens."""
    begun: list[Command] = []

    def begin(where: Path = folder) -> Command:
        begun.append(Command(where))
        return begun[-1]

    yield begin
    for command in begun:
        if command.process.poll() is None:
            command.end()


def test_two_starts_at_once_share_one_server_and_the_last_to_end_stops_it(hold):
    first, second = hold(), hold()
    assert first.wait().server == second.wait().server
    first.end()
    assert runs(second.server)
    second.end()
    assert not runs(second.server)


def test_what_a_killed_server_left_behind_is_overcome(hold):
    """Its process file still names it; the data are there as before."""
    first = hold().wait()
    os.kill(first.server, signal.SIGKILL)
    while runs(first.server):
        time.sleep(0.05)
    assert (first.data / "postmaster.pid").exists()
    second = hold().wait()
    assert second.server != first.server
    assert runs(second.server)
    first.end()
    assert runs(second.server)


def test_a_lock_file_names_nobody_once_its_process_is_a_corpse(tmp_path):
    file = tmp_path / "postmaster.pid"
    with subprocess.Popen(["true", str(tmp_path)]) as corpse:  # not waited for yet, so it lies there
        while runs(corpse.pid):
            time.sleep(0.01)
        file.write_text(f"{corpse.pid}\n{tmp_path}\n")
        lock_files.forget_the_dead(file, data=tmp_path)
    assert file.read_text() == f"{lock_files.NO_PROCESS}\n{tmp_path}\n"


def test_a_lock_file_of_a_living_server_stands(tmp_path):
    file = tmp_path / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", "input()", str(tmp_path)], stdin=subprocess.PIPE) as server:
        time.sleep(0.1)
        file.write_text(f"{server.pid}\nthe rest")
        lock_files.forget_the_dead(file, data=tmp_path)
        assert file.read_text() == f"{server.pid}\nthe rest"
        lock_files.forget_the_dead(file, data=tmp_path / "other")
        assert file.read_text() == f"{lock_files.NO_PROCESS}\nthe rest"
        server.kill()


def test_a_process_file_that_names_another_program_by_now_is_overcome(hold):
    """As after a restart of the machine, when its numbers are given out anew."""
    first = hold().wait()
    os.kill(first.server, signal.SIGKILL)
    while runs(first.server):
        time.sleep(0.05)
    file = first.data / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n" + file.read_text().partition("\n")[2])
    assert runs(hold().wait().server)


def test_a_killed_command_holds_nothing_any_more(hold):
    first, second = hold().wait(), hold().wait()
    first.process.kill()
    first.process.communicate()
    assert runs(second.server)
    second.end()
    assert not runs(second.server)


def test_data_are_not_removed_while_somebody_uses_them(hold, folder):
    user = hold().wait()
    refused = remove(folder, 0.2)
    assert refused.returncode == 1
    assert "another command uses it" in refused.stderr
    assert runs(user.server)
    assert (user.data / "PG_VERSION").exists()


def test_a_servers_end_is_nobody_elses(hold, tmp_path):
    """Another folder's server is stopped and its data are removed: ours, and the one of these tests, go on."""
    ours, theirs = hold().wait(), hold(tmp_path).wait()
    assert ours.server != theirs.server
    assert ours.data != theirs.data
    theirs.end()
    assert remove(tmp_path).returncode == 0
    assert not runs(theirs.server)
    assert not theirs.data.exists()
    assert runs(ours.server)
    assert not database.uses_embedded_server() or embedded_postgres._answers()


@pytest.fixture
def unblocked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def names() -> set[str]:
    with connections["owner"]._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def make(name: str) -> None:
    with connections["owner"]._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')


def test_a_throw_away_database_is_gone_at_its_end_and_both_roles_are_back(unblocked):
    before = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    with pytest.raises(ZeroDivisionError), throwaway.database("probe") as name:
        assert name in names()
        assert {connections[alias].settings_dict["NAME"] for alias in before} == {name}
        raise ZeroDivisionError
    assert name not in names()
    assert {alias: connections[alias].settings_dict["NAME"] for alias in before} == before


def test_what_a_killed_run_left_behind_is_dropped_by_the_next(unblocked):
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    left, used = f"{throwaway.PREFIX}_left_{ended.pid}", f"{throwaway.PREFIX}_used_{os.getpid()}"
    make(left)
    make(used)
    try:
        with throwaway.database("probe"):
            assert left not in names()
            assert used in names()
    finally:
        with connections["owner"]._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{used}"')


def test_a_connection_that_is_still_ending_is_waited_for(unblocked):
    """The site's role is on its way out; the owner, who may not end it, drops the database a moment later."""
    with throwaway.database("probe") as name:
        site = psycopg.connect(**connections["default"].get_connection_params() | {"dbname": name})
        threading.Timer(0.3, site.close).start()
    assert name not in names()


@pytest.mark.parametrize(("durable", "waits"), [(False, "off"), (True, "on")])
def test_a_measured_database_waits_for_the_disk_and_others_do_not(unblocked, durable, waits):
    with throwaway.database("probe", durable=durable), connections["default"].cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == (waits,)
