"""The metrics over HTTP: the same text, and no more than so much for whoever comes."""

import asyncio
import socket
from pathlib import Path

import pytest

from fui.edges.metrics import Metrics, endpoint
from tests.unit.edges.test_metrics import STARTED, exposing, running, started, until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.prom"


def free_port(address: str = "127.0.0.1") -> int:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as listening:
        return int(listening.getsockname()[1])


async def ask(port: int, request: str = "GET /metrics HTTP/1.1", address: str = "127.0.0.1") -> str:
    reader, writer = await asyncio.open_connection(address, port)
    writer.write(f"{request}\r\nHost: x\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer.decode()


async def ends(reader: asyncio.StreamReader) -> bool:
    """Whether the other side closes a connection soon."""
    try:
        return await asyncio.wait_for(reader.read(), 5) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


class TestEndpoint:
    def test_it_says_what_the_file_says(self, path: Path) -> None:
        port = free_port()

        async def script(_: Metrics) -> None:
            await asyncio.sleep(0.01)
            head, _, body = (await ask(port)).partition("\r\n\r\n")
            lines = head.split("\r\n")
            assert lines[0] == "HTTP/1.1 200 OK"
            assert "Content-Type: text/plain; version=0.0.4; charset=utf-8" in lines
            assert f"Content-Length: {len(body)}" in lines
            assert body.encode() == path.read_bytes()

        running(exposing(path, port), script)

    def test_it_says_what_is_so_by_now(self) -> None:
        port = free_port()

        async def script(metrics: Metrics) -> None:
            for number in range(3):
                body = (await ask(port)).partition("\r\n\r\n")[2]
                assert started(body.encode()) == number
                metrics.tell(STARTED)

        running(exposing(None, port), script)

    @pytest.mark.parametrize(
        ("request_line", "status"),
        [
            ("GET / HTTP/1.0", "200 OK"),
            ("GET /metrics?x=1 HTTP/1.1", "200 OK"),
            ("HEAD /metrics HTTP/1.1", "200 OK"),
            ("GET /status HTTP/1.1", "404 Not Found"),
            ("GET", "404 Not Found"),
            ("POST /metrics HTTP/1.1", "405 Method Not Allowed"),
            ("\x00\xff", "405 Method Not Allowed"),
        ],
    )
    def test_requests(self, request_line: str, status: str) -> None:
        port = free_port()

        async def script(_: Metrics) -> None:
            head, _, body = (await ask(port, request_line)).partition("\r\n\r\n")
            assert head.startswith(f"HTTP/1.1 {status}\r\n")
            assert bool(body) == (status == "200 OK" and not request_line.startswith("HEAD"))

        running(exposing(None, port), script)

    def test_version_6(self) -> None:
        port = free_port("::1")

        async def script(_: Metrics) -> None:
            assert "200 OK" in await ask(port, address="::1")

        running(exposing(None, port, "::1"), script)

    def test_a_request_may_come_in_pieces(self) -> None:
        port = free_port()

        async def script(_: Metrics) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for piece in (b"GET /met", b"rics HTTP/1.1\r\n", b"\r\n"):
                writer.write(piece)
                await asyncio.sleep(0.01)
            assert b"200 OK" in await reader.read()
            writer.close()

        running(exposing(None, port), script)

    def test_one_that_never_ends_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(endpoint, "PATIENCE", 0.1)
        port = free_port()

        async def script(_: Metrics) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /metrics")
            assert await ends(reader)
            writer.close()

        running(exposing(None, port), script)

    def test_one_that_is_too_long_is_not_read(self) -> None:
        port = free_port()

        async def script(_: Metrics) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"x" * (endpoint.REQUEST + 1))
            assert await ends(reader)
            writer.close()

        running(exposing(None, port), script)

    def test_who_goes_before_the_answer_does_no_harm(self) -> None:
        port = free_port()

        async def script(_: Metrics) -> None:
            for request in (b"", b"GET", b"GET / HTTP/1.1\r\n\r\n"):
                with socket.create_connection(("127.0.0.1", port)) as client:
                    client.sendall(request)
                    linger = b"\1\0\0\0\0\0\0\0"  # so that it is reset
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                await asyncio.sleep(0.02)
            assert "200 OK" in await ask(port)

        running(exposing(None, port), script)

    def test_an_answer_that_is_not_read_is_not_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(endpoint, "PATIENCE", 0.2)
        port = free_port()

        async def script() -> None:
            one = endpoint.Endpoint("127.0.0.1", port, "text/plain", lambda: b"x" * (64 << 20))
            one.open()
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            await reader.readexactly(10)
            await asyncio.sleep(0.3)
            assert one._open == set()  # noqa: SLF001 - nobody else can tell
            writer.close()
            one.close()

        asyncio.run(script())

    def test_so_many_at_once_and_then_the_others(self) -> None:
        """Idle ones take no more descriptors than these; who waits is answered when one is gone."""
        port = free_port()

        async def script(_: Metrics) -> None:
            def descriptors() -> int:
                return len(list(Path("/proc/self/fd").iterdir()))

            before = descriptors()
            many = 5 * endpoint.CONNECTIONS
            idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(many)]
            await until(lambda: descriptors() - before >= many + endpoint.CONNECTIONS)
            await asyncio.sleep(0.05)
            assert descriptors() - before == many + endpoint.CONNECTIONS
            answer = asyncio.create_task(ask(port))
            await asyncio.sleep(0.05)
            assert not answer.done()
            for _, writer in idle:
                writer.close()
            assert "200 OK" in await answer

        running(exposing(None, port), script)

    def test_without_descriptors_it_waits_and_does_not_spin(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(endpoint, "_PAUSE", 0.1)
        port = free_port()
        tries = []
        accept = socket.socket.accept

        def refused(self: socket.socket) -> object:
            tries.append(self)
            if len(tries) < 3:
                raise OSError(24, "Too many open files")
            return accept(self)

        async def script(_: Metrics) -> None:
            monkeypatch.setattr(socket.socket, "accept", refused)
            began = asyncio.get_running_loop().time()
            assert "200 OK" in await ask(port)
            assert len(tries) == 3
            assert asyncio.get_running_loop().time() - began >= 0.2

        running(exposing(None, port), script)

    def test_a_port_that_is_taken_is_said(self) -> None:
        said: list[str] = []
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]

            async def script(metrics: Metrics) -> None:
                metrics.configure(exposing(None, port))
                metrics.tell(STARTED)

            running(exposing(None, port), script, said.append)
        (text,) = said
        assert text == (
            f"fui: cannot serve the metrics on 127.0.0.1 port {port}: Address already in use;"
            " name others under metrics in fui.yaml, and reload"
        )

    def test_another_port_counts_at_once(self) -> None:
        first, second = free_port(), free_port()

        async def script(metrics: Metrics) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", first)
            await asyncio.sleep(0.01)
            metrics.configure(exposing(None, second))
            assert await ends(reader)
            writer.close()
            assert "200 OK" in await ask(second)
            with pytest.raises(ConnectionRefusedError):
                await ask(first)
            metrics.configure(exposing(None))
            with pytest.raises(ConnectionRefusedError):
                await ask(second)

        running(exposing(None, first), script)
