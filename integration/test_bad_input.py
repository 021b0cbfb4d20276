"""What is set up wrongly is said clearly, with what to do, and without a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from integration.menu import SHARE, Menu

FUI = "/opt/fui/bin/fui"


def check(menu: Menu, text: str) -> str:
    """Give what `fui check` says of a drop-in, once it has been seen to refuse it."""
    menu.machine.write("/tmp/bad/fui.yaml", f"share: {SHARE}\n")
    menu.machine.write("/tmp/bad/conf.d/bad.yaml", text)
    done = menu.machine.run([FUI, "--config", "/tmp/bad", "check"], check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def drop_in(**changes: str) -> str:
    lines = {
        "directory": "{group: controls}",
        "allow": "{groups: [wwwadmins]}",
        "actions": "[{name: Start, command: /bin/true}]",
    }
    return "object: Bad\naction-group:\n" + "".join(
        f"    {key}: {value}\n" for key, value in {**lines, **changes}.items()
    )


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("object: [", ":1:", "cannot"),
        (drop_in(alow="{groups: [wwwadmins]}"), ":6:5:", "did you mean allow"),
        (
            drop_in(actions="[{name: Start, command: /usr/sbin/nothing}]"),
            ":5:",
            "/usr/sbin/nothing",
        ),
        (drop_in(allow="{groups: [nobodys]}"), ":4:", "nobodys"),
        (drop_in(allow="{users: [nobodys]}"), ":4:", "nobodys"),
        (drop_in(directory='{group: controls, mode: "0777"}'), ":3:", "write"),
        (drop_in(directory="{group: controls, path: /nowhere}"), ":3:", "/nowhere"),
        (drop_in(directory="{group: controls, path: /tmp/bad/link}"), ":3:", "symbolic link"),
        (drop_in(actions="[{name: Start, command: systemctl}]"), ":5:", "absolute"),
    ],
)
def test_fui_check_says_where_and_what(menu: Menu, text: str, place: str, words: str) -> None:
    menu.machine.run(["mkdir", "-p", "/tmp/bad"])
    menu.machine.run(["ln", "-sfn", SHARE, "/tmp/bad/link"])
    said = check(menu, text)
    assert f"/tmp/bad/conf.d/bad.yaml{place}" in said
    assert "cannot" in said
    assert words in said


def test_usage_is_another_status(menu: Menu) -> None:
    assert menu.machine.run([FUI, "chekc"], check=False).returncode == 2
    assert menu.machine.run([FUI], check=False).returncode == 2
    assert menu.machine.run([FUI, "check"]).returncode == 0


@contextmanager
def samba_line(menu: Menu, line: str) -> Iterator[None]:
    before = menu.machine.read("/etc/samba/smb.conf.d/fui.conf").decode()
    menu.machine.write("/etc/samba/smb.conf.d/fui.conf", f"{before}\n    {line}\n")
    try:
        yield
    finally:
        menu.machine.write("/etc/samba/smb.conf.d/fui.conf", before)


@pytest.mark.parametrize("line", ["force user = alice", "admin users = @controls"])
def test_a_share_that_cannot_be_attributed_is_refused(menu: Menu, line: str) -> None:
    with samba_line(menu, line):
        done = menu.machine.run([FUI, "run"], user="fui", check=False)
    assert done.returncode == 1
    assert line in done.stderr
    assert "take that line out" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_journal_that_cannot_be_read(menu: Menu) -> None:
    with menu.stopped():
        argv = ["setpriv", "--reuid=fui", "--regid=fui", "--groups", str(group(menu, "controls"))]
        env = {"STATE_DIRECTORY": "/tmp/fui-state", "RUNTIME_DIRECTORY": "/tmp/fui-state"}
        menu.machine.run(["install", "-d", "-o", "fui", "/tmp/fui-state"])
        done = menu.machine.run([*argv, FUI, "run"], check=False, env=env)
    assert done.returncode == 1
    assert "systemd-journal" in done.stderr
    assert "Traceback" not in done.stderr


def group(menu: Menu, name: str) -> int:
    lines = menu.machine.read("/etc/group").decode().splitlines()
    return next(int(line.split(":")[2]) for line in lines if line.startswith(f"{name}:"))
