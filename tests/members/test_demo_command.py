"""`manage.py demo` as a newcomer runs it, in a folder of its own with a server of its own, and all that it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from config.environment import VARIABLES
from members.demo.children import AlreadyRuns, Children, Ended, born

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ["common", "compliance", "config", "members", "offers", "payments", "static", "templates", "manage.py"]
OURS = {variable.name for variable in VARIABLES} | {"DJANGO_SETTINGS_MODULE"}
SLEEP = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def runs(number: int) -> bool:
    return born(number) != ""


# == Children ==


@pytest.fixture
def folder(tmp_path):
    """Makes the processes of a demonstration in one folder; their locks go at the end."""
    made = []

    def make() -> Children:
        made.append(Children(tmp_path))
        return made[-1]

    yield make
    for children in made:
        children.end()


def test_children_are_ended_with_all_that_they_started(folder, tmp_path):
    children = Children(tmp_path)
    shell = ["sh", "-c", f"{sys.executable} -c 'import time; time.sleep(60)' & echo $!; wait"]
    child = children.start("parent", *shell, cwd=tmp_path)
    wait_for(lambda: child.log.read_text().strip().isdigit())
    grandchild = int(child.log.read_text())
    assert runs(grandchild)
    children.end()
    wait_for(lambda: not runs(grandchild), 10)
    assert child.process.poll() is not None
    assert not (tmp_path / "processes.json").exists()


def test_a_child_that_will_not_end_is_made_to(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("members.demo.children.PATIENCE", 0.3)
    children = folder()
    child = children.start("deaf", *DEAF, cwd=tmp_path)
    wait_for(lambda: "deaf" in child.log.read_text())
    children.end()
    assert child.process.returncode == -signal.SIGKILL


def test_a_child_that_ends_by_itself_is_told_with_its_last_words(folder, tmp_path):
    children = folder()
    children.start("worker", sys.executable, "-c", "import sys; sys.exit('no such table')", cwd=tmp_path)
    children.running[0].process.wait()
    with pytest.raises(Ended, match=r"worker ended by itself \(code 1\)(.|\n)*no such table"):
        children.refuse_if_ended()
    children.end()


def test_what_a_killed_demonstration_left_behind_is_ended_and_nobody_else(folder, tmp_path):
    first = folder()
    left = first.start("left", *SLEEP, cwd=tmp_path)
    other = subprocess.Popen(SLEEP, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        known = json.loads((tmp_path / "processes.json").read_text())
        known.append([other.pid, "a birth long ago"])  # the number was given to somebody else since
        (tmp_path / "processes.json").write_text(json.dumps(known))
        folder().take_over("http://localhost:1")
        assert left.process.wait(5) == -signal.SIGTERM
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_two_demonstrations_of_one_folder_do_not_run_at_once(folder):
    first, second = folder(), folder()
    first.take_over("http://localhost:8123")
    with pytest.raises(AlreadyRuns, match=f"http://localhost:8123 .process {os.getpid()}."):
        second.take_over("http://localhost:8124")
    first.end()
    second.take_over("http://localhost:8124")


# == The command ==


class Demonstration:
    """The command in its folder, with what it says kept."""

    def __init__(self, folder: Path, port: int, *options: str, **env: str):
        self.said = folder / f"said-{time.monotonic_ns()}.txt"
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        with open(self.said, "wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", *options],
                cwd=folder, env=clean | {"PORT": str(port)} | env, stdout=output, stderr=output,
            )  # fmt: skip
        self.folder, self.port = folder, port

    def wait_until_served(self) -> Demonstration:
        wait_for(lambda: "Ctrl-C stops" in self.said.read_text() or self.process.poll() is not None, 180)
        assert self.process.poll() is None, self.said.read_text()
        return self

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()

    def children(self) -> list[int]:
        return [number for number, _birth in json.loads((self.folder / ".local/demo/processes.json").read_text())]

    def end(self, word: int) -> str:
        self.process.send_signal(word)
        assert self.process.wait(60) == 0, self.said.read_text()
        return self.said.read_text()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what a newcomer clones; its server and its data are taken away at the end."""
    folder = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
        copy(ROOT / part, folder / part)
    yield folder
    stop = [sys.executable, "-m", "config.embedded_postgres", "stop"]
    assert subprocess.run(stop, cwd=folder, check=False).returncode == 0


@pytest.mark.xdist_group("embedded server")
def test_the_demonstration_serves_ends_and_goes_on(checkout):
    port = free_port()
    first = Demonstration(checkout, port, "--members", "60").wait_until_served()
    try:
        assert "Buy the village shop" in first.get("/")[1]
        assert first.get("/demo/mail/")[0] == 200
        assert f"http://localhost:{port}/office/" in first.said.read_text()
        second = Demonstration(checkout, free_port())
        assert second.process.wait(60) == 1
        assert second.said.read_text().startswith(f"The demonstration runs already: http://localhost:{port}")
        children = first.children()
        assert len(children) == 3
        assert all(runs(child) for child in children)
    finally:
        said = first.end(signal.SIGINT)
    assert said.endswith("`make clean` forgets it.\n")
    assert "Traceback" not in said
    assert not any(runs(child) for child in children)

    again = Demonstration(checkout, port, "--members", "60").wait_until_served()
    try:
        assert "Inventing" not in again.said.read_text()
        assert "Buy the village shop" in again.get("/")[1]
        children = again.children()
    finally:
        again.end(signal.SIGTERM)
    assert not any(runs(child) for child in children)


@pytest.mark.xdist_group("embedded server")
def test_a_port_that_is_taken_or_none_gives_one_plain_line(checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        taken = Demonstration(checkout, port)
        assert taken.process.wait(60) == 1
        assert taken.said.read_text().startswith(f"Port {port} is taken by another program.")
        assert len(taken.said.read_text().splitlines()) == 1
    odd = Demonstration(checkout, "eight thousand")
    assert odd.process.wait(60) == 1
    assert odd.said.read_text().startswith("PORT is 'eight thousand'. It must be a number")
