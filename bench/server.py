"""The site on granian as docs/running.md starts it, in front of the measured database."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

GRANIAN = [
    str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "2",
    "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "config.wsgi:application",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running():
    """Start the server and yield its port once it answers; stop it at the end. TimeoutError after 30 seconds."""
    port = free_port()
    said = {"BENCH_DATABASE": connection.settings_dict["NAME"], "DJANGO_SETTINGS_MODULE": "bench.settings"}
    process = subprocess.Popen([*GRANIAN, "--port", str(port)], env=os.environ | said)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as probe:
            probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            if probe.recv(64).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.1)
    raise TimeoutError("The server did not answer within 30 seconds.")
