"""A backup is two files: PostgreSQL's own custom format, and a manifest that says what must be in it.

The manifest holds the size and hash of the dump, the rows of every table counted in the very snapshot that was
dumped, and a seal: the hash of all it says. The seal finds what was damaged or changed by hand; somebody who can
write files can make a new one, so keep the seal that `backup` prints somewhere else as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from common import clock
from config import embedded_postgres

FORMAT = "toad-lane/backup/v1"
# of a connection, what every version of the programs understands
WHERE = {"host", "hostaddr", "port", "dbname", "user", "passfile", "connect_timeout", "sslmode", "sslrootcert",
         "sslcert", "sslkey", "sslcrl", "gssencmode", "channel_binding", "target_session_attrs"}  # fmt: skip
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"


class Unusable(Exception):
    """The backup cannot be trusted or used, or the database is not one to restore into; the message says why."""


def manifest_path(path: Path) -> Path:
    """Where the manifest of a dump lies: beside it."""
    return path.with_name(path.name + ".manifest.json")


def write(path: Path, *, facts: Callable[[psycopg.Cursor], dict]) -> dict:
    """Write a backup as the site's role and return its manifest. Never overwrites: FileExistsError.

    `facts`: asked in the snapshot that is dumped; what it returns stands in the manifest. The manifest comes last,
    so a backup that was cut off has none.
    """
    for taken in (path, manifest_path(path)):
        if taken.exists():
            raise FileExistsError(f"{taken} is there already; a backup is never overwritten.")
    draft = path.with_name(path.name + ".part")
    draft.touch(mode=0o600)
    try:
        with psycopg.connect(**connections["default"].get_connection_params()) as snapshot:
            snapshot.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            (name,) = snapshot.execute("SELECT pg_export_snapshot()").fetchone()
            _run(snapshot, "pg_dump", f"--snapshot={name}", "--format=custom", "--no-owner", "--no-privileges",
                 "--lock-wait-timeout=60s", f"--file={draft}")  # fmt: skip
            with snapshot.cursor() as cursor:
                manifest = _manifest(draft, cursor) | {"facts": facts(cursor)}
        manifest["seal"] = seal(manifest)
        _keep(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    draft = manifest_path(path).with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    _keep(draft, manifest_path(path))
    return manifest


def _manifest(dump: Path, cursor: psycopg.Cursor) -> dict:
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    migrations = [name for (name,) in cursor.fetchall()]
    return {
        "format": FORMAT,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "postgresql": cursor.connection.info.server_version,
        "dump_bytes": dump.stat().st_size,
        "dump_sha256": _hash(dump),
        "migrations": migrations,
        "rows": _rows(cursor),
    }


def _rows(cursor) -> dict[str, int]:
    """Rows of every table, by table."""
    cursor.execute(TABLES)
    counted = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table)))
        counted[table] = cursor.fetchone()[0]
    return counted


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(manifest: dict) -> str:
    """SHA-256, in hexadecimal, over everything else that a manifest says, as JSON with sorted keys."""
    said = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _keep(draft: Path, path: Path) -> None:
    """On the disk, then under its name, and never in the place of another."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    os.link(draft, path)
    draft.unlink()


def read(path: Path, *, expected_seal: str = "") -> dict:
    """The manifest of a backup whose two files are whole and agree; Unusable where they are not.

    `expected_seal`: the seal that was kept elsewhere, if it was.
    """
    if not path.is_file() or not manifest_path(path).is_file():
        missing = path if not path.is_file() else manifest_path(path)
        raise Unusable(f"{missing} is missing. A backup is two files, FILE and FILE.manifest.json.")
    try:
        manifest = json.loads(manifest_path(path).read_text())
        if manifest["format"] != FORMAT:
            raise Unusable(f"{path} has the format {manifest['format']!r}, and this version reads {FORMAT}.")
        intact = manifest["seal"] == seal(manifest)
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{manifest_path(path)} is damaged and cannot be read.") from error
    if not intact:
        raise Unusable(f"{manifest_path(path)} was changed after it was written: its seal does not fit.")
    if expected_seal and expected_seal != manifest["seal"]:
        raise Unusable("This is not the backup that the seal belongs to.")
    size = path.stat().st_size
    if size != manifest["dump_bytes"]:
        raise Unusable(f"{path} has {size:,} bytes and should have {manifest['dump_bytes']:,}: it was cut off.")
    if _hash(path) != manifest["dump_sha256"]:
        raise Unusable(f"{path} was changed after it was written: its hash does not fit.")
    unknown = set(manifest["migrations"]) - known_migrations()
    if unknown:
        raise Unusable(f"The backup is of a newer version than this one: {', '.join(sorted(unknown)[:3])}.")
    return manifest


def known_migrations() -> set[str]:
    """Names of the migrations that this version of the project has, those taken together by others included."""
    loader = MigrationLoader(None)
    replaced = {pair for migration in loader.disk_migrations.values() for pair in migration.replaces}
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced}}


def load(path: Path) -> None:
    """Restore a dump as the owner, in one transaction, into a database that holds nothing; else Unusable."""
    with psycopg.connect(**connections["owner"].get_connection_params()) as connection:
        tables = [name for (name,) in connection.execute(TABLES)]
        if tables:
            raise Unusable(
                f"The database {connection.info.dbname} is not empty: it has {len(tables)} tables, such as"
                f" {tables[0]}. A restore never overwrites; make an empty database and name it (docs/running.md)."
            )
        connection.rollback()
        _run(connection, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
             f"--dbname={_address(connection)}", str(path))  # fmt: skip


def differences(manifest: dict, *, facts: Callable[[psycopg.Cursor], dict]) -> list[str]:
    """What the restored database holds otherwise than the manifest says; empty where they agree."""
    with psycopg.connect(**connections["owner"].get_connection_params()) as connection, connection.cursor() as cursor:
        rows, said = _rows(cursor), facts(cursor)
    found = [
        f"{table} has {rows.get(table)} rows and should have {manifest['rows'].get(table)}"
        for table in sorted({*rows, *manifest["rows"]})
        if rows.get(table) != manifest["rows"].get(table)
    ]
    return found + [f"{key} are not what they were" for key in sorted(said) if said[key] != manifest["facts"].get(key)]


def _address(connection: psycopg.Connection) -> str:
    """Where the connection leads, for a program's command line: without the password, which others could read."""
    said = connection.info.get_parameters()
    return psycopg.conninfo.make_conninfo(**{"host": connection.info.host} | {k: said[k] for k in WHERE & said.keys()})


def _run(connection: psycopg.Connection, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs against the connection's database; Unusable with its first complaint."""
    if program == "pg_dump":
        arguments = (f"--dbname={_address(connection)}", *arguments)
    done = subprocess.run(
        [_program(program, connection.info.server_version // 10000), "--no-password", *arguments],
        env=os.environ | ({"PGPASSWORD": connection.info.password} if connection.info.password else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        if "transaction_timeout" in said:  # the wheel's programs set it, and servers before 17 do not know it
            said = f"install the programs of PostgreSQL {connection.info.server_version // 10000}, the server's version"
        raise Unusable(f"{program} failed: {said}")


def _program(name: str, server: int) -> str:
    """The program on the PATH if it is of the server's own version, else the one of the wheel."""
    found = shutil.which(name)
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        if (major := re.search(r"\b(\d+)\.", version)) and int(major[1]) == server:
            return found
    return str(embedded_postgres.programs() / name)
