"""The state of a fake Stripe in one file, so that a demo goes on where it was stopped, even by kill -9.

An SQLite database with one table of JSON rows. Each request writes only what it changed, in one
transaction and before it is answered: what a client has been told is never forgotten. The file is locked
while in use; a second fake on the same file is refused.
"""

from __future__ import annotations

import json
import sqlite3
import typing
from pathlib import Path

import stripe

FORMAT = "2"


class UnusableStateFile(Exception):
    """The file is in use, or was written by another version; the message says what to do."""


class StateFile:
    """Rows by (drawer, key): objects, timers, deliveries, replays, facts. Not safe for threads: use World.lock."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=1)
        try:
            self._open()
        except sqlite3.DatabaseError as problem:
            self._database.close()
            raise UnusableStateFile(f"The state file {self.path} cannot be used: {problem}.") from problem
        self._refuse_other_versions()

    def _open(self) -> None:
        # One process, and the system's memory outlives it: waiting for the disk would guard only against a
        # power cut, at some milliseconds a request.
        for line in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=OFF"):
            self._database.execute(f"PRAGMA {line}").fetchone()
        self._database.execute("BEGIN EXCLUSIVE")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS rows "
            "(drawer TEXT, key TEXT, body TEXT, PRIMARY KEY (drawer, key)) WITHOUT ROWID"
        )
        self._database.execute("COMMIT")

    def _refuse_other_versions(self) -> None:
        made_by, ours = dict(self.rows("fact")).get("made_by"), [FORMAT, stripe.api_version]
        if made_by is None:
            self.write({("fact", "made_by"): ours})
        elif made_by != ours:
            self._database.close()
            raise UnusableStateFile(
                f"The state file {self.path} was written for format {made_by[0]} and Stripe's API version "
                f"{made_by[1]}; this is format {FORMAT} and {stripe.api_version}. Delete the file to begin anew."
            )

    def rows(self, drawer: str) -> typing.Iterator[tuple[str, typing.Any]]:
        """The keys and values of a drawer."""
        for key, body in self._database.execute("SELECT key, body FROM rows WHERE drawer = ?", [drawer]):
            yield key, json.loads(body)

    def write(self, changes: dict[tuple[str, str], typing.Any]) -> None:
        """Writes values, and deletes where the value is None; all of it or nothing."""
        kept = [(*key, json.dumps(value, separators=(",", ":"))) for key, value in changes.items() if value is not None]
        gone = [key for key, value in changes.items() if value is None]
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", kept)
        self._database.executemany("DELETE FROM rows WHERE drawer = ? AND key = ?", gone)
        self._database.execute("COMMIT")

    def empty(self) -> None:
        self._database.execute("DELETE FROM rows WHERE key != 'made_by'")

    def close(self) -> None:
        self._database.close()
