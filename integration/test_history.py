"""`fui history` tells what the journal tells, and believes nobody but the daemon."""

import json
import select
from collections.abc import Iterator
from typing import Any

import pytest

from fui.edges.ledger.fields import MESSAGE_IDS
from fui.model.facts import FactKind
from integration.menu import Menu
from integration.smb import Client

FUI = "/opt/fui/bin/fui"
SUDOERS = "/etc/sudoers.d/forge"
FORGED = (
    "MESSAGE=alice pressed it, be sure\n"
    f"MESSAGE_ID={MESSAGE_IDS[FactKind.ENDED]}\n"
    "FUI_OBJECT=Forged\nFUI_ACTION={by}\nFUI_USER=alice\nFUI_UID=1001\nFUI_JOB=f-1\n"
    "FUI_RESULT=done\nFUI_EXIT=0\n_SYSTEMD_UNIT=fui.service\n_UID=0\n"
)
FORGE = """#!/usr/bin/python3
import pathlib, socket, sys, time
text = pathlib.Path("/usr/local/share/forged-" + sys.argv[1]).read_bytes()
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journald:
    journald.connect("/run/systemd/journal/socket")
    journald.send(text)
    time.sleep(0.5)  # so that journald can see whose it is, though it is busy
"""
MENU = """
object: Forge
action-group:
    directory: {group: controls}
    allow: {groups: [wwwadmins]}
    actions:
      - {name: As root, command: /usr/local/bin/forge root-job}
      - {name: As fui, command: /usr/local/bin/forge fui-job, user: fui, group: fui}
"""


def history(menu: Menu, *arguments: str, user: str = "root") -> list[dict[str, Any]]:
    """What it says of the time since the mark."""
    since = f"--since=@{menu._since:.6f}"  # noqa: SLF001
    done = menu.machine.run([FUI, "history", "--json", since, *arguments], user=user)
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcomes(menu: Menu, *arguments: str) -> list[tuple[str, str, str]]:
    return [
        (one["user"], f"{one['object']}/{one['action']}", one["outcome"])
        for one in history(menu, *arguments)
    ]


@pytest.fixture
def carol(menu: Menu) -> str:
    """An ordinary user who may read the journal."""
    if "carol:" not in menu.machine.read("/etc/passwd").decode():
        menu.machine.add_user("carol", ["systemd-journal"])
    return "carol"


def test_a_run_as_the_journal_tells_it(menu: Menu, alice: Client, carol: str) -> None:
    alice.delete("Probe/Speak [Ready].txt")
    ended = menu.wait_for_fact("ended")
    pressed = menu.story("pressed")[0]
    (row,) = history(menu, user=carol)
    assert row["time"] == int(pressed.entry["__REALTIME_TIMESTAMP"]) / 1e6
    assert row["uid"] == menu.machine.ids("alice")[0]
    assert row["seconds"] == float(ended["FUI_DURATION"])
    del row["time"], row["uid"], row["seconds"]
    assert row == {
        "user": "alice",
        "client": "127.0.0.1",
        "object": "Probe",
        "action": "Speak",
        "outcome": "failed",
        "refusal": "",
        "reason": "",
        "job": ended["FUI_JOB"],
        "run_as": "nobody:nogroup",
        "command": ["/usr/local/bin/speak"],
        "status": 3,
    }
    table = menu.machine.run([FUI, "history", "-n", "1"], user=carol).stdout.splitlines()
    assert table[1].split()[2:7] == ["alice", "127.0.0.1", "Probe/Speak", "failed", "(3)"]


def test_who_may_not_read_the_journal_is_told_so_in_one_sentence(menu: Menu) -> None:
    done = menu.machine.run([FUI, "history"], user="bob", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("fui: cannot read the journal: only root and the members of")
    assert len(done.stderr.splitlines()) == 1


def test_what_came_of_each_press(menu: Menu, alice: Client, bob: Client) -> None:
    bob.delete("Probe/Quick [Ready].txt")
    menu.wait_for_fact("denied")
    menu.machine.run(["rm", "/srv/controls/Probe/Fail [Ready].txt"])
    menu.wait_for_fact("unattributed")
    alice.delete("Probe/Careful [Ready].txt")
    menu.wait_for_names("Probe", "Careful [Delete again to confirm]")
    alice.delete("Probe/Careful [Delete again to confirm].txt")
    menu.wait_for_names("Probe", "Careful [Running]")
    bob.delete("Probe/Careful [Running].txt")
    job = menu.wait_for_fact("ended")["FUI_JOB"]
    assert outcomes(menu) == [
        ("bob", "Probe/Quick", "denied"),
        ("", "Probe/Fail", "unattributed"),
        ("alice", "Probe/Careful", "to-confirm"),
        ("alice", "Probe/Careful", "cancelled"),
        ("bob", "Probe/Careful", "cancels"),
    ]
    cancelled, cancels = history(menu)[3:]
    assert (cancelled["reason"], cancelled["job"]) == ("bob cancelled it", job)
    assert cancels["job"] == job
    assert [row[2] for row in outcomes(menu, "--denied")] == ["denied", "unattributed"]
    assert [row[2] for row in outcomes(menu, "--user", "bob")] == ["denied", "cancels"]
    assert [row[2] for row in outcomes(menu, "--action", "probe/careful", "-n", "2")] == [
        "cancelled",
        "cancels",
    ]
    assert outcomes(menu, "--failed") == []


def test_a_queue_and_a_stop(menu: Menu, alice: Client) -> None:
    alice.delete("Queue/Hold [Ready].txt")
    menu.wait_for_names("Queue", "Hold [Running]")
    alice.delete("Queue/One [Ready].txt")
    menu.wait_for_fact("queued")
    with menu.stopped():
        pass
    assert outcomes(menu) == [
        ("alice", "Queue/Hold", "interrupted"),
        ("alice", "Queue/One", "not-run"),
    ]
    assert outcomes(menu, "--failed") == [("alice", "Queue/Hold", "interrupted")]


def test_following_tells_what_comes(menu: Menu, alice: Client, carol: str) -> None:
    follow = menu.machine.spawn(
        [FUI, "history", "--follow", "--json", "--object", "probe", "-n", "1"], user=carol
    )
    lines = _lines(follow.stdout)
    try:
        next(lines)  # of before, so it is at it
        alice.delete("Twin/Quick [Ready].txt")
        alice.delete("Probe/Fail [Ready].txt")
        first, second = json.loads(next(lines)), json.loads(next(lines))
        assert (first["action"], first["outcome"]) == ("Fail", "running")
        assert (second["outcome"], second["status"]) == ("failed", 1)
        assert (first["time"], first["job"]) == (second["time"], second["job"])
    finally:
        follow.kill()
        follow.wait()
        if follow.stdout is not None:
            follow.stdout.close()


def _lines(stream: Any) -> Iterator[str]:  # noqa: ANN401 - a pipe
    """Yield the lines of a pipe as they come."""
    rest = b""
    while select.select([stream], [], [], 15)[0]:
        piece = stream.buffer.raw.read(65536)
        if not piece:
            return
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in whole)
    pytest.fail("nothing came in 15 s")


# -- who is not believed ---------------------------------------------------------------------------


def forged(menu: Menu) -> list[dict[str, Any]]:
    """The forged entries since the mark, as the journal has them."""
    since = f"--since=@{menu._since:.6f}"  # noqa: SLF001
    return menu.machine.journal("FUI_OBJECT=Forged", since)


def test_what_somebody_on_this_machine_wrote_is_not_in_it(menu: Menu) -> None:
    people = ("bob", "fui", "root")
    for by in people:
        text = FORGED.format(by=by)
        menu.machine.run(["logger", "--journald"], user=by, input=text)
    menu.machine.run(
        ["systemd-cat", "--identifier=fui", "echo", "ended Forged/bob: done"], user="bob"
    )
    menu.wait_for(lambda: len(forged(menu)) == len(people), "what was forged to be in the journal")
    assert history(menu) == []
    assert "Forged" not in menu.machine.run([FUI, "history"]).stdout


def test_what_a_job_wrote_is_not_in_it_though_it_is_in_the_service(
    menu: Menu, alice: Client
) -> None:
    machine = menu.machine
    machine.write("/usr/local/bin/forge", FORGE, mode=0o755)
    for job in ("root-job", "fui-job"):
        machine.write(f"/usr/local/share/forged-{job}", FORGED.format(by=job))
    try:
        with menu.configured("conf.d/forge.yaml", MENU):
            rules = machine.run([FUI, "sudoers"]).stdout
            machine.write(SUDOERS, rules, mode=0o440)
            menu.wait_for_names("Forge", "As root [Ready]", "As fui [Ready]")
            menu.mark()
            alice.delete("Forge/As root [Ready].txt")
            menu.wait_for_names("Forge", "As root [Done]")
            menu.wait_for_names("Forge", "As fui [Ready]")
            alice.delete("Forge/As fui [Ready].txt")
            menu.wait_for_names("Forge", "As fui [Done]")
            menu.wait_for(lambda: len(forged(menu)) == 2, "what was forged to be in the journal")
            rows = outcomes(menu)
            by_fui = next(e for e in forged(menu) if e["FUI_ACTION"] == "fui-job")
    finally:
        machine.path(SUDOERS).unlink(missing_ok=True)
    assert rows == [("alice", "Forge/As root", "done"), ("alice", "Forge/As fui", "done")]
    # The last one bears the unit and the user of the daemon; only its control group tells.
    assert int(by_fui["_UID"]) == machine.ids("fui")[0]
    assert by_fui["_SYSTEMD_UNIT"] == "fui.service"
