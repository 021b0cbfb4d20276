"""What a job writes is in its flag while it runs; all of it is in the journal; nothing of it harms."""

import re

import pytest

from integration.inside import Entry
from integration.menu import Menu
from integration.smb import Client

SHOWN = 64 * 1024
KEPT = 1024 * 1024
MOST = 100 * 1024 * 1024
"""Bytes by which FUI may grow for a flood of two gibibytes; most of it for a moment, at the end."""


def press(menu: Menu, client: Client, name: str) -> str:
    """Press a flag of Live that is ready; give the job."""
    client.delete(f"Live/{name} [Ready].txt")
    return menu.wait_for_fact("started")["FUI_JOB"]


def output(menu: Menu, job: str) -> str:
    """Give what the journal has of a job's output."""
    menu.wait_for_fact("ended")
    menu.wait_for_fact("output")
    facts = [fact for fact in menu.story("output") if fact["FUI_JOB"] == job]
    return "".join(_body(fact.entry) for fact in facts)


def _body(entry: Entry) -> str:
    return str(entry["MESSAGE"]).partition("\n")[2]


def lines_in(text: str) -> list[str]:
    return re.findall(r"^line \d+$", text, re.MULTILINE)


def test_the_output_grows_while_it_runs(menu: Menu, alice: Client) -> None:
    press(menu, alice, "Grow")
    menu.wait_for_names("Live", "Grow [Running]")
    seen: list[int] = []

    def grown() -> bool:
        text = menu.text("Live", "Grow [Running]") if running() else ""
        if (number := len(lines_in(text))) and number not in seen:
            seen.append(number)
            assert re.search(r"Running for +\d+ s, at", text)
        return not running()

    def running() -> bool:
        return "Grow [Running]" in menu.names("Live")

    menu.wait_for(grown, "the end")
    assert seen == sorted(seen)
    assert len(seen) >= 2
    menu.wait_for_names("Live", "Grow [Done]")
    assert len(lines_in(alice.read("Live/Grow [Done].txt").decode())) == 12


def test_a_client_reads_it_while_it_runs(menu: Menu, alice: Client) -> None:
    press(menu, alice, "Grow")
    menu.wait_for_names("Live", "Grow [Running]")
    menu.wait_for(
        lambda: lines_in(alice.read("Live/Grow [Running].txt").decode()), "the first lines"
    )
    menu.wait_for_names("Live", "Grow [Done]")


def test_progress_is_shown_in_the_name_and_is_no_output(menu: Menu, alice: Client) -> None:
    job = press(menu, alice, "Advance")
    menu.wait_for_names("Live", "Advance [Running 40 %]")
    menu.wait_for(
        lambda: "40 % halfway there" in _read(menu, "Advance [Running 40 %]"), "the words"
    )
    menu.wait_for_names("Live", "Advance [Running 90 %]")
    menu.wait_for_names("Live", "Advance [Done]")
    assert output(menu, job) == "begun\n::progress 101 is no progress\n"
    text = alice.read("Live/Advance [Done].txt").decode()
    assert text.endswith("------\nbegun\n::progress 101 is no progress\n")


def _read(menu: Menu, flag: str) -> str:
    return menu.text("Live", flag) if flag in menu.names("Live") else ""


def test_the_end_is_in_the_flag_and_a_mebibyte_in_the_journal(menu: Menu, alice: Client) -> None:
    job = press(menu, alice, "Lines")
    menu.wait_for_names("Live", "Lines [Done]")
    text = alice.read("Live/Lines [Done].txt").decode()
    shown = re.findall(r"^\d{15}$", text, re.MULTILINE)
    assert len(shown) == SHOWN // 16 - 1 or len(shown) == SHOWN // 16
    assert shown[-1] == f"{98304:015}"
    kept = output(menu, job).split()
    assert kept[-1] == f"{98304:015}"
    assert KEPT // 16 - 1 <= len(kept) <= KEPT // 16
    assert [int(line) for line in kept] == list(range(98305 - len(kept), 98305))
    assert (
        f"{98304 * 16 - KEPT} bytes before this were over the limit"
        in menu.story("output")[0]["MESSAGE"]
    )


def test_wild_output_is_shown_harmlessly(menu: Menu, alice: Client) -> None:
    job = press(menu, alice, "Wild")
    menu.wait_for_names("Live", "Wild [Done]")
    text = alice.read("Live/Wild [Done].txt").decode()
    for harmful in ("\x1b", "\x00", "\x07", "\u202e"):
        assert harmful not in text
        assert harmful not in output(menu, job)
    assert "begin\\x1b]0;owned\\x07 \\x1b[2J nul\\x00 bytes" in text
    assert text.endswith(" around, and no newline\n")
    assert output(menu, job).rstrip("\n").endswith(" around, and no newline")
    plain = menu.machine.run(["journalctl", "--unit=fui", f"FUI_JOB={job}"]).stdout
    assert "\x1b" not in plain
    assert "and no newline" in plain


def memory(menu: Menu) -> int:
    """Measure how much memory FUI itself has, in bytes."""
    pid = menu.machine.unit_property("fui", "MainPID")
    status = menu.machine.read(f"/proc/{pid}/status").decode()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def test_a_flood_is_bounded_and_holds_up_nobody(menu: Menu, alice: Client) -> None:
    before = memory(menu)
    most = [before]

    def over() -> bool:
        most.append(memory(menu))
        return "Flood [Done]" in menu.names("Live")

    press(menu, alice, "Flood")
    menu.wait_for_names("Live", "Flood [Running]")
    alice.delete("Probe/Quick [Ready].txt")
    menu.wait_for_names("Probe", "Quick [Done]")
    assert "Flood [Running]" in " ".join(menu.names("Live"))
    menu.machine.wait_for(over, timeout=60, what="the end of the flood")
    assert max(most) - before < MOST
    assert len(alice.read("Live/Flood [Done].txt")) < 2 * SHOWN


@pytest.mark.parametrize("way", ["stopped", "killed"])
def test_the_history_outlives_a_restart(menu: Menu, alice: Client, way: str) -> None:
    for number in range(1, 13):
        flag = next(name for name in menu.names("Twin") if name.startswith("Quick"))
        alice.delete(f"Twin/{flag}.txt")
        menu.wait_for_facts("ended", number)
        menu.wait_for_names("Twin", "Quick [Done]")
    if way == "stopped":
        with menu.stopped():
            pass
    else:
        menu.machine.kill_unit("fui", "KILL")
    menu.wait_for_names("Twin", "Quick [Ready]")
    text = alice.read("Twin/Quick [Ready].txt").decode()
    history = text.partition("History\n")[2].strip().splitlines()
    assert len(history) == 10
    for line in history:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+  alice  done, \d+\.\d s", line)
