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


def wait_for(menu: Menu, **states: str) -> list[dict[str, Any]]:
    """Wait until one look finds some actions in their states; return what it said of them.

    Args:
        menu: The menu.
        states: By the names of actions.
    """
    found: list[dict[str, Any]] = []

    def there() -> bool:
        seen = {one["action"]: one for one in status(menu)["flags"]}
        found[:] = [seen.get(name, {}) for name in states]
        return [one.get("state") for one in found] == list(states.values())

    menu.wait_for(there, f"{states} in the status")
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
    alice.delete("Long/Run [Ready].txt")
    runs, held = wait_for(menu, Run="running", Held="blocked")
    job = menu.wait_for_fact("started")["FUI_JOB"]
    assert (runs["user"], runs["job"]) == ("alice", job)
    assert 599 < runs["until"] - runs["since"] < 601
    assert (held["why"], held["since"]) == ("Long/Run is running for alice", runs["since"])
    text = menu.machine.run([FUI, "status"], user="bob").stdout
    row = next(line for line in text.splitlines() if line.startswith("Long/Run "))
    assert row.split()[1:3] == ["running", "alice"]
    assert job in row
    assert "\x1b" not in text
    alice.delete("Long/Run [Running].txt")
    menu.wait_for(lambda: not flags(menu), "everything to be ready again")


def test_what_waits_for_its_turn(menu: Menu, alice: Client) -> None:
    alice.delete("Long/Front [Ready].txt")
    menu.wait_for_names("Long", "Front [Running]")
    alice.delete("Long/Next [Ready].txt")
    _, waits, could = wait_for(menu, Front="running", Next="queued", Last="ready")
    assert (waits["user"], waits["detail"]) == ("alice", "1")
    assert waits["why"] == "place 1; Long/Front is running for alice"
    assert could["why"] == "Long/Front is running for alice"
    alice.delete("Long/Front [Running].txt")


def test_what_was_denied_and_how_far_something_is(menu: Menu, alice: Client, bob: Client) -> None:
    bob.delete("Probe/Quick [Ready].txt")
    (denied,) = wait_for(menu, Quick="denied")
    assert "a press by bob ran nothing: allowed is group wwwadmins" in denied["why"]
    alice.delete("Live/Advance [Ready].txt")
    menu.wait_for(
        lambda: flags(menu).get("Live/Advance", {}).get("detail", "").endswith(" %"), "progress"
    )


def test_nothing_that_a_job_wrote_is_in_it(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Speak [Ready].txt")
    (failed,) = wait_for(menu, Speak="failed")
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
    alice.delete("Long/Run [Ready].txt")
    wait_for(menu, Run="running")
    pid, left = status(menu)["pid"], menu.machine.read(FILE)
    menu.machine.kill_unit("fui")
    menu.wait_for(lambda: not menu.machine.path(f"/proc/{pid}").exists(), "its end")
    assert status(menu).get("pid") != pid
    menu.wait_for(lambda: status(menu).get("pid", pid) != pid, "the next one")
    menu.machine.write(FILE, left)  # as if systemd had not taken it away
    assert status(menu)["running"] is False
    menu.machine.run(["systemctl", "restart", "fui"])
    menu.wait_for(lambda: status(menu)["running"], "FUI to run again")
    wait_for(menu, Run="running")
    alice.delete("Long/Run [Running].txt")
    menu.wait_for_names("Long", "Run [Cancelled]")
