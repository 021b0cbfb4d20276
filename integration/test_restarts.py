"""FUI ends, or is killed; journald is restarted and its files are rotated: nothing is lost."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from integration.menu import Menu
from integration.smb import Client

CURSOR = "/var/lib/fui/cursor.json"


def test_stopped_during_a_job(menu: Menu, alice: Client) -> None:
    alice.delete("Probe/Slow [Ready].txt")
    menu.wait_for_names("Probe", "Slow [Running]")
    with menu.stopped():
        assert {"Slow [Ready]", "Waiting [Ready]"} <= set(menu.names("Probe"))
        assert "interrupted" in menu.text("Probe", "Slow [Ready]")
    assert menu.machine.run(["systemctl", "is-failed", "fui"], check=False).stdout != "failed\n"
    assert [fact["FUI_RESULT"] for fact in menu.story("ended")] == ["interrupted"]
    assert len(menu.story("started")) == 1


def test_pressed_while_fui_was_down(menu: Menu, alice: Client, bob: Client) -> None:
    with menu.stopped():
        alice.delete("Probe/Quick [Ready].txt")
        bob.delete("Probe/Fail [Ready].txt")
    menu.wait_for(lambda: len(menu.story("not-run")) == 2, "both presses to be told")
    told = {(f["FUI_USER"], f["FUI_ACTION"]) for f in menu.story("not-run")}
    assert told == {("alice", "Quick"), ("bob", "Fail")}  # as the name service answered
    menu.wait_for_names("Probe", "Quick [Ready]", "Fail [Ready]")
    assert menu.story("started") == []
    with menu.stopped():
        pass
    assert len(menu.story("not-run")) == 2


def press_runs(menu: Menu, alice: Client, number: int) -> None:
    menu.wait_for_names("Probe", "Quick [Ready]")
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for(lambda: len(menu.story("ended")) == number, f"run {number}")


def test_journald_is_restarted_and_rotated_between_presses(menu: Menu, alice: Client) -> None:
    press_runs(menu, alice, 1)
    menu.machine.run(["journalctl", "--rotate"])
    press_runs(menu, alice, 2)
    menu.machine.run(["systemctl", "restart", "systemd-journald"])
    press_runs(menu, alice, 3)
    menu.machine.run(["systemctl", "restart", "systemd-journald"])
    menu.machine.run(["journalctl", "--rotate"])
    press_runs(menu, alice, 4)
    assert menu.story("unattributed") == []


def test_the_journal_is_vacuumed_away(menu: Menu, alice: Client) -> None:
    press_runs(menu, alice, 1)
    menu.wait_for_names("Probe", "Quick [Ready]")
    menu.machine.run(["journalctl", "--rotate"])
    menu.machine.run(["journalctl", "--vacuum-files=1"])
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_names("Probe", "Quick [Done]")


def test_the_first_press_after_a_start_is_not_lost(menu: Menu, alice: Client) -> None:
    for number in range(1, 4):
        with menu.stopped():
            pass
        press_runs(menu, alice, number)
    assert menu.story("unattributed") == []


def test_a_press_that_a_crash_left_undecided_is_told(menu: Menu, alice: Client) -> None:
    """FUI is held up, so that the press is still settling when it is killed."""
    menu.machine.run(["rm", "--force", "/var/lib/fui/cursor.json"])
    with menu.stopped():
        pass
    menu.wait_until_ready()
    menu.machine.kill_unit("fui", "STOP")
    alice.delete("Probe/Quick [Ready].txt")
    menu.machine.kill_unit("fui", "KILL")
    assert menu.wait_for_fact("not-run")["FUI_USER"] == "alice"
    menu.wait_for_names("Probe", "Quick [Ready]")
    assert [fact.kind for fact in menu.story()] == ["not-run"]


@contextmanager
def going_back(menu: Menu) -> Iterator[None]:
    """Have FUI stopped afterwards, and begin where it was: on a busy share that is what a crash leaves."""
    cursor = menu.machine.read(CURSOR)
    yield
    with menu.stopped():
        menu.machine.write(CURSOR, cursor)


def test_what_was_told_is_not_told_once_more(menu: Menu, alice: Client, bob: Client) -> None:
    with going_back(menu):
        bob.delete("Probe/Quick [Ready].txt")
        menu.wait_for_fact("denied")
        alice.delete("Probe/Careful [Ready].txt")
        menu.wait_for_fact("asked")
        press_runs(menu, alice, 1)
        with menu.stopped():
            alice.delete("Probe/Slow [Ready].txt")
        menu.wait_for_fact("not-run")
    menu.wait_until_ready()
    press_runs(menu, alice, 2)
    kinds = Counter(fact.kind for fact in menu.story())
    assert kinds == {"pressed": 4, "denied": 1, "asked": 1, "started": 2, "ended": 2, "not-run": 1}
