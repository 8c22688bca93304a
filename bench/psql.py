"""PostgreSQL by itself: its own client and its own load generator, without a line of Python in between."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from django.db import connection

from config import embedded_postgres


def _environment() -> dict:
    said = connection.settings_dict
    named = {"PGHOST": said["HOST"], "PGPORT": said["PORT"], "PGUSER": said["USER"], "PGPASSWORD": said["PASSWORD"]}
    return os.environ | {key: str(value) for key, value in named.items() if value} | {"PGDATABASE": said["NAME"]}


def run(program: str, *arguments: str, output=subprocess.PIPE) -> str:
    """Run psql or pgbench in the measured database as the site's role; CalledProcessError where it fails."""
    command = [str(embedded_postgres.programs() / program), *arguments]
    done = subprocess.run(command, env=_environment(), stdout=output, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout or ""


def copy_out(statement: str, target: Path) -> None:
    """psql's COPY of a statement's rows to a CSV file."""
    with target.open("wb") as file:
        run("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", f"COPY ({statement}) TO STDOUT (FORMAT csv)", output=file)
