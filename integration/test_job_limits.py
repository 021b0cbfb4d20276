"""tasks-max and memory-max: what a job may have of the machine, held by the kernel.

Where the host keeps the controllers in cgroup v1, they cannot be had in the throwaway machine: then the
tests that need them are skipped, and one sees that a limit that cannot be held is not left out.
"""

from collections.abc import Iterator

import pytest

from integration.menu import ETC, Menu
from integration.smb import Client

PROGRAMS = {
    # As many processes as there may be, and one more, at which the shell gives up.
    "multiply": "#!/bin/sh\nn=0\nwhile [ $n -lt 500 ]; do sleep 4 & n=$((n+1)); done\nsleep 4\n",
    "devour": "#!/usr/bin/python3\nimport os\ntaken = b'x' * (256 << 20)\nos._exit(0)\n",
}
OBJECT = """\
object: Limits
action-groups:
  - directory: {group: controls}
    allow: {groups: [wwwadmins]}
    command: {tasks-max: 64}
    actions:
      - {name: Multiply, command: /usr/local/bin/multiply}
  - allow: {groups: [wwwadmins]}
    actions:
      - {name: Devour, command: /usr/local/bin/devour, memory-max: 64M}
"""


@pytest.fixture
def limits(menu: Menu) -> Iterator[Menu]:
    """Give the menu with an object whose jobs are limited."""
    for name, text in PROGRAMS.items():
        menu.machine.write(f"/usr/local/bin/{name}", text, mode=0o755)
    file = f"{ETC}/conf.d/limits.yaml"
    menu.machine.write(file, OBJECT)
    menu.set_up()
    menu.wait_until_ready()
    menu.mark()
    yield menu
    menu.wait_until_ready()
    menu.machine.path(file).unlink()
    menu.set_up()
    menu.wait_until_ready()


def has(menu: Menu, controller: str) -> bool:
    """Tell whether FUI's unit has a controller to hand out."""
    group = menu.machine.unit_property("fui", "ControlGroup")
    return controller in menu.machine.read(f"/sys/fs/cgroup{group}/cgroup.controllers").decode()


def test_a_job_that_multiplies_is_held_up_and_nobody_else(limits: Menu, alice: Client) -> None:
    if not has(limits, "pids"):
        pytest.skip("the host has the pids controller in cgroup v1")
    alice.delete("Limits/Multiply [Ready].txt")
    limits.wait_for_names("Limits", "Multiply [Running]")
    alice.delete("Probe/Quick [Ready].txt")
    limits.wait_for_names("Probe", "Quick [Done]")
    count = limits.machine.run(["pgrep", "--count", "--exact", "sleep"], check=False).stdout
    assert 8 < int(count) <= 64
    limits.wait_for_names("Limits", "Multiply [Failed]")
    ended = {fact["FUI_ACTION"]: fact for fact in limits.story("ended")}
    assert ended["Quick"]["FUI_RESULT"] == "done"
    assert ended["Multiply"]["FUI_RESULT"] == "failed"
    assert "tasks-max" in ended["Multiply"]["FUI_REASON"]


def test_a_job_that_devours_memory_is_ended(limits: Menu, alice: Client) -> None:
    if not has(limits, "memory"):
        pytest.skip("the host has the memory controller in cgroup v1")
    alice.delete("Limits/Devour [Ready].txt")
    ended = limits.wait_for_fact("ended")
    assert ended["FUI_RESULT"] == "failed"
    assert "memory-max" in ended["FUI_REASON"]
    alice.delete("Probe/Quick [Ready].txt")
    limits.wait_for_names("Probe", "Quick [Done]")


def test_memory_that_cannot_be_limited_is_not_left_unlimited(limits: Menu, alice: Client) -> None:
    if has(limits, "memory"):
        pytest.skip("it can be limited here")
    alice.delete("Limits/Devour [Ready].txt")
    limits.wait_for_names("Limits", "Devour [Failed]")
    ended = limits.wait_for_fact("ended")
    assert ended["FUI_RESULT"] == "not-started"
    assert "its memory cannot be limited" in ended["FUI_REASON"]


def test_tasks_that_cannot_be_limited_are_told_at_start(limits: Menu, alice: Client) -> None:
    machine = limits.machine
    if has(limits, "pids"):
        pytest.skip("they can be limited here")
    machine.run(["systemctl", "restart", "fui"])
    said = [str(entry["MESSAGE"]) for entry in machine.journal("--unit=fui", "--boot")]
    assert any("cannot limit the tasks of jobs" in text for text in said)
    limits.wait_until_ready()
    alice.delete("Limits/Multiply [Ready].txt")
    limits.wait_for_names("Limits", "Multiply [Done]")
