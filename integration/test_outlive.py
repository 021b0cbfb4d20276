"""A job goes on when FUI is restarted or killed, with all that it writes; a stop for good ends it."""

from collections.abc import Callable, Iterator

import pytest

from integration.machine import Machine
from integration.menu import Menu
from integration.smb import Client, Library

SLEEP = ["pgrep", "-f", "^/usr/bin/sleep 120"]


@pytest.fixture
def alice(machine: Machine) -> Iterator[Client]:
    """Give alice's client, of one kind: it is of no matter here how a flag is deleted."""
    client = Library(machine.smb_port, "alice")
    yield client
    client.close()


def main_pid(menu: Menu) -> str:
    return menu.machine.unit_property("fui", "MainPID")


def kill(menu: Menu) -> None:
    menu.machine.kill_unit("fui", "KILL")


def restart(menu: Menu) -> None:
    menu.machine.run(["systemctl", "restart", "fui"])


def another_daemon(menu: Menu, replace: Callable[[Menu], None]) -> None:
    """Have another FUI, and wait until it has found the job."""
    before, found = main_pid(menu), len(menu.story("adopted"))
    replace(menu)
    menu.wait_for(lambda: len(menu.story("adopted")) > found, "the job to be adopted")
    assert main_pid(menu) != before


def press(menu: Menu, alice: Client, flag: str, folder: str = "Long") -> str:
    """Start a job, and give its id."""
    alice.delete(f"{folder}/{flag} [Ready].txt")
    menu.wait_for_names(folder, f"{flag} [Running]")
    return menu.wait_for_fact("started")["FUI_JOB"]


@pytest.mark.parametrize("replace", [restart, kill])
def test_it_goes_on_and_nothing_of_it_is_lost(
    menu: Menu, alice: Client, replace: Callable[[Menu], None]
) -> None:
    job = press(menu, alice, "Until", "Outlive")
    for _ in range(2):
        another_daemon(menu, replace)
        assert menu.names("Outlive") == ["Other [Blocked]", "Until [Running]"]
    menu.machine.path("/run/enough").touch()
    ended = menu.wait_for_fact("ended")
    assert (ended["FUI_JOB"], ended["FUI_RESULT"], ended["FUI_EXIT"]) == (job, "failed", "7")
    assert (ended["FUI_USER"], ended["FUI_CLIENT"]) == ("alice", "127.0.0.1")
    *lines, last = menu.wait_for_fact("output")["MESSAGE"].splitlines()[1:]
    assert lines == [f"line {number}" for number in range(1, len(lines) + 1)]
    assert last == f"all {len(lines)}"
    menu.wait_for_names("Outlive", "Until [Failed]", "Other [Ready]")
    assert last in menu.text("Outlive", "Until [Failed]")
    facts = [fact.kind for fact in menu.story() if fact["FUI_JOB"] == job]
    assert facts == ["started", "adopted", "adopted", "ended", "output"]


def test_what_ended_while_fui_was_down_is_told_with_its_end(menu: Menu, alice: Client) -> None:
    job = press(menu, alice, "Left", "Queue")
    pid = main_pid(menu)
    menu.machine.kill_unit("fui", "STOP")
    menu.machine.run(["sleep", "0.6"])
    menu.machine.run(["kill", "-KILL", pid])
    ended = menu.wait_for_fact("ended")
    assert (ended["FUI_JOB"], ended["FUI_RESULT"]) == (job, "done")
    menu.wait_for_names("Queue", "Left [Done]", "Right [Ready]")
    assert [fact.kind for fact in menu.story()] == ["pressed", "started", "ended"]


def test_its_group_stays_taken_and_it_can_be_cancelled(menu: Menu, alice: Client) -> None:
    job = press(menu, alice, "Run")
    another_daemon(menu, kill)
    assert {"Run [Running]", "Held [Blocked]"} <= set(menu.names("Long"))
    alice.delete("Long/Held [Blocked].txt")
    assert menu.wait_for_fact("denied")["FUI_REFUSAL"] == "busy"
    alice.delete("Long/Run [Running].txt")
    ended = menu.wait_for_fact("ended")
    assert (ended["FUI_JOB"], ended["FUI_RESULT"]) == (job, "cancelled")
    assert menu.machine.run(SLEEP, check=False).stdout == ""
    menu.wait_for_names("Long", "Run [Cancelled]", "Held [Ready]")


def test_its_time_limit_still_counts_and_gets_its_children_too(menu: Menu, alice: Client) -> None:
    press(menu, alice, "Stubborn", "Probe")
    another_daemon(menu, kill)
    ended = menu.wait_for_fact("ended", timeout=30)
    assert ended["FUI_RESULT"] == "timed-out"
    child = menu.machine.path("/run/stubborn").read_text().strip()
    assert not menu.machine.path(f"/proc/{child}").exists()


def test_a_stop_for_good_ends_it_also_when_it_was_adopted(menu: Menu, alice: Client) -> None:
    job = press(menu, alice, "Run")
    another_daemon(menu, restart)
    with menu.stopped():
        assert menu.machine.run(SLEEP, check=False).stdout == ""
        assert "Run [Ready]" in menu.names("Long")
        assert not menu.machine.path("/run/fui").exists()
    (ended,) = menu.story("ended")
    assert (ended["FUI_JOB"], ended["FUI_RESULT"]) == (job, "interrupted")


def test_an_action_that_is_gone_meanwhile_keeps_its_flag_until_it_ends(
    menu: Menu, alice: Client
) -> None:
    file = menu.machine.path("/etc/fui/conf.d/outlive.yaml")
    text = file.read_text()
    press(menu, alice, "Until", "Outlive")
    file.unlink()
    try:
        another_daemon(menu, kill)
        menu.wait_for(lambda: menu.names("Outlive") == ["Until [Running]"], "only its flag")
        menu.machine.path("/run/enough").touch()
        assert menu.wait_for_fact("ended")["FUI_RESULT"] == "failed"
        menu.wait_for(lambda: not menu.folder("Outlive").exists(), "the folder to go")
    finally:
        menu.configure("conf.d/outlive.yaml", text)


def test_a_supervisor_that_is_killed_takes_its_job_with_it(menu: Menu, alice: Client) -> None:
    job = press(menu, alice, "Run")
    group = menu.machine.path(f"/run/fui/jobs/{job}/group").read_text()
    procs = f"/sys/fs/cgroup/system.slice/fui.service/supervisor-{group}/cgroup.procs"
    (supervisor,) = menu.machine.run(["cat", procs]).stdout.split()
    menu.machine.run(["kill", "-KILL", supervisor])
    ended = menu.wait_for_fact("ended")
    assert (ended["FUI_JOB"], ended["FUI_RESULT"]) == (job, "interrupted")
    assert "its supervisor was ended from outside" in ended["MESSAGE"]
    assert menu.machine.run(SLEEP, check=False).stdout == ""
    menu.wait_for_names("Long", "Run [Ready]", "Held [Ready]")


def test_nothing_is_left_of_jobs_that_have_ended(menu: Menu, alice: Client) -> None:
    press(menu, alice, "Left", "Queue")
    menu.wait_for_fact("ended")
    menu.wait_for(
        lambda: [p.name[:6] for p in menu.machine.path("/run/fui/jobs").iterdir()] == ["spare-"],
        "only the process that waits",
    )
    assert menu.machine.path("/run/fui/jobs").stat().st_mode & 0o777 == 0o700
