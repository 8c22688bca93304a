"""HTTP on the loopback: the API, the hosted pages, the control door. One thread for each connection."""

from __future__ import annotations

import contextlib
import http.server
import json
import socket
import threading
import traceback
import urllib.parse
from collections.abc import Callable

from payments.fakestripe.errors import ConnectionDropped
from payments.fakestripe.traffic import Call, Reply

HOST = "127.0.0.1"
_LARGEST_BODY = 1_000_000  # bytes
_IDLE = 60  # seconds that a connection may be silent


class Server(http.server.ThreadingHTTPServer):
    """Answers by a function of the call; knows its open connections, so that it can end them all."""

    daemon_threads = True

    def __init__(self, port: int, answer: Callable[[Call], Reply]) -> None:
        super().__init__((HOST, port), Handler)
        self.answer = answer
        self.ended = threading.Event()
        self._connections: set[socket.socket] = set()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}"

    def process_request(self, request, client_address) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is no news."""

    def stop(self) -> None:
        self.ended.set()
        self.shutdown()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "FakeStripe", ""
    disable_nagle_algorithm = True  # or each answer waits 40 ms for the client's acknowledgement
    wbufsize = -1
    timeout = _IDLE

    def log_message(self, *args) -> None:
        """Quiet: what was asked stands in `FakeStripe.requests`."""

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_BODY:
            self.close_connection = True
            return self._send(Reply(413, "Too large.", "text/plain"))
        parts = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(length).decode(errors="replace")
        call = Call(self.command, parts.path, parts.query, self.headers, body)
        try:
            reply = self.server.answer(call)
        except ConnectionDropped as drop:
            return self._drop(drop)
        except Exception:
            traceback.print_exc()  # a defect of the fake: seen on its terminal, and by its client as Stripe's 500
            error = {"type": "api_error", "message": "The fake Stripe broke; see its terminal."}
            reply = Reply(500, json.dumps({"error": error}))
        return self._send(reply)

    def _drop(self, drop: ConnectionDropped) -> None:
        """Says nothing for a while, or half of an answer, and hangs up."""
        self.close_connection = True
        if drop.silence:
            self.server.ended.wait(drop.silence)
        if drop.text:
            self._send(Reply(200, drop.text), part=0.5)

    do_POST = do_DELETE = do_HEAD = do_GET

    def _send(self, reply: Reply, *, part: float = 1) -> None:
        """`part`: how much of the text is really sent."""
        raw = reply.text.encode()
        self.send_response(reply.status)
        kind = reply.kind if "charset" in reply.kind else f"{reply.kind}; charset=utf-8"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw[: int(len(raw) * part)])
