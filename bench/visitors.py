"""A load generator that takes little of the machine: one process, kept connections, one request at a time on each."""

from __future__ import annotations

import selectors
import socket
import time

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length: "


class _Visitor:
    """One kept connection."""

    def __init__(self, port: int, request: bytes):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request, self.wanted, self.got = request, 0, b""

    def ask(self) -> None:
        self.wanted, self.got = 0, b""
        self.socket.sendall(self.request)

    def has_answer(self) -> bool:
        """Read what there is; whether the whole answer is here. RuntimeError for anything but 200."""
        self.got += self.socket.recv(1 << 18)
        if not self.wanted:
            head, found, _body = self.got.partition(END_OF_HEAD)
            if not found:
                return False
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"The server answered {head.splitlines()[:1]}.")
            length = head.lower().partition(LENGTH)[2].partition(b"\r\n")[0]
            self.wanted = len(head) + len(END_OF_HEAD) + int(length)
        return len(self.got) >= self.wanted


def requests_a_second(port: int, path: str, *, visitors: int = 32, seconds: float = 4.0) -> float:
    """How many answers a second all visitors together get."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en-gb\r\n\r\n".encode()
    everyone = [_Visitor(port, request) for _ in range(visitors)]
    answered = 0
    with selectors.DefaultSelector() as selector:
        for visitor in everyone:
            selector.register(visitor.socket, selectors.EVENT_READ, visitor)
            visitor.ask()
        begin = time.perf_counter()
        end = begin + seconds
        while (now := time.perf_counter()) < end:
            for key, _events in selector.select(end - now):
                if key.data.has_answer():
                    answered += 1
                    key.data.ask()
        taken = time.perf_counter() - begin
    for visitor in everyone:
        visitor.socket.close()
    return answered / taken
