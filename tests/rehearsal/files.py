"""Scenario folders for tests: one plain offer in March 2026, with what a test changes of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.scenarios.crowd import COLUMNS

SCENARIO = {
    "scenario": {"title": "The shop"},
    "society": {
        "name": "Marlpit Community Shop Limited",
        "register_number": "RS1",
        "legal_form": "community-benefit",
        "jurisdiction": "GB-ENG",
        "registered_office": "1 High Street, Marlpit",
        "year_end": "03-31",
        "asset_lock": "statutory",
        "founders": 3,
    },
    "rules": {
        "min_age": 16,
        "max_holding": "100000.00",
        "admits": ["person", "joint", "child", "organisation", "registered-society", "syndicate"],
        "syndicate_max": 10,
    },
    "share_class": {"name": "Ordinary shares", "nominal": "1.00"},
    "offer": {
        "kind": "time-bound",
        "opens_on": "2026-03-02",
        "closes_on": "2026-03-27",
        "minimum": "1000.00",
        "optimum": "2000.00",
        "maximum": "2000.00",
        "min_application": "100.00",
        "max_application": "2000.00",
        "multiple_of": "1.00",
        "oversubscription": "first-come",
        "transfer_days": 5,
        "cooling_off_days": 3,
    },
}
DAYS = {"opens_on", "closes_on"}
APPLY = {"kind": "person", "country": "GB", "accept_less": "n", "method": "card"}


def toml(**changes) -> str:
    """scenario.toml. A table's keys change by table=dict(…); None takes a key out; `more` is put at the end."""
    parts = []
    for table, keys in SCENARIO.items():
        keys = {key: value for key, value in (keys | changes.get(table, {})).items() if value is not None}
        lines = [f"{key} = {value if key in DAYS else json.dumps(value)}" for key, value in keys.items()]
        parts.append("\n".join([f"[{table}]", *lines]))
    return "\n\n".join([*parts, changes.get("more", "")]) + "\n"


def apply(at: str, who: str, amount: str, **cells) -> dict:
    """An `apply` line; `at` such as "03 09:00" is a day and a time in March."""
    return APPLY | event(at, "apply", who, amount=amount, **cells)


def pay(at: str, who: str, amount: str = "") -> dict:
    return event(at, "pay", who, amount=amount)


def paid(at: str, who: str, amount: str, **cells) -> list[dict]:
    """Applied for, and paid in the same minute."""
    return [apply(f"{at}:00", who, amount, **cells), pay(f"{at}:30", who)]


def event(at: str, what: str, who: str = "", **cells) -> dict:
    return {"at": f"2026-03-{at.replace(' ', 'T')}", "event": what, "applicant": who} | cells


def write(folder: Path, lines: list, **changes) -> Path:
    """Both files; lines may be events or lists of them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.toml").write_text(toml(**changes), encoding="utf-8")
    flat = [row for line in lines for row in (line if isinstance(line, list) else [line])]
    with open(folder / "events.csv", "w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        writer.writerows(flat)
    return folder
