"""The doctor as a whole: all is well at first, nothing makes it break off, and a press that is real."""

import json
import subprocess
import time
from collections.abc import Iterator

import pytest

from integration.doctor import as_before, ask, away, back, row_of
from integration.inside import PASSWORD
from integration.install import FUI
from integration.machine import Machine
from integration.menu import SHARE, Menu
from integration.remedy import follow

UNAVOIDABLE = {"clock", "job limits"}
"""The machine has its host's clock, and nothing that keeps it right."""

OWN = ("/etc/fui/conf.d/zz-fui-doctor.yaml", "/etc/sudoers.d/fui-doctor", f"{SHARE}/FUI doctor")
PRESS = ("--press", "--user", "alice", "--password-file", "/root/password")


@pytest.fixture
def well(menu: Menu) -> Iterator[Machine]:
    """A machine in which nothing is wrong; afterwards it is as before."""
    with as_before(menu) as machine:
        machine.write("/root/password", f"{PASSWORD}\n", mode=0o600)
        yield machine


def own(machine: Machine) -> list[str]:
    """Name what the doctor has made for a press and is still there."""
    return [path for path in OWN if machine.path(path).exists()]


def test_all_is_well_at_first(well: Machine) -> None:
    status, told = ask(well)
    bad = {row["name"]: row for row in told["rows"] if row["verdict"] != "ok"}
    assert set(bad) <= UNAVOIDABLE, bad
    assert status == 0
    assert told["verdict"] == ("warning" if bad else "ok")
    assert ask(well, "--strict")[0] == (1 if bad else 0)


def test_the_table_has_a_line_for_each_row_and_no_colours_in_a_pipe(well: Machine) -> None:
    names = [row["name"] for row in ask(well)[1]["rows"]]
    done = well.run([FUI, "doctor"])
    for name in names:
        assert f" {name} " in done.stdout
    assert "\x1b" not in done.stdout


def test_an_ordinary_user_gets_a_table_too(well: Machine) -> None:
    _, told = ask(well, user="bob")
    rows = {row["name"]: row for row in told["rows"]}
    assert rows["share: identity"]["verdict"] == "ok"
    assert rows["sudo: rules"]["verdict"] == "warning"
    assert "root" in rows["sudo: rules"]["remedy"]
    wrong = [row for row in told["rows"] if row["verdict"] == "wrong"]
    assert wrong == []


def test_a_program_that_hangs_costs_its_time_once(well: Machine) -> None:
    path = "/usr/bin/testparm"
    well.run(["sh", "-c", away(path)])
    try:
        well.write(path, "#!/bin/sh\nexec sleep 1000\n", mode=0o755)
        begin = time.monotonic()
        status, told = ask(well)
        assert time.monotonic() - begin < 20
    finally:
        well.run(["sh", "-c", back(path)])
    rows = {row["name"]: row for row in told["rows"]}
    assert status == 1
    assert rows["share: prefix"]["verdict"] == "wrong"
    assert rows["share: prefix"]["found"] == f"no answer from {path} within 10 s"
    assert rows["sudo"]["verdict"] == "ok"


@pytest.mark.parametrize(
    ("options", "fill", "says"),
    [
        ("size=1m", "head --bytes=1M /dev/zero > /srv/small/big", "space"),
        (
            "nr_inodes=5",
            "touch /srv/small/1 /srv/small/2 /srv/small/3 /srv/small/4",
            "inodes",
        ),
    ],
)
def test_a_share_that_is_full(well: Machine, options: str, fill: str, says: str) -> None:
    """The tests' own share is too big to be filled, so a small one is looked at."""
    well.run(["mkdir", "--parents", "/srv/small", "/tmp/small/conf.d"])
    well.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", "/srv/small"])
    try:
        well.write("/tmp/small/fui.yaml", "share: /srv/small\n")
        well.run(["cp", "/etc/fui/conf.d/twin.yaml", "/tmp/small/conf.d"])
        argv = [FUI, "--config", "/tmp/small", "doctor", "--row", "space"]
        assert well.run(argv).stdout.count("ok") == 1
        well.run(["sh", "-c", fill], check=False)
        done = well.run(argv, check=False)
        assert done.returncode == 1
        assert f"of the {says} is free at /srv/small" in " ".join(done.stdout.split())
        assert "df -h /srv/small" in " ".join(done.stdout.split())
        well.run(["sh", "-c", "rm /srv/small/*"])
        well.run(argv)
    finally:
        well.run(["umount", "/srv/small"])


def test_a_share_that_cannot_have_nt_acls(well: Machine) -> None:
    well.run(["mkdir", "--parents", "/srv/small", "/tmp/small/conf.d"])
    well.run(["mount", "-t", "ramfs", "ramfs", "/srv/small"])
    try:
        well.write("/tmp/small/fui.yaml", "share: /srv/small\nenforce-in-samba: true\n")
        well.run(["cp", "/etc/fui/conf.d/twin.yaml", "/tmp/small/conf.d"])
        argv = [FUI, "--config", "/tmp/small", "doctor", "--json", "--row", "attributes"]
        done = well.run(argv, check=False)
        (row,) = json.loads(done.stdout)["rows"]
        assert (done.returncode, row["verdict"]) == (1, "wrong")
        assert "cannot have user attributes" in row["found"]
        follow(well, row["remedy"])
        assert json.loads(well.run(argv).stdout)["verdict"] == "ok"
    finally:
        well.run(["umount", "/srv/small"])


def test_a_press_is_real_and_leaves_nothing(well: Machine, menu: Menu) -> None:
    menu.mark()
    status, told = ask(well, *PRESS)
    row = told["rows"][-1]
    assert (row["name"], row["verdict"]) == ("press", "ok"), row
    assert row["found"].startswith("alice pressed")
    assert status == 0
    names = [stage["name"] for stage in told["stages"]]
    assert len(names) == 7
    assert names[1] == "smbd has deleted the flag"
    assert all(0 <= stage["seconds"] < 10 for stage in told["stages"]), told["stages"]
    assert sum(stage["seconds"] for stage in told["stages"][:-1]) < 10
    facts = menu.story("pressed", "started", "ended")
    assert [(fact.kind, fact["FUI_OBJECT"]) for fact in facts] == [
        ("pressed", "FUI doctor"),
        ("started", "FUI doctor"),
        ("ended", "FUI doctor"),
    ]
    assert facts[1]["FUI_COMMAND"] == "/bin/true"
    well.wait_for(lambda: own(well) == [], what=f"nothing to be left: {own(well)}")
    menu.wait_until_ready()


def test_a_press_that_smbd_refuses_says_so_and_leaves_nothing(well: Machine) -> None:
    well.write("/root/password", "wrong\n", mode=0o600)
    status, told = ask(well, *PRESS)
    row = told["rows"][-1]
    assert status == 1
    assert "NT_STATUS_LOGON_FAILURE" in row["found"]
    assert "smbpasswd -a alice" in row["remedy"]
    well.wait_for(lambda: own(well) == [], what="nothing to be left")


def test_a_press_that_is_not_audited_says_so(well: Machine) -> None:
    authentication = f"username = alice\npassword = {PASSWORD}\n"
    well.write("/root/authentication", authentication, mode=0o600)
    well.run(["sh", "-c", "sed --in-place 's/unlinkat//' /etc/samba/smb.conf.d/fui.conf"])
    well.run(["smbcontrol", "all", "reload-config"])
    status, told = ask(well, "--press", "--user", "alice", "-A", "/root/authentication")
    assert status == 1
    assert told["rows"][-1]["verdict"] == "wrong"
    assert "no audit record" in told["rows"][-1]["found"]
    assert row_of(well, "share: operations")["verdict"] == "wrong"


@pytest.mark.parametrize("signal", ["INT", "TERM", "HUP"])
def test_a_press_that_is_broken_off_leaves_nothing(well: Machine, signal: str) -> None:
    doctor = begun(well)
    well.run(["pkill", f"-{signal}", "--full", "bin/fui doctor --press"])
    assert doctor.wait(timeout=20) != 0
    assert well.path(OWN[0]).exists() is False
    assert well.path(OWN[1]).exists() is False
    well.wait_for(lambda: own(well) == [], what="the folder to go")


def test_what_a_killed_press_left_is_taken_away_and_told(well: Machine) -> None:
    doctor = begun(well)
    well.run(["pkill", "-KILL", "--full", "bin/fui doctor --press"])
    doctor.wait(timeout=20)
    assert set(OWN[:2]) <= set(own(well))
    bob = ask(well, "--row", "doctor", user="bob")[1]["rows"][0]
    assert bob["verdict"] == "warning"
    row = row_of(well, "doctor")
    assert row["verdict"] == "ok"
    assert "had left" in row["found"]
    assert OWN[0] in row["found"]
    well.wait_for(lambda: own(well) == [], what="nothing to be left")
    assert row_of(well, "doctor")["found"] == "nothing is left of an earlier press"


def test_only_root_may_try_a_press(well: Machine) -> None:
    well.write("/tmp/password", "x\n")
    argv = [FUI, "doctor", "--press", "--user", "alice", "--password-file", "/tmp/password"]
    done = well.run(argv, user="bob", check=False)
    assert done.returncode == 1
    assert "only root" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_press_without_a_password_or_a_user_is_usage(well: Machine) -> None:
    for argv in (["--press"], ["--press", "--user", "alice"]):
        done = well.run([FUI, "doctor", *argv], check=False)
        assert done.returncode == 2


def begun(machine: Machine) -> subprocess.Popen[str]:
    """Begin a press that waits: smbclient hangs, and the object is there."""
    path = "/usr/bin/smbclient"
    machine.run(["sh", "-c", away(path)])
    machine.write(path, "#!/bin/sh\nexec sleep 9\n", mode=0o755)
    try:
        doctor = machine.spawn([FUI, "doctor", *PRESS], stdout=subprocess.DEVNULL)
        machine.wait_for(lambda: set(OWN) <= set(own(machine)), timeout=20, what="the object")
    finally:
        machine.run(["sh", "-c", back(path)])
    return doctor
