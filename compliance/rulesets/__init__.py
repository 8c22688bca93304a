"""The law's figures as dated data: one file for each jurisdiction, every figure with its source.

A figure of confidence D is unconfirmed; asking for it raises, so that it can never be shown as law.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


class NoFigure(LookupError):
    """The rule-set has no confirmed figure of that name on that day."""


@dataclass(frozen=True)
class Figure:
    """One figure of the law: its value, where it stands, and how sure we are (A, B or C)."""

    value: int
    source: str
    confidence: str


@dataclass(frozen=True)
class RuleSet:
    """The figures of one jurisdiction on one day. `version` changes whenever the file does."""

    jurisdiction: str
    name: str
    act: str
    version: str
    on: date
    figures: tuple

    def figure(self, name: str) -> Figure:
        """The figure that holds on this rule-set's day; NoFigure where there is none or it is unconfirmed."""
        for entry in self.figures:
            if entry["name"] == name and entry["valid_from"] <= self.on <= entry.get("valid_to", date.max):
                if entry["confidence"] == "D":
                    raise NoFigure(f"{name} in {self.jurisdiction} is unconfirmed and may not be used as law.")
                return Figure(entry["value"], entry["source"], entry["confidence"])
        raise NoFigure(f"No figure {name} in {self.jurisdiction} on {self.on}.")


@functools.cache
def _file(jurisdiction: str) -> tuple[dict, str]:
    path = FOLDER / f"{jurisdiction.lower()}.toml"
    if not path.exists():
        raise NoFigure(f"No rule-set for {jurisdiction}.")
    raw = path.read_bytes()
    return tomllib.loads(raw.decode()), hashlib.sha256(raw).hexdigest()[:12]


@functools.lru_cache(maxsize=512)
def rule_set(jurisdiction: str, on: date) -> RuleSet:
    """The rule-set of a jurisdiction such as "GB-NIR" as it stands on a day. Raises NoFigure if unknown."""
    data, digest = _file(jurisdiction)
    return RuleSet(
        jurisdiction=jurisdiction,
        name=data["name"],
        act=data["act"],
        version=f"{jurisdiction}@{digest}",
        on=on,
        figures=tuple(data["figure"]),
    )


def jurisdictions() -> list[tuple[str, str]]:
    """Every jurisdiction that has a file: its code and its name, in order of name."""
    codes = sorted(path.stem.upper() for path in FOLDER.glob("*.toml"))
    return sorted(((code, _file(code)[0]["name"]) for code in codes), key=lambda pair: pair[1])
