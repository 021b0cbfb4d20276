"""A job is ended whole, and what cannot be started says what is missing."""

from integration.menu import SHARE, Menu
from integration.smb import Client


def test_what_ignores_term_and_leaves_its_session_is_gone(menu: Menu, alice: Client) -> None:
    menu.machine.path("/run/stubborn").unlink(missing_ok=True)
    alice.delete("Probe/Stubborn [Ready].txt")
    menu.wait_for(menu.machine.path("/run/stubborn").exists, "the child that left its session")
    child = menu.machine.read("/run/stubborn").decode().strip()
    assert menu.machine.run(["kill", "-0", child], check=False).returncode == 0
    menu.wait_for_names("Probe", "Stubborn [Failed]")
    assert menu.machine.run(["kill", "-0", child], check=False).returncode != 0
    assert menu.machine.run(["pgrep", "-f", "stubborn"], check=False).stdout == ""
    assert menu.wait_for_fact("ended")["FUI_RESULT"] == "timed-out"
    assert "it was still running after 1 s" in menu.text("Probe", "Stubborn [Failed]")
    groups = menu.machine.run(["find", "/sys/fs/cgroup", "-name", "job-*"]).stdout.split()
    assert len(groups) == 1  # that of the process that waits for the next order


def test_a_missing_rule_is_named(menu: Menu, alice: Client) -> None:
    rules = menu.machine.read("/etc/sudoers.d/fui").decode()
    line = next(line for line in rules.splitlines() if line.endswith('/bin/true ""'))
    menu.machine.write("/etc/sudoers.d/fui", rules.replace(line, "# away"), mode=0o440)
    try:
        alice.delete("Probe/Quick [Ready].txt")
        menu.wait_for_names("Probe", "Quick [Failed]")
        assert line in menu.text("Probe", "Quick [Failed]")
        assert line in menu.wait_for_fact("ended")["MESSAGE"]
    finally:
        menu.machine.write("/etc/sudoers.d/fui", rules, mode=0o440)


def test_the_rules_are_exactly_what_is_needed(menu: Menu) -> None:
    listed = menu.machine.run(["sudo", "-l", "-U", "fui"]).stdout
    assert listed.count("NOPASSWD") == len(
        [
            line
            for line in menu.machine.read("/etc/sudoers.d/fui").decode().splitlines()
            if "NOPASSWD" in line
        ]
    )
    refused = ["sudo", "-n", "-u", "root", "-g", "root", "--", "/bin/true", "more"]
    assert menu.machine.run(refused, user="fui", check=False).returncode != 0
    granted = ["sudo", "-n", "-u", "root", "-g", "root", "--", "/bin/true"]
    assert menu.machine.run(granted, user="fui", check=False).returncode == 0


def test_a_folder_that_is_removed_comes_back_and_ran_nothing(menu: Menu) -> None:
    before = menu.names("Probe")
    menu.machine.run(["rm", "-r", f"{SHARE}/Probe"])
    menu.wait_for(lambda: menu.folder("Probe").exists(), "the folder")
    menu.wait_for(lambda: len(menu.names("Probe")) == len(before), "its flags")
    assert menu.story("started") == []
    menu.wait_until_ready()
    assert menu.names("Probe") == before


def test_the_press_works_after_the_folder_was_replaced(menu: Menu, alice: Client) -> None:
    menu.machine.run(["mv", f"{SHARE}/Probe", f"{SHARE}/Old"])
    wanted = menu.names("Old")
    menu.wait_for(lambda: menu.names("Probe") == wanted, "the folder and its flags")
    menu.machine.run(["rm", "-r", f"{SHARE}/Old"])
    menu.wait_until_ready()
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_fact("ended")
