"""A job that does its worst: it multiplies, it writes without end; FUI and the others' menu hold."""

import time
from collections.abc import Iterator

import pytest

from integration.adversary import replaced
from integration.machine import Machine
from integration.menu import Menu
from integration.smb import Library

BOMB = """\
#!/bin/sh
# Doubles DEPTH times, half of all in a session of their own; then each makes children without end.
trap '' TERM HUP INT
depth=${1:-5}
if [ "$depth" -gt 0 ]; then
    "$0" $((depth - 1)) &
    setsid "$0" $((depth - 1)) &
fi
while :; do sleep 0.05 & wait; done
"""
DEAF = "/usr/local/bin/stubborn"
RESIDENT_KIB = 200 * 1024


@pytest.fixture
def alice(machine: Machine) -> Iterator[Library]:
    """Give alice's session."""
    with Library(machine.smb_port, "alice") as client:
        client.list()
        yield client


def processes(menu: Menu) -> list[str]:
    """Name all processes of that program."""
    return menu.machine.run(["pgrep", "-f", DEAF], check=False).stdout.split()


def groups(menu: Menu) -> list[str]:
    """Name the control groups of jobs."""
    found = menu.machine.run(["find", "/sys/fs/cgroup", "-name", "job-*", "-type", "d"])
    return found.stdout.split()


def main(menu: Menu) -> str:
    return menu.machine.unit_property("fui", "MainPID")


def test_a_fork_bomb_is_killed_with_all_that_came_of_it(menu: Menu, alice: Library) -> None:
    before = main(menu)
    with replaced(menu, "stubborn", BOMB):
        alice.delete("Probe/Stubborn [Ready].txt")
        menu.wait_for(lambda: len(processes(menu)) > 20, "the bomb")
        ended = menu.wait_for_fact("ended")
    assert ended["FUI_RESULT"] == "timed-out"
    assert processes(menu) == []
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_facts("ended", 2)
    menu.wait_until_ready()
    assert main(menu) == before
    assert len(groups(menu)) == 1


def test_a_fork_bomb_that_is_cancelled(menu: Menu, alice: Library) -> None:
    with replaced(menu, "stubborn", BOMB):
        alice.delete("Twin/Deaf [Ready].txt")
        menu.wait_for(lambda: len(processes(menu)) > 20, "the bomb")
        menu.wait_for_names("Twin", "Deaf [Running]")
        alice.delete("Twin/Deaf [Running].txt")
        assert menu.wait_for_fact("ended")["FUI_RESULT"] == "cancelled"
    assert processes(menu) == []
    menu.wait_until_ready()


def test_a_job_that_names_itself_a_group(menu: Menu, alice: Library) -> None:
    """As root it can make control groups below its own; what is in them goes with it."""
    script = (
        "#!/bin/sh\n"
        "here=/sys/fs/cgroup$(cut -d: -f3- /proc/self/cgroup | tail -n 1)\n"
        'mkdir -p "$here/deeper/deepest"\n'
        'setsid sh -c "echo 0 > $here/deeper/deepest/cgroup.procs; exec sleep 60" &\n'
        "while :; do sleep 1; done\n"
    )
    with replaced(menu, "stubborn", script):
        alice.delete("Probe/Stubborn [Ready].txt")
        menu.wait_for_fact("ended")
    assert menu.machine.run(["pgrep", "-f", "^sleep 60"], check=False).stdout == ""
    menu.wait_until_ready()


@pytest.mark.soak
def test_output_of_ten_gibibytes(menu: Menu, alice: Library) -> None:
    """It is read to its end, of which the last is kept; FUI stays small, and others press meanwhile."""
    before = main(menu)
    with replaced(menu, "grow", "#!/bin/sh\nhead -c 10G /dev/zero\necho the end\n"):
        alice.delete("Live/Grow [Ready].txt")
        menu.wait_for_names("Live", "Grow [Running]")
        for number in range(1, 4):
            menu.wait_for_names("Probe", "Quick [Ready]", timeout=60)
            alice.delete("Probe/Quick [Ready].txt")
            menu.wait_for_facts("pressed", number + 1)
        menu.wait_for(lambda: ended(menu, "Quick") == 3, "the presses")
        deadline = time.monotonic() + 300
        while not ended(menu, "Grow"):
            assert time.monotonic() < deadline
            time.sleep(1)
    assert main(menu) == before
    menu.wait_for(lambda: any(name.startswith("Grow [") for name in menu.names("Live")), "its flag")
    (flag,) = [name for name in menu.names("Live") if name.startswith("Grow [")]
    assert "the end" in menu.text("Live", flag)
    status = menu.machine.read(f"/proc/{before}/status").decode()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    assert int(peak.split()[1]) < RESIDENT_KIB


def ended(menu: Menu, action: str) -> int:
    return len([fact for fact in menu.story("ended") if fact["FUI_ACTION"] == action])
