"""The processes of a demonstration: started, watched, and all ended; what a killed run left behind is ended too.

Each child leads a session of its own, so that Ctrl-C reaches only the command, which ends the children in order, and
so that ending a child ends what it has started as well. Who runs is written to a file beside their logs.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 15.0  # seconds for a child to end by itself
TAIL = 12  # lines of a log that are shown when its child ends unasked


class AlreadyRuns(Exception):
    """Another demonstration runs from the same folder; the message says which."""


class Ended(Exception):
    """A child ended unasked; the message names it and shows the end of its log."""


@dataclass
class Child:
    """A process that we have started."""

    name: str
    process: subprocess.Popen
    log: Path


def born(number: int) -> str:
    """What tells a process from another one that gets its number later; "" where there is none, or only its corpse."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except OSError:
        pass
    if Path("/proc/self/stat").exists():
        return ""
    asked = ["ps", "-o", "stat=,lstart=", "-p", str(number)]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return "" if said.startswith("Z") else said.partition(" ")[2].strip()


class Children:
    """The processes of one demonstration, whose state and logs lie in `folder`."""

    def __init__(self, folder: Path):
        self.folder, self.running = folder, []
        folder.mkdir(parents=True, exist_ok=True)
        self.list, self.lock = folder / "processes.json", open(folder / "lock", "a+")  # noqa: SIM115 -- held while we live

    def take_over(self, address: str) -> None:
        """Be the one demonstration of this folder, and end what an earlier one left. AlreadyRuns if one runs."""
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.lock.seek(0)
            raise AlreadyRuns(self.lock.read().strip()) from None
        self.lock.truncate(0)
        self.lock.write(f"{address} (process {os.getpid()})")
        self.lock.flush()
        for number, birth in self._left_behind():
            if birth and born(number) == birth:
                end_all([number], wait=lambda number=number, birth=birth: born(number) != birth)
        self.list.unlink(missing_ok=True)

    def _left_behind(self) -> list[tuple[int, str]]:
        try:
            return [(int(number), str(birth)) for number, birth in json.loads(self.list.read_text())]
        except (OSError, ValueError, TypeError):
            return []

    def start(self, name: str, *command: str, cwd: Path, env: dict[str, str] | None = None) -> Child:
        """Start one; what it says goes to its log."""
        log = self.folder / f"{name.replace(' ', '-').lower()}.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.running.append(Child(name, process, log))
        known = [[child.process.pid, born(child.process.pid)] for child in self.running]
        draft = self.list.with_suffix(".new")
        draft.write_text(json.dumps(known))
        draft.replace(self.list)
        return self.running[-1]

    def refuse_if_ended(self) -> None:
        """Ended if one of them runs no more."""
        for child in self.running:
            if child.process.poll() is not None:
                tail = child.log.read_text(errors="replace").splitlines()[-TAIL:]
                lines = "\n".join(f"    {line}" for line in tail)
                raise Ended(f"The {child.name} ended by itself (code {child.process.returncode}). It said:\n{lines}")

    def end(self) -> None:
        """End all of them, the last one first, and wait until they are gone. Then somebody else may take over."""
        if self.running:
            for child in reversed(self.running):
                end_all([child.process.pid], wait=lambda child=child: child.process.poll() is not None)
            self.running.clear()
            self.list.unlink(missing_ok=True)  # only where it is ours: another demonstration may have been refused
        self.lock.close()


def end_all(leaders: list[int], *, wait) -> None:
    """Ask sessions of ours to end, and make them where they have not within PATIENCE. `wait()`: whether all is over."""
    for word in (signal.SIGTERM, signal.SIGKILL):
        for leader in leaders:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(leader, word)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if wait():
                break
            time.sleep(0.05)
        else:
            continue
        break
    for leader in leaders:  # the leader is gone: whatever it had started goes too
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
