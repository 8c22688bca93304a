"""Where a value stands in a TOML file: the parser does not say, and a fault must."""

from __future__ import annotations

import re

Path = tuple  # ("offer", "tier", 0, "code")


def places(text: str) -> dict[Path, tuple[int, int]]:
    """Line and column (from 1) of each key's value and of each table's heading, by path."""
    found: dict[Path, tuple[int, int]] = {(): (1, 1)}
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*\[\[([\w.\- ]+)\]\]", line):
            name = _parts(heading[1])
            counts[name] = counts.get(name, -1) + 1
            table = (*name, counts[name])
            found[table] = found.setdefault(name, (number, 1)) and (number, 1)
        elif heading := re.match(r"\s*\[([\w.\- ]+)\]", line):
            table = _parts(heading[1])
            found[table] = (number, 1)
        elif pair := re.match(r"\s*([\w\-]+)\s*=\s*", line):
            found[(*table, pair[1])] = (number, pair.end() + 1)
    return found


def _parts(dotted: str) -> Path:
    return tuple(part.strip() for part in dotted.split("."))
