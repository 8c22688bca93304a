"""The law's figures as dated data: one file for each jurisdiction, every figure with its source.

A figure of confidence D is unconfirmed; asking for it raises, so that it can never be shown as law. A file that is
changed is another version. The text before it moves to `before/` and both stand in VERSIONS, so that what was decided
years ago can be asked again with the figures of its day.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BEFORE = FOLDER / "before"
VERSIONS = FOLDER / "VERSIONS"
UNCONFIRMED = "D"


class NoFigure(LookupError):
    """The rule-set has no confirmed figure of that name on that day."""


@dataclass(frozen=True)
class Figure:
    """One figure of the law: its value, where it stands, and how sure we are (A, B or C)."""

    value: int | str | bool | list
    source: str
    confidence: str
    name: str = ""
    rule: str = ""
    valid_from_on: date | None = None


@dataclass(frozen=True)
class RuleSet:
    """The figures of one jurisdiction on one day. `version` changes whenever the file does."""

    jurisdiction: str
    name: str
    act: str
    version: str
    on: date
    figures: tuple
    currency: str = "GBP"
    registrar: str = ""
    is_offered: bool = True
    why_not: str = ""  # why no society of this jurisdiction is taken yet

    def figure(self, name: str) -> Figure:
        """The figure that holds on this rule-set's day; NoFigure where there is none or it is unconfirmed."""
        for entry in self.figures:
            if entry["name"] == name and self._holds(entry):
                if entry["confidence"] == UNCONFIRMED:
                    raise NoFigure(f"{name} in {self.jurisdiction} is unconfirmed and may not be used as law.")
                return _figure(entry)
        raise NoFigure(f"No figure {name} in {self.jurisdiction} on {self.on}.")

    def confirmed(self) -> Iterator[Figure]:
        """Every figure that holds on this day and may be shown; what is unconfirmed is left out."""
        return (_figure(entry) for entry in self.figures if self._holds(entry) and entry["confidence"] != UNCONFIRMED)

    def _holds(self, entry: dict) -> bool:
        return entry["valid_from"] <= self.on <= entry.get("valid_to", date.max)


def _figure(entry: dict) -> Figure:
    return Figure(
        entry["value"], entry["source"], entry["confidence"], entry["name"], entry["rule"], entry["valid_from"]
    )


@functools.cache
def _file(path: Path) -> tuple[dict, str]:
    """A file's data, and its version such as GB-ENG@0123456789ab."""
    raw = path.read_bytes()
    data = tomllib.loads(raw.decode())
    return data, f"{data['jurisdiction']}@{hashlib.sha256(raw).hexdigest()[:12]}"


def _current(jurisdiction: str) -> Path:
    path = FOLDER / f"{jurisdiction.lower()}.toml"
    if not path.exists():
        raise NoFigure(f"No rule-set for {jurisdiction}.")
    return path


def _rule_set(path: Path, on: date) -> RuleSet:
    data, version = _file(path)
    return RuleSet(
        jurisdiction=data["jurisdiction"],
        name=data["name"],
        act=data["act"],
        version=version,
        on=on,
        figures=tuple(data["figure"]),
        currency=data["currency"],
        registrar=data["registrar"],
        is_offered=data.get("offered", True),
        why_not=data.get("why_not", ""),
    )


@functools.lru_cache(maxsize=512)
def rule_set(jurisdiction: str, on: date) -> RuleSet:
    """The rule-set of a jurisdiction such as "GB-NIR" as it stands on a day. Raises NoFigure if unknown."""
    return _rule_set(_current(jurisdiction), on)


@functools.lru_cache(maxsize=512)
def of_version(version: str, on: date) -> RuleSet:
    """A rule-set as it was in a version, the present one or one before it. NoFigure where its text was not kept."""
    jurisdiction = version.partition("@")[0]
    for path in (_current(jurisdiction), BEFORE / f"{version.lower()}.toml"):
        if path.exists() and _file(path)[1] == version:
            return _rule_set(path, on)
    raise NoFigure(f"The text of rule-set {version} was not kept.")


def codes() -> list[str]:
    """Every jurisdiction that has a file, offered or not."""
    return sorted(path.stem.upper() for path in FOLDER.glob("*.toml"))


def jurisdictions() -> list[tuple[str, str]]:
    """The jurisdictions whose societies are taken here: code and name, in order of name."""
    files = [(code, _file(_current(code))[0]) for code in codes()]
    return sorted(((code, data["name"]) for code, data in files if data.get("offered", True)), key=lambda pair: pair[1])
