"""Measure ours beside the limit: `python -m bench [names…]` prints a table and writes reports/bench.json.

Each measurement runs in a process of its own, in a throw-away database that waits for the disk at every commit.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

import bench

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "reports" / "bench.json"
TOOLS = {"__main__", "figure", "psql", "seeding", "server", "settings", "timing", "urls", "visitors"}
NAMES = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in TOOLS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="what to measure; everything if none is named")
    parser.add_argument("--enforce", action="store_true", help="exit 1 where a bar is not met")
    parser.add_argument("--inside", metavar="FILE", help=argparse.SUPPRESS)  # the process of one measurement
    asked = parser.parse_args()
    if asked.inside:
        _measure(asked.names[0], Path(asked.inside))
        return 0
    found = {}
    for name in asked.names or NAMES:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        for line, figure in _apart(name).items():
            found[line] = figure
            print(_row(line, figure), flush=True)
    _keep(found)
    missed = [line for line, figure in found.items() if not figure["met"]]
    print(f"{len(found) - len(missed)} of {len(found)} bars met; {REPORT.relative_to(ROOT)} written")
    return 1 if asked.enforce and missed else 0


def _measure(name: str, target: Path) -> None:
    """Run one measurement here and write its figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config import database

    database.ensure_server()
    import django

    django.setup()
    from config import throwaway

    with database.for_throwaways(), throwaway.database("bench", durable=True):
        figures = importlib.import_module(f"bench.{name}").measure()
    target.write_text(json.dumps({figure.name: figure.as_json() for figure in figures}))


def _apart(name: str) -> dict:
    """The figures of one measurement, taken in a process of its own: its memory and caches are nobody else's."""
    with tempfile.NamedTemporaryFile(suffix=".json") as kept:
        subprocess.run([sys.executable, "-m", "bench", name, "--inside", kept.name], cwd=ROOT, check=True)
        return json.loads(Path(kept.name).read_text())


def _row(line: str, figure: dict) -> str:
    ours, limit = (f"{figure[key]:,.3f}".rstrip("0").rstrip(".") for key in ("ours", "limit"))
    verdict = "met" if figure["met"] else "not met"
    ratio = f"ratio {figure['ratio']:8.3f}  bar {figure['bar']:g} {verdict}"
    return f"{line:24} {ours:>10} | {limit:>10} {figure['unit']:14} {ratio}"


def _keep(found: dict) -> None:
    """Write the report; figures of measurements that were not asked for this time stay."""
    REPORT.parent.mkdir(exist_ok=True)
    known = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    REPORT.write_text(json.dumps(known | found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
