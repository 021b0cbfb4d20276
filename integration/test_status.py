"""`fui status` says what is so, to everybody, and takes nothing that is over for the truth."""

import json
from typing import Any

from integration.menu import Menu
from integration.smb import Client

FUI = "/opt/fui/bin/fui"
FILE = "/run/fui/status.json"


def status(menu: Menu, user: str = "bob") -> dict[str, Any]:
    """What it says to a user who may read nothing else; its exit status says whether FUI runs."""
    done = menu.machine.run([FUI, "status", "--json"], user=user, check=False)
    said: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if said["running"] else 1)
    return said


def flags(menu: Menu) -> dict[str, dict[str, Any]]:
    return {f"{one['object']}/{one['action']}": one for one in status(menu)["flags"]}


def wait_for_state(menu: Menu, name: str, state: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def there() -> bool:
        found.clear()
        found.update(flags(menu).get(name, {}))
        return found.get("state") == state

    menu.wait_for(there, f"{name} to be {state} in the status")
    return found


def test_everything_is_ready(menu: Menu) -> None:
    menu.wait_for(lambda: not flags(menu), "nothing to be told")
    said = status(menu)
    assert said["pid"] == int(menu.machine.unit_property("fui", "MainPID"))
    assert said["share"] == "/srv/controls"
    assert said["actions"] == sum(map(len, menu.objects().values()))
    assert said["faults"] == []
    text = menu.machine.run([FUI, "status"], user="bob").stdout
    assert text.endswith("everything is ready\n")


def test_what_runs_and_what_is_held_up_by_it(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    runs = wait_for_state(menu, "Probe/Slow", "running")
    started = menu.wait_for_fact("started")
    assert (runs["user"], runs["job"]) == ("alice", started["FUI_JOB"])
    assert 0 <= runs["until"] - runs["since"] - 600 < 1
    held = flags(menu)["Probe/Waiting"]
    assert (held["state"], held["why"]) == ("blocked", "Probe/Slow is running for alice")
    row = next(
        line
        for line in menu.machine.run([FUI, "status"], user="bob").stdout.splitlines()
        if line.startswith("Probe/Slow ")
    )
    assert row.split()[1:3] == ["running", "alice"]
    assert runs["job"] in row
    assert "\x1b" not in row
    done = wait_for_state(menu, "Probe/Slow", "done")
    assert done["until"] > done["since"]
    menu.wait_for(lambda: not flags(menu), "everything to be ready again")


def test_what_waits_for_its_turn(menu: Menu, alice: Client) -> None:
    alice.delete("Queue/Hold [Ready].txt")
    menu.wait_for_names("Queue", "Hold [Running]")
    alice.delete("Queue/One [Ready].txt")
    waits = wait_for_state(menu, "Queue/One", "queued")
    assert (waits["user"], waits["detail"]) == ("alice", "1")
    assert waits["why"] == "place 1; Queue/Hold is running for alice"
    assert flags(menu)["Queue/Two"]["why"] == "Queue/Hold is running for alice"


def test_what_was_denied_and_how_far_something_is(menu: Menu, alice: Client, bob: Client) -> None:
    bob.delete("Probe/Quick [Ready].txt")
    denied = wait_for_state(menu, "Probe/Quick", "denied")
    assert "a press by bob ran nothing: allowed is group wwwadmins" in denied["why"]
    alice.delete("Live/Advance [Ready].txt")
    menu.wait_for(
        lambda: flags(menu).get("Live/Advance", {}).get("detail", "").endswith(" %"), "progress"
    )


def test_nothing_that_a_job_wrote_is_in_it(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Speak [Ready].txt")
    failed = wait_for_state(menu, "Probe/Speak", "failed")
    assert failed["why"] == "exit status 3"
    menu.wait_for_fact("output")
    assert "user=alice" not in menu.machine.read(FILE).decode()


def test_faults_of_the_configuration(menu: Menu) -> None:
    with menu.configured("conf.d/wrong.yaml", "object: Wrong\naction: none\n"):
        menu.wait_for(lambda: status(menu)["faults"], "the fault")
        assert "conf.d/wrong.yaml:1:1: cannot" in status(menu)["faults"][0]
        assert "\nfault: " in menu.machine.run([FUI, "status"], user="bob").stdout
    menu.wait_for(lambda: not status(menu)["faults"], "the fault to be over")


def test_what_was_pressed_while_fui_was_away_is_counted(menu: Menu, alice: Client) -> None:
    with menu.stopped():
        alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_fact("not-run")
    menu.wait_for(lambda: status(menu)["missed"] == 1, "the press that was missed")
    assert "1 presses came to nothing" in menu.machine.run([FUI, "status"]).stdout


def test_a_stopped_daemon_does_not_run_whatever_its_file_says(menu: Menu) -> None:
    left = menu.machine.read(FILE)
    with menu.stopped():
        assert not menu.machine.path(FILE).exists()
        assert status(menu)["running"] is False
        text = menu.machine.run([FUI, "status"], check=False).stdout
        assert text == (
            "FUI does not run: fui.service is stopped; run: systemctl start fui.service\n"
        )
        menu.machine.write(FILE, left)
        assert status(menu)["running"] is False
        menu.machine.path(FILE).unlink()
        menu.machine.path("/run/fui").rmdir()
    menu.wait_for(lambda: status(menu)["running"], "FUI to run again")


def test_what_a_killed_daemon_left_behind_is_not_the_truth(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    wait_for_state(menu, "Probe/Slow", "running")
    pid, left = status(menu)["pid"], menu.machine.read(FILE)
    menu.machine.kill_unit("fui")
    menu.wait_for(lambda: not menu.machine.path(f"/proc/{pid}").exists(), "its end")
    assert status(menu).get("pid") != pid
    menu.wait_for(lambda: status(menu).get("pid", pid) != pid, "the next one")
    menu.machine.write(FILE, left)  # as if systemd had not taken it away
    assert status(menu)["running"] is False
    menu.machine.run(["systemctl", "restart", "fui"])
    menu.wait_for(lambda: status(menu)["running"], "FUI to run again")
    assert "Probe/Slow" not in flags(menu)
