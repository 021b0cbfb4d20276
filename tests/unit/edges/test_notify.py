"""What systemd hears, on a real socket."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fui.edges import notify

Heard = Callable[[], str]


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(1)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield lambda: systemd.recv(4096).decode()


@pytest.mark.parametrize(
    ("say", "text"),
    [
        (lambda: notify.ready("3 actions"), "READY=1\nSTATUS=3 actions"),
        (lambda: notify.reloading(3.25), "RELOADING=1\nMONOTONIC_USEC=3250000"),
        (lambda: notify.reloading(0.0000019), "RELOADING=1\nMONOTONIC_USEC=1"),
        (lambda: notify.reloading(10**7 + 0.5), "RELOADING=1\nMONOTONIC_USEC=10000000500000"),
        (lambda: notify.status("1 job is running"), "STATUS=1 job is running"),
        (notify.stopping, "STOPPING=1\nSTATUS=waiting for the running jobs"),
        (lambda: notify.stopping("bye"), "STOPPING=1\nSTATUS=bye"),
        (notify.watchdog, "WATCHDOG=1"),
        (
            lambda: notify.status("o'neil\nMAINPID=1\x1b[31m\udcff ü"),
            "STATUS=o'neil?MAINPID=1?[31m? ü",
        ),
        (lambda: notify.status(""), "STATUS="),
    ],
)
def test_what_is_heard(heard: Heard, say: Callable[[], bool], text: str) -> None:
    assert say()
    assert heard() == text


def test_without_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify.ready("x")
    assert not notify.reloading(1.0)


@pytest.mark.parametrize("address", ["/nonexistent/notify", "nonsense", "@fui-test-nobody-listens"])
def test_nobody_listens(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert not notify.status("x")


@pytest.mark.parametrize(
    ("usec", "pid", "interval"),
    [
        ("30000000", None, 15.0),
        ("30000000", "mine", 15.0),
        ("30000000", "1", None),
        ("30000000", "", 15.0),
        ("1000", None, 0.0005),
        ("0", None, None),
        ("", None, None),
        ("-5", None, None),
        ("soon", None, None),
        ("٣", None, None),
        (None, None, None),
    ],
)
def test_watchdog_interval(
    monkeypatch: pytest.MonkeyPatch, usec: str | None, pid: str | None, interval: float | None
) -> None:
    for name, value in (("WATCHDOG_USEC", usec), ("WATCHDOG_PID", pid)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, str(os.getpid()) if value == "mine" else value)
    assert notify.watchdog_interval() == interval
