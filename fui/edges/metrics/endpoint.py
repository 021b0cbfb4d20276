"""The metrics over HTTP, for Prometheus itself.

Rules: on the daemon's loop, and bounded, for whoever reaches the port may be anybody: so many
connections at once (others wait in the kernel's queue), so much of a request, so much time from its
beginning to the end of the answer, one answer each. Of a request only the first line counts.
prometheus_client's own server has a thread for each connection, and limits neither their number nor
their time: idle ones would use up the daemon's descriptors. Nothing here raises once it is open.
Knows nothing of what it hands out.
"""

import asyncio
import socket
from collections.abc import Callable
from http import HTTPStatus

CONNECTIONS = 8
PATIENCE = 5.0
"""Seconds for a connection."""

REQUEST = 8192
"""Bytes of a request."""

_PAUSE = 1.0
"""Seconds until it listens again after a connection could not be taken."""

_PATHS = ("/metrics", "/")


class Endpoint:
    """A port on which is answered, from `open` to `close`."""

    def __init__(
        self, address: str, port: int, content_type: str, text: Callable[[], bytes]
    ) -> None:
        """Listen nowhere yet.

        Args:
            address: An IP address of this machine.
            port: A port.
            content_type: Of what is handed out.
            text: Gives it.
        """
        self._at = address, port
        self._content_type = content_type
        self._text = text
        self._socket: socket.socket | None = None
        self._open: set[_Connection] = set()

    def open(self) -> None:
        """Listen, on the running loop.

        Raises:
            OSError: The address or the port cannot be used.
        """
        self._loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in self._at[0] else socket.AF_INET
        self._socket = socket.create_server(self._at, family=family)
        self._socket.settimeout(0)
        self._listen()

    def close(self) -> None:
        """Listen no more, and end what is open; a second time does nothing."""
        if self._socket is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None
        for connection in [*self._open]:
            connection.end()

    def _listen(self) -> None:
        if self._socket is not None and len(self._open) < CONNECTIONS:
            self._loop.add_reader(self._socket.fileno(), self._accept, self._socket)

    def _accept(self, listening: socket.socket) -> None:
        try:
            accepted, _ = listening.accept()
        except BlockingIOError:  # it is gone again
            return
        except OSError:  # there are no descriptors left
            self._loop.remove_reader(listening.fileno())
            self._loop.call_later(_PAUSE, self._listen)
            return
        self._open.add(_Connection(self._loop, accepted, self._answer, self._ended))
        if len(self._open) >= CONNECTIONS:
            self._loop.remove_reader(listening.fileno())

    def _ended(self, connection: "_Connection") -> None:
        self._open.discard(connection)
        self._listen()

    def _answer(self, line: bytes) -> bytes:
        """Return the answer to the first line of a request."""
        method, _, rest = line.decode("latin-1").partition(" ")
        path = rest.partition(" ")[0].partition("?")[0]
        status, body = HTTPStatus.OK, b""
        if method not in {"GET", "HEAD"}:
            status = HTTPStatus.METHOD_NOT_ALLOWED
        elif path not in _PATHS:
            status = HTTPStatus.NOT_FOUND
        else:
            body = self._text()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            f"Content-Type: {self._content_type}\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode("ascii") + (b"" if method == "HEAD" else body)


class _Connection:
    """One request and its answer; it ends when that is done, or its time is over."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        accepted: socket.socket,
        answer: Callable[[bytes], bytes],
        ended: "Callable[[_Connection], None]",
    ) -> None:
        self._loop = loop
        self._socket = accepted
        self._answer = answer
        self._ended = ended
        self._request = b""
        self._rest = memoryview(b"")
        accepted.settimeout(0)
        self._timer = loop.call_later(PATIENCE, self.end)
        loop.add_reader(accepted.fileno(), self._read)

    def end(self) -> None:
        """Close it."""
        self._timer.cancel()
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        self._socket.close()
        self._ended(self)

    def _read(self) -> None:
        try:
            came = self._socket.recv(REQUEST)
        except BlockingIOError:
            return
        except OSError:
            came = b""
        self._request += came
        if not came or len(self._request) > REQUEST:
            self.end()
        elif b"\r\n\r\n" in self._request:
            self._loop.remove_reader(self._socket.fileno())
            self._rest = memoryview(self._answer(self._request.partition(b"\r\n")[0]))
            self._loop.add_writer(self._socket.fileno(), self._write)

    def _write(self) -> None:
        try:
            self._rest = self._rest[self._socket.send(self._rest) :]
        except BlockingIOError:
            return
        except OSError:
            self._rest = memoryview(b"")
        if not self._rest:
            self.end()
